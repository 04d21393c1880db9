"""What an import of 100,000 visits asked of the database row by row, asked once a statement.

followup_standing decides every year of a patient anew; for 100,000 imported visits that was a quarter of the work. What
stood before an import is right already: the triggers of 0002_walls keep it.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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


# take_place() looked the patient up for every row. A row that does not say where it lies still gets its place from it.
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
TABLES = ("followup_visitroot", "followup_visit", "followup_window")


def _places(table: str) -> str:
    return (
        f"DROP TRIGGER take_place ON {table};\n"
        f"CREATE TRIGGER take_place BEFORE INSERT ON {table} FOR EACH ROW "
        "WHEN (NEW.duty_township = 0 OR NEW.duty_county = 0 OR NEW.at_township = 0) EXECUTE FUNCTION take_place();\n"
        f"CREATE TRIGGER place_holds AFTER INSERT ON {table} REFERENCING NEW TABLE AS made "
        "FOR EACH STATEMENT EXECUTE FUNCTION place_holds();\n"
        f"CREATE POLICY beside_patient ON {table} AS RESTRICTIVE FOR INSERT TO app WITH CHECK (EXISTS ("
        f"SELECT 1 FROM registry_patient p WHERE p.id = {table}.patient_id"
        f" AND p.duty_township = {table}.duty_township AND p.duty_county = {table}.duty_county))"
    )


def _without_constraint(model: str, name: str, to: str, **more: Any) -> migrations.AlterField:
    field = models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to=to, **more)
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0007_colours"),
        ("registry", "0008_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(STANDING_NEW, migrations.RunSQL.noop),
        _without_constraint("visit", "entered_by", settings.AUTH_USER_MODEL, related_name="+"),
        *(
            _without_constraint("window", name, "followup.visitroot", db_index=False, null=True, related_name="+")
            for name in ("closed_root", "opener_root")
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        *(migrations.RunSQL(_places(table), migrations.RunSQL.noop) for table in TABLES),
    ]
