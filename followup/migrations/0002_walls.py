"""Walls of the follow-up tables, and the half of the patient-year that follows the register.

Why triggers on the register's tables: a patient-year must be right whatever writes the register (form, import in
blocks, transfer, death, a later correction of a date), and the register must not know the floors above it. Statement
level, so that an import pays once a block. Read only dated facts; write only followup_patientyear and the first due
date of a file without a record.
"""

from django.db import migrations

from accounts.walls import ChildPlace, HeldPlace, Protect, ProtectHistory

TABLES = ("followup_attempt", "followup_patientyear")
IMPORTED = ("followup_visitroot", "followup_visit")  # 100,000 in one file (docs/adr/0014)
FACTS = ("registry_patientstatus", "registry_dutyperiod", "registry_diagnosis")

# A version is never edited; a correction only ends its being the current one.
NEVER_EDITED = """
REVOKE DELETE ON followup_visitroot, followup_visit, followup_attempt FROM app;
REVOKE UPDATE ON followup_visitroot, followup_visit, followup_attempt FROM app;
GRANT UPDATE (is_current) ON followup_visit TO app;
"""

# The register's half of the patient-years of these patients: rows that must exist, what held on each quarter's last
# day, and no row for a year in which the patient was neither registered nor seen.
STANDING = """
CREATE FUNCTION quarter_end(y int, q int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT (make_date(y, 3 * q, 1) + interval '1 month')::date - 1
$$;
GRANT EXECUTE ON FUNCTION quarter_end(int, int) TO app;

CREATE FUNCTION followup_standing(patients bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE this_year int := extract(year FROM now() AT TIME ZONE 'Asia/Shanghai');
BEGIN
  INSERT INTO followup_patientyear (duty_township, duty_county, at_township, patient_id, year,
    complete_n, max_gap, first_on, last_on, last_level, last_class, last_adherence, last_hospital, last_form,
    any_taken, any_not_taken, face_n, level_seen_q, incident, high_n, prev_on,
    opened_on, registered, township, county, diagnosis)
  SELECT p.duty_township, p.duty_county, p.duty_township, p.id, y,
    '{0,0,0,0}', '{0,0,0,0}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}',
    '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}', '{f,f,f,f}', '{NULL,NULL,NULL,NULL}',
    '{f,f,f,f}', '{f,f,f,f}', '{0,0,0,0}', '{f,f,f,f}', '{f,f,f,f}', '{0,0,0,0}',
    (SELECT max(v.visited_on) FROM followup_visit v
      WHERE v.patient_id = p.id AND v.is_current AND v.complete AND v.visited_on < make_date(y, 1, 1)),
    p.opened_on, '{f,f,f,f}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}'
  FROM registry_patient p CROSS JOIN generate_series(extract(year FROM p.opened_on)::int, this_year) y
  WHERE p.id = ANY (patients)
  ON CONFLICT (patient_id, year) DO NOTHING;

  UPDATE followup_patientyear y
  SET opened_on = s.opened_on, registered = s.registered, township = s.township, county = s.county,
      diagnosis = s.diagnosis
  FROM (
    SELECT y.id, p.opened_on,
      array_agg(p.opened_on <= t.day AND coalesce(s.value, '') NOT IN ('moved_out', 'dead', 'excluded')
                ORDER BY q) AS registered,
      array_agg(d.township_id::int ORDER BY q) AS township,
      array_agg(d.county_id::int ORDER BY q) AS county,
      array_agg(coalesce(g.code, first.code) ORDER BY q) AS diagnosis
    FROM followup_patientyear y
    JOIN registry_patient p ON p.id = y.patient_id
    CROSS JOIN generate_series(1, 4) q
    CROSS JOIN LATERAL (SELECT quarter_end(y.year, q) AS day) t
    LEFT JOIN LATERAL (SELECT value FROM registry_patientstatus f WHERE f.patient_id = p.id AND f.starts_on <= t.day
                       ORDER BY f.starts_on DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT township_id, county_id FROM registry_dutyperiod f
                       WHERE f.patient_id = p.id AND f.starts_on <= t.day
                       ORDER BY f.starts_on DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT code FROM registry_diagnosis f WHERE f.patient_id = p.id AND f.starts_on <= t.day
                       ORDER BY f.starts_on DESC LIMIT 1) g ON true
    LEFT JOIN LATERAL (SELECT code FROM registry_diagnosis f WHERE f.patient_id = p.id
                       ORDER BY f.starts_on LIMIT 1) first ON true
    WHERE y.patient_id = ANY (patients)
    GROUP BY y.id, p.opened_on
  ) s
  WHERE s.id = y.id AND (y.opened_on, y.registered, y.township, y.county, y.diagnosis)
    IS DISTINCT FROM (s.opened_on, s.registered, s.township, s.county, s.diagnosis::varchar(2)[]);

  DELETE FROM followup_patientyear
  WHERE patient_id = ANY (patients) AND complete_n[4] = 0 AND NOT (true = ANY (registered));
END $$;
GRANT EXECUTE ON FUNCTION followup_standing(bigint[]) TO app;
"""

