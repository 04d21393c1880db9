"""Walls of the reports' tables, and the mark that a quarter must be counted again.

Why a trigger on followup_patientyear: a quarter's counts change by visits, late entries, corrections, transfers and
deaths, by whatever route; the floors below must not know of the counts kept here. Statement level, so that an import
pays once a block; only quarters whose slot really changed are marked, coming ones never.
"""

from django.db import migrations

RIGHTS = """
REVOKE INSERT, UPDATE ON reports_quarterchange FROM app;
REVOKE DELETE ON reports_adoptedplan, reports_planreport FROM app;
REVOKE UPDATE, DELETE ON reports_reportedvalue FROM app;
GRANT UPDATE (state, decided_by_id, decided_at, return_reason) ON reports_reportedvalue TO app;
"""

# What a count at the end of quarter q can depend on, of row {0}.
SLOT = (
    "({0}.registered[q], {0}.township[q], {0}.county[q], {0}.diagnosis[q], {0}.opened_on, {0}.prev_on, "
    "{0}.complete_n[q], {0}.max_gap[q], {0}.first_on[q], {0}.last_on[q], {0}.last_level[q], {0}.last_class[q], "
    "{0}.last_adherence[q], {0}.last_hospital[q], {0}.any_taken[q], {0}.any_not_taken[q], {0}.face_n[q], "
    "{0}.incident[q], {0}.high_n[q], {0}.level_seen_q[1:q])"
)
BEGUN = "make_date({0}.year, 3 * q - 2, 1) <= (now() AT TIME ZONE 'Asia/Shanghai')::date"

MARKS = f"""
CREATE FUNCTION reports_mark_one() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO reports_quarterchange (township, county, year, quarter)
  SELECT DISTINCT c.township[q], c.county[q], c.year, q FROM changed c CROSS JOIN generate_series(1, 4) q
  WHERE {BEGUN.format("c")} AND c.registered[q] AND c.township[q] IS NOT NULL;
  RETURN NULL;
END $$;

CREATE FUNCTION reports_mark_both() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO reports_quarterchange (township, county, year, quarter)
  SELECT DISTINCT side.township, side.county, n.year, q
  FROM after n JOIN before o USING (id) CROSS JOIN generate_series(1, 4) q
  CROSS JOIN LATERAL (VALUES (o.township[q], o.county[q], o.registered[q]),
                             (n.township[q], n.county[q], n.registered[q])) side (township, county, registered)
  WHERE {BEGUN.format("n")} AND side.registered AND side.township IS NOT NULL
    AND {SLOT.format("o")} IS DISTINCT FROM {SLOT.format("n")};
  RETURN NULL;
END $$;

CREATE TRIGGER reports_inserted AFTER INSERT ON followup_patientyear REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_one();
CREATE TRIGGER reports_deleted AFTER DELETE ON followup_patientyear REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_one();
CREATE TRIGGER reports_updated AFTER UPDATE ON followup_patientyear REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_both();
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
