"""The walls of incidents, emergency records, plans and care teams.

An incident may hang on a clue: the person has no file yet, so the records lie where the clue lies.
With the registration they go over to the patient; when an excluded clue forgets the person, so do they. Both are the
database's own acts: a check is written once, and no row changes its township by an UPDATE of the application.
"""

from django.db import migrations

from accounts.walls import ChildPlace, KeepPlace, Protect, ProtectHistory

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
TABLES = ("followup_plan", "followup_planversion", "followup_caseteam")
OF_CLUES = ("followup_incident", "followup_emergency", "followup_emergencycheck")
TRACKED_OF_CLUES = ("followup_incident", "followup_emergency")

# A record stays; a check and a plan's version are written once.
RIGHTS = """
REVOKE DELETE ON followup_incident, followup_emergency, followup_emergencycheck FROM app;
REVOKE UPDATE ON followup_emergencycheck FROM app;
REVOKE DELETE ON followup_plan, followup_planversion, followup_caseteam FROM app;
REVOKE UPDATE ON followup_planversion FROM app;
"""

# Place from the patient; of somebody without a file, from the clue. FOR KEY SHARE as in take_place().
PLACE = """
CREATE FUNCTION take_place_of_clue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.patient_id IS NOT NULL THEN
    SELECT duty_township, duty_county INTO STRICT NEW.duty_township, NEW.duty_county
    FROM registry_patient WHERE id = NEW.patient_id FOR KEY SHARE;
  ELSE
    SELECT township_id, county_id INTO STRICT NEW.duty_township, NEW.duty_county
    FROM registry_clue WHERE id = NEW.clue_id FOR KEY SHARE;
  END IF;
  IF coalesce(NEW.at_township, 0) = 0 THEN NEW.at_township := NEW.duty_township; END IF;
  RETURN NEW;
END $$;
"""

CARRY = f"""
CREATE FUNCTION carry_clue_records(one bigint) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE r record; t text; n int; moved int := 0;
BEGIN
  SELECT p.id, p.duty_township, p.duty_county INTO r FROM registry_clue c JOIN registry_patient p ON p.id = c.patient_id
    WHERE c.id = one AND c.state = 'registered' AND merge_in_reach(c.township_id::int, c.county_id::int)
      AND merge_in_reach(p.duty_township, p.duty_county) FOR KEY SHARE OF p;
  IF NOT FOUND THEN RAISE EXCEPTION 'no registered clue within reach' USING ERRCODE = '42501'; END IF;
  FOREACH t IN ARRAY ARRAY['followup_incident', 'followup_emergency', 'followup_emergencycheck'] LOOP
    EXECUTE format('UPDATE %I SET patient_id = $1, duty_township = $2, duty_county = $3
                    WHERE clue_id = $4 AND patient_id IS NULL', t) USING r.id, r.duty_township, r.duty_county, one;
    GET DIAGNOSTICS n = ROW_COUNT;
    moved := moved + n;
  END LOOP;
  RETURN moved;
END $$;
GRANT EXECUTE ON FUNCTION carry_clue_records(bigint) TO app;
"""  # noqa: S608

FORGET = f"""
CREATE FUNCTION forget_clue_records(one bigint) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE n int; forgotten int := 0;
BEGIN
  PERFORM 1 FROM registry_clue WHERE id = one AND forgotten_at IS NOT NULL;
  IF NOT FOUND THEN RAISE EXCEPTION 'this clue has not been forgotten' USING ERRCODE = '42501'; END IF;
  UPDATE followup_incident SET details = NULL WHERE clue_id = one AND patient_id IS NULL;
  GET DIAGNOSTICS n = ROW_COUNT; forgotten := forgotten + n;
  UPDATE followup_emergency SET content = NULL WHERE clue_id = one AND patient_id IS NULL;
  GET DIAGNOSTICS n = ROW_COUNT; forgotten := forgotten + n;
  UPDATE followup_emergencycheck SET note = NULL WHERE clue_id = one AND patient_id IS NULL;
  RETURN forgotten;
END $$;
GRANT EXECUTE ON FUNCTION forget_clue_records(bigint) TO app;
"""  # noqa: S608


def place_of_clue(table: str) -> migrations.RunSQL:
    """As ChildPlace, for a row that may have no patient yet."""
    made = f"CREATE TRIGGER take_place BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION take_place_of_clue()"
    return migrations.RunSQL(made, migrations.RunSQL.noop)


# History is seen by whoever sees the patient now or, while there is none, the clue.
SEEN_WITH_CLUE = (
    "EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = {0}.patient_id) OR ({0}.patient_id IS NULL "
    "AND EXISTS (SELECT 1 FROM registry_clue c WHERE c.id = {0}.clue_id))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0004_draft_walls"),
    ]
    operations = [
        migrations.RunSQL(PLACE, migrations.RunSQL.noop),
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        *(op for table in OF_CLUES for op in (Protect(table), place_of_clue(table), KeepPlace(table))),
        ProtectHistory("followup_planhistoryevent"),
        *(ProtectHistory(f"{table}historyevent", seen=SEEN_WITH_CLUE) for table in TRACKED_OF_CLUES),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
