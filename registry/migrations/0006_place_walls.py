"""Notices, hand-overs and temporary files between townships; addresses; who answers for people without an ID number."""

from django.db import migrations

from accounts.walls import COUNTIES, OFFICES, TOWNS, ChildPlace, Protect, ProtectHistory

ME = "(SELECT nullif(current_setting('app.user', true), ''))::bigint"

# A notice is seen by its receiver and by who sent it; a sender may only sign with the own name and only tell of a
# person in the own reach; nothing but "read" is ever changed.
OWN_AGENCY = f"(SELECT agency_id FROM accounts_user WHERE id = {ME})"  # noqa: S608
RECEIVED = (
    f"to_township_id = ANY ({TOWNS}) OR to_county_id = ANY ({COUNTIES}) OR to_agency_id = ANY ({OFFICES}) "
    f"OR to_agency_id = {OWN_AGENCY}"
)
NOTICES = f"""
ALTER TABLE registry_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY received ON registry_notice FOR SELECT TO app USING ({RECEIVED} OR told_by_id = {ME});
CREATE POLICY told ON registry_notice FOR INSERT TO app WITH CHECK (
  told_by_id IS NOT DISTINCT FROM {ME}
  AND (patient_id IS NULL OR EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = patient_id)));
CREATE POLICY read ON registry_notice FOR UPDATE TO app USING ({RECEIVED}) WITH CHECK ({RECEIVED});
CREATE POLICY whole ON registry_notice FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON registry_notice FROM app;
GRANT UPDATE (read_at, read_by_id) ON registry_notice TO app;
"""  # noqa: S608

# A row between two townships is seen and answered by both, and by their counties; only the side that has the patient
# may begin one, in its own name; what was told and who it is about is never changed.
BETWEEN = (
    f"from_township_id = ANY ({TOWNS}) OR to_township_id = ANY ({TOWNS}) "
    f"OR from_county_id = ANY ({COUNTIES}) OR to_county_id = ANY ({COUNTIES})"
)


def between(table: str, who: str, written: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON {table} FOR SELECT TO app USING ({BETWEEN});
CREATE POLICY begin ON {table} FOR INSERT TO app WITH CHECK (
  (from_township_id = ANY ({TOWNS}) OR from_county_id = ANY ({COUNTIES})) AND {who} IS NOT DISTINCT FROM {ME}
  AND EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = patient_id AND p.duty_township = from_township_id));
CREATE POLICY answer ON {table} FOR UPDATE TO app USING ({BETWEEN}) WITH CHECK ({BETWEEN});
CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON {table} FROM app;
GRANT UPDATE ({written}) ON {table} TO app;
"""  # noqa: S608


TRANSFERS = between(
    "registry_transfer",
    "proposed_by_id",
    "state, said, refusals, seen_at, seen_by_id, answer_due_on, answered_at, answered_by_id, accepted_on, "
    "visit_due_on, done_on",
)
TEMPORARY = between("registry_temporaryfile", "opened_by_id", "state, taken_at, taken_by_id, ended_on")

# Every person of the register has a township on every day: one period holds from the file's first day on (periods have
# a start only, and one start a day, so that later gaps and overlaps cannot exist). Asked at the end of a transaction.
ONE_TOWNSHIP = """
CREATE FUNCTION has_township() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one bigint;
BEGIN
  IF TG_TABLE_NAME = 'registry_patient' THEN one := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN one := OLD.patient_id;
  ELSE one := NEW.patient_id; END IF;
  IF EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = one AND NOT EXISTS (
      SELECT 1 FROM registry_dutyperiod d WHERE d.patient_id = p.id AND d.starts_on <= p.opened_on)) THEN
    RAISE EXCEPTION 'a patient without a township' USING ERRCODE = '23514', CONSTRAINT = 'patient_has_township';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_township AFTER INSERT OR UPDATE OF opened_on ON registry_patient
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION has_township();
CREATE CONSTRAINT TRIGGER has_township AFTER UPDATE OF starts_on OR DELETE ON registry_dutyperiod
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION has_township();
"""

# A step is written in the own name and stays; the nightly check's number is no person's.
STEPS = f"""
REVOKE UPDATE, DELETE ON registry_identitystep FROM app;
CREATE FUNCTION identity_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.by_id := coalesce({ME}, NEW.by_id);
  RETURN NEW;
END $$;
CREATE TRIGGER identity_by BEFORE INSERT ON registry_identitystep FOR EACH ROW EXECUTE FUNCTION identity_by();
REVOKE DELETE ON registry_dutycheck FROM app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_people_walls"),
    ]
    operations = [
        migrations.RunSQL(NOTICES, migrations.RunSQL.noop),
        migrations.RunSQL(TRANSFERS, migrations.RunSQL.noop),
        migrations.RunSQL(TEMPORARY, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_TOWNSHIP, migrations.RunSQL.noop),
        Protect("registry_address"),
        ChildPlace("registry_address"),
        ProtectHistory("registry_addresshistoryevent"),
        Protect("registry_identitystep"),
        ChildPlace("registry_identitystep"),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
    ]