# What an import of 100,000 visits asks for: only the years it began. What stood before is right already: the triggers
# below keep it, and to decide every year anew was a quarter of the import's work.
STANDING_NEW = """
CREATE FUNCTION followup_standing_new(patients bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE followup_patientyear y
  SET opened_on = s.opened_on, registered = s.registered, township = s.township, county = s.county,
      diagnosis = s.diagnosis
  FROM (
    SELECT y.id, p.opened_on,
      array_agg(p.opened_on <= t.day AND coalesce(s.value, '') NOT IN ('moved_out', 'dead', 'excluded')
                ORDER BY q) AS registered,
      array_agg(d.township_id::int ORDER BY q) AS township,
      array_agg(d.county_id::int ORDER BY q) AS county,
      array_agg(coalesce(g.code, first.code) ORDER BY q) AS diagnosis
    FROM followup_patientyear y
    JOIN registry_patient p ON p.id = y.patient_id
    LEFT JOIN LATERAL (SELECT code FROM registry_diagnosis f WHERE f.patient_id = p.id
                       ORDER BY f.starts_on LIMIT 1) first ON true
    CROSS JOIN generate_series(1, 4) q
    CROSS JOIN LATERAL (SELECT quarter_end(y.year, q) AS day) t
    LEFT JOIN LATERAL (SELECT value FROM registry_patientstatus f WHERE f.patient_id = p.id AND f.starts_on <= t.day
                       ORDER BY f.starts_on DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT township_id, county_id FROM registry_dutyperiod f
                       WHERE f.patient_id = p.id AND f.starts_on <= t.day
                       ORDER BY f.starts_on DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT code FROM registry_diagnosis f WHERE f.patient_id = p.id AND f.starts_on <= t.day
                       ORDER BY f.starts_on DESC LIMIT 1) g ON true
    WHERE y.patient_id = ANY (patients) AND y.opened_on IS NULL
    GROUP BY y.id, p.opened_on
  ) s
  WHERE s.id = y.id;
END $$;
REVOKE ALL ON FUNCTION followup_standing_new(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION followup_standing_new(bigint[]) TO app;
"""

# take_place() looks the patient up for every row. A row that does not say where it lies still gets its place from it.
# For the others the policy holds each row against its patient (before any unique index can tell of another's row), and
# one question a statement locks the patients, so that a hand-over that runs at the same moment waits as before.
PLACES = """
CREATE FUNCTION place_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT patient_id, duty_township, duty_county FROM made) m
    LEFT JOIN LATERAL (SELECT duty_township, duty_county FROM registry_patient
                       WHERE id = m.patient_id FOR KEY SHARE) p ON true
    WHERE (p.duty_township, p.duty_county) IS DISTINCT FROM (m.duty_township, m.duty_county)
  ) THEN
    RAISE EXCEPTION 'a row must lie where its patient does' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;
"""

FOLLOW_REGISTER = """
CREATE FUNCTION followup_fact_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_standing(ARRAY(SELECT DISTINCT patient_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION followup_file_opened() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_standing(ARRAY(SELECT id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER followup_opened AFTER INSERT ON registry_patient REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION followup_file_opened();

CREATE FUNCTION followup_opening_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_standing(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER followup_opening_moved AFTER UPDATE OF opened_on ON registry_patient
  FOR EACH ROW WHEN (OLD.opened_on IS DISTINCT FROM NEW.opened_on) EXECUTE FUNCTION followup_opening_moved();

-- A file without a complete record is due 14 days after its opening (followup.rules.classification.first_due).
CREATE FUNCTION followup_first_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_visit_on IS NULL THEN
    NEW.next_due_on := NEW.opened_on + 14;
    NEW.due_reason := '建档后两周内首次随访';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER followup_first_due BEFORE INSERT OR UPDATE OF opened_on ON registry_patient
  FOR EACH ROW EXECUTE FUNCTION followup_first_due();
"""


def _on_fact(table: str) -> str:
    return "".join(
        f"CREATE TRIGGER followup_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed "
        "FOR EACH STATEMENT EXECUTE FUNCTION followup_fact_changed();\n"
        for event in ("INSERT", "UPDATE", "DELETE")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        *(operation for table in IMPORTED for operation in (Protect(table), HeldPlace(table))),
        ProtectHistory("followup_visithistoryevent"),
        migrations.RunSQL(NEVER_EDITED, migrations.RunSQL.noop),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
        migrations.RunSQL(STANDING_NEW, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW_REGISTER, migrations.RunSQL.noop),
        *(migrations.RunSQL(_on_fact(table), migrations.RunSQL.noop) for table in FACTS),
    ]
