"""What a hospital reported of a person goes with the file: a later correction reaches whoever keeps it now."""

from django.db import migrations

TABLES = ("registry_reportcard", "registry_dischargenotice")
TO_THE_FILE = """
UPDATE {table} c SET township_id = p.duty_township, county_id = p.duty_county FROM registry_patient p
WHERE p.id = c.patient_id{more} AND (c.township_id, c.county_id) IS DISTINCT FROM (p.duty_township, p.duty_county);
"""
# The place is the patient's own, read here: whoever calls it cannot send a paper anywhere else.
FOLLOW = f"""
CREATE FUNCTION papers_follow(one bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
{"".join(TO_THE_FILE.format(table=table, more=" AND p.id = one") for table in TABLES)}
$$;
GRANT EXECUTE ON FUNCTION papers_follow(bigint) TO app;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_more_agency_kinds")]
    operations = [
        migrations.RunSQL(FOLLOW, "DROP FUNCTION papers_follow(bigint)"),
        *(migrations.RunSQL(TO_THE_FILE.format(table=table, more=""), migrations.RunSQL.noop) for table in TABLES),
    ]
