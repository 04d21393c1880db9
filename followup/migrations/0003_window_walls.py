"""Due windows and what took people off the list; the register's changes mark windows for the next sweep.

Why triggers: a status, a hand-over or an opening date decides windows anew whatever wrote it (form, import, transfer),
and the register must not know the floors above it. A new file gets its first window here; everything else about a
window is decided by followup.rules.windows.
"""

from django.db import migrations

from accounts.walls import ChildPlace, HeldPlace, Protect

FACTS = ("registry_patientstatus", "registry_dutyperiod", "registry_admission")

FOLLOW_REGISTER = """
REVOKE DELETE ON followup_offlist FROM app;

CREATE FUNCTION followup_windows_stale(patients bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE followup_window SET stale = true WHERE NOT stale AND id IN (
    SELECT DISTINCT ON (patient_id) id FROM followup_window WHERE patient_id = ANY (patients)
    ORDER BY patient_id, opened_on DESC)
$$;
REVOKE ALL ON FUNCTION followup_windows_stale(bigint[]) FROM PUBLIC;

-- The facts of the file's own first day say nothing new about its first window.
CREATE FUNCTION followup_window_fact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_windows_stale(ARRAY(
    SELECT DISTINCT c.patient_id FROM changed c JOIN registry_patient p ON p.id = c.patient_id
    WHERE TG_OP <> 'INSERT' OR to_jsonb(c) ->> 'starts_on' IS DISTINCT FROM p.opened_on::text
      OR (TG_TABLE_NAME = 'registry_patientstatus' AND to_jsonb(c) ->> 'value' <> 'managed')));
  RETURN NULL;
END $$;

CREATE FUNCTION followup_window_first() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO followup_window (duty_township, duty_county, at_township, patient_id, opened_on, opener, due_on,
    due_reason, outcome, excuse, stale)
  SELECT duty_township, duty_county, 0, id, opened_on, 'registered', opened_on + 14, '建档后两周内首次随访', '', '',
    opened_on + 14 < (now() AT TIME ZONE 'Asia/Shanghai')::date
  FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER followup_window_first AFTER INSERT ON registry_patient REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION followup_window_first();

CREATE FUNCTION followup_window_opening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_windows_stale(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER followup_window_opening AFTER UPDATE OF opened_on ON registry_patient
  FOR EACH ROW WHEN (OLD.opened_on IS DISTINCT FROM NEW.opened_on) EXECUTE FUNCTION followup_window_opening();
"""


def _on_fact(table: str) -> str:
    return "".join(
        f"CREATE TRIGGER followup_window_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed "
        "FOR EACH STATEMENT EXECUTE FUNCTION followup_window_fact();\n"
        for event in ("INSERT", "UPDATE", "DELETE")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0002_walls"),
    ]
    operations = [
        Protect("followup_window"),
        HeldPlace("followup_window"),
        Protect("followup_offlist"),
        ChildPlace("followup_offlist"),
        migrations.RunSQL(FOLLOW_REGISTER, migrations.RunSQL.noop),
        *(migrations.RunSQL(_on_fact(table), migrations.RunSQL.noop) for table in FACTS),
    ]
