"""A quarter must be counted again when a record beside the visits changes: medicine handed out, a plan, a status.

The kept counts look at these tables too (reports/queries/care_facts.py). Statement level, by the person's own rows of
the years kept; what follows the dates of single visits is not kept at all (NEVER_KEPT), so that saving a visit pays
nothing more.
"""

from django.db import migrations

TABLES = (
    "followup_dispensing", "followup_injection", "followup_checkup", "followup_plan", "followup_planversion",
    "followup_incident", "registry_guardianship", "registry_patientstatus", "registry_temporaryfile",
    "exchange_personnoticecopy",
)  # fmt: skip
MARK = """
CREATE FUNCTION reports_mark_people(people bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO reports_quarterchange (township, county, year, quarter)
  SELECT DISTINCT y.township[q], y.county[q], y.year, q
  FROM followup_patientyear y CROSS JOIN generate_series(1, 4) q
  WHERE y.patient_id = ANY (people) AND y.registered[q] AND y.township[q] IS NOT NULL
    AND make_date(y.year, 3 * q - 2, 1) <= (now() AT TIME ZONE 'Asia/Shanghai')::date;
$$;
REVOKE ALL ON FUNCTION reports_mark_people(bigint[]) FROM PUBLIC;

CREATE FUNCTION reports_mark_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM reports_mark_people(ARRAY(SELECT DISTINCT patient_id FROM after WHERE patient_id IS NOT NULL));
  RETURN NULL;
END $$;

CREATE FUNCTION reports_mark_updated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM reports_mark_people(ARRAY(
    SELECT patient_id FROM before WHERE patient_id IS NOT NULL
    UNION SELECT patient_id FROM after WHERE patient_id IS NOT NULL));
  RETURN NULL;
END $$;

CREATE FUNCTION reports_mark_deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM reports_mark_people(ARRAY(SELECT DISTINCT patient_id FROM before WHERE patient_id IS NOT NULL));
  RETURN NULL;
END $$;
"""
TRIGGERS = "".join(
    f"""
CREATE TRIGGER reports_care_inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_inserted();
CREATE TRIGGER reports_care_updated AFTER UPDATE ON {table} REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_updated();
CREATE TRIGGER reports_care_deleted AFTER DELETE ON {table} REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_deleted();
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_walls"),
        ("registry", "0011_objection_closing"),
        ("followup", "0009_first_due"),
        ("exchange", "0018_person_notice_walls"),
    ]
    operations = [
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
