"""A receipt has the order in which it was written, not that in which it arrives: an early one that comes late changes nothing later."""

import django.utils.timezone
from django.db import migrations, models

from accounts.walls import OFFICES

WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
MINE = f"p.agency_id = ANY ({OFFICES})"
GONE = "p.released_at IS NOT NULL AND p.state IN ('released', 'collected', 'recalled')"

# What was sent in before was written when it arrived. The tables are append-only, for the owner too.
BEFORE = """
ALTER TABLE exchange_packagereceipt DISABLE TRIGGER append_only;
UPDATE exchange_packagereceipt SET issued_at = given_at;
ALTER TABLE exchange_packagereceipt ENABLE TRIGGER append_only;
ALTER TABLE exchange_packagereceiptrow DISABLE TRIGGER append_only;
UPDATE exchange_packagereceiptrow w SET since = r.given_at FROM exchange_packagereceipt r WHERE r.id = w.receipt_id;
ALTER TABLE exchange_packagereceiptrow ENABLE TRIGGER append_only;
"""

ROWS = f"""
CREATE OR REPLACE VIEW exchange_mypackagerow WITH (security_barrier=true) AS
  SELECT DISTINCT ON (w.package_id, w.serial) w.id, w.package_id, w.serial, w.verdict, w.because, r.number
  FROM exchange_packagereceiptrow w JOIN exchange_packagereceipt r ON r.id = w.receipt_id
  JOIN exchange_package p ON p.id = w.package_id
  WHERE {MINE} AND {GONE}
  ORDER BY w.package_id, w.serial, r.issued_at DESC, r.number DESC;
"""  # noqa: S608

# As in 0006, with `issued`: when the receipt was written. Without it the officer says it now, after all that came before.
# A row keeps `since` when the same word is said again later: that gives it a later place and makes no new work of it.
RECEIVE = f"""
DROP FUNCTION exchange_receive(uuid, uuid, uuid, varchar, varchar, timestamptz, int[], varchar[], varchar[], bytea[], uuid[]);
CREATE FUNCTION exchange_receive(one uuid, new_uuid uuid, form uuid, said_digest varchar, how varchar,
  moment timestamptz, issued timestamptz, serials int[], verdicts varchar[], reasons varchar[], notes bytea[], uuids uuid[],
  OUT outcome varchar, OUT receipt_number int, OUT said_rows int, OUT older_rows int)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE pkg record; total int; last record; known record; new_id bigint; m int; u int; b int; said_at timestamptz;
        firsts timestamptz[];
BEGIN
  receipt_number := 0; said_rows := 0; older_rows := 0;
  SELECT p.* INTO pkg FROM exchange_package p WHERE p.uuid = one AND {MINE} AND {GONE} AND {WHO} IS NOT NULL
  FOR UPDATE OF p;
  IF NOT FOUND THEN outcome := 'none'; RETURN; END IF;
  SELECT r.package_id, r.digest, r.number INTO known FROM exchange_packagereceipt r WHERE r.form_id = form;
  IF FOUND THEN
    outcome := CASE WHEN known.package_id = pkg.id AND known.digest = said_digest THEN 'known' ELSE 'form_used' END;
    RETURN;
  END IF;
  IF pkg.state = 'recalled' OR EXISTS (SELECT 1 FROM exchange_packageclosing c WHERE c.package_id = pkg.id) THEN
    outcome := 'closed'; RETURN;
  END IF;
  SELECT r.number, r.digest INTO last FROM exchange_packagereceipt r WHERE r.package_id = pkg.id
  ORDER BY r.number DESC LIMIT 1;
  IF how <> 'all' AND issued IS NULL AND last.digest = said_digest
     OR EXISTS (SELECT 1 FROM exchange_packagereceipt r WHERE r.package_id = pkg.id AND r.digest = said_digest
                AND r.issued_at = date_trunc('milliseconds', issued)) THEN
    outcome := 'known'; RETURN;
  END IF;
  SELECT date_trunc('milliseconds', coalesce(issued, greatest(moment, max(r.issued_at)))) INTO said_at
  FROM exchange_packagereceipt r WHERE r.package_id = pkg.id;
  SELECT l.sent INTO total FROM exchange_recipienttemplate t, package_lists(t.sections, pkg.counts) l
  WHERE t.id = pkg.template_id;
  IF EXISTS (SELECT 1 FROM unnest(serials) s WHERE s NOT BETWEEN 1 AND total) THEN
    RAISE EXCEPTION 'a serial is not of this package';
  END IF;

  IF how = 'all' THEN
    SELECT array_agg(s), array_agg('matched'::varchar), array_agg(''::varchar), array_agg(NULL::bytea),
           array_agg(gen_random_uuid()), array_agg(moment)
    INTO serials, verdicts, reasons, notes, uuids, firsts FROM generate_series(1, total) s
    WHERE NOT EXISTS (SELECT 1 FROM exchange_packagereceiptrow w WHERE w.package_id = pkg.id AND w.serial = s);
  ELSE
    SELECT array_agg(x.serial), array_agg(x.verdict), array_agg(x.because), array_agg(x.note), array_agg(x.uuid),
           array_agg(CASE WHEN x.note IS NULL AND now.is_same AND now.issued_at <= said_at THEN now.since ELSE moment END),
           coalesce(count(*) FILTER (WHERE now.issued_at > said_at AND NOT now.is_same), 0)
    INTO serials, verdicts, reasons, notes, uuids, firsts, older_rows
    FROM unnest(serials, verdicts, reasons, notes, uuids) AS x(serial, verdict, because, note, uuid)
    LEFT JOIN LATERAL (
      SELECT r.issued_at, w.since, w.verdict = x.verdict AND w.because = x.because AS is_same
      FROM exchange_packagereceiptrow w JOIN exchange_packagereceipt r ON r.id = w.receipt_id
      WHERE w.package_id = pkg.id AND w.serial = x.serial ORDER BY r.issued_at DESC, r.number DESC LIMIT 1) now ON true
    WHERE x.note IS NOT NULL OR now.is_same IS NOT TRUE OR (issued IS NOT NULL AND issued > now.issued_at);
  END IF;
  said_rows := coalesce(array_length(serials, 1), 0);
  IF said_rows = 0 THEN outcome := 'nothing'; RETURN; END IF;

  receipt_number := coalesce(last.number, 0) + 1;
  SELECT count(*) FILTER (WHERE v = 'matched'), count(*) FILTER (WHERE v = 'unmatched'),
         count(*) FILTER (WHERE v = 'refused') INTO m, u, b
  FROM (SELECT DISTINCT ON (serial) serial, verdict AS v FROM (
          SELECT x.serial, x.verdict, said_at AS at, receipt_number AS number
          FROM unnest(serials, verdicts) AS x(serial, verdict)
          UNION ALL SELECT w.serial, w.verdict, r.issued_at, r.number FROM exchange_packagereceiptrow w
          JOIN exchange_packagereceipt r ON r.id = w.receipt_id WHERE w.package_id = pkg.id) every
        ORDER BY serial, at DESC, number DESC) newest;
  INSERT INTO exchange_packagereceipt (uuid, form_id, digest, package_id, county_id, number, way, given_at, issued_at,
    given_by_id, rows, sent, matched, unmatched, refused, pending)
  VALUES (new_uuid, form, said_digest, pkg.id, pkg.county_id, receipt_number, how, moment, said_at, {WHO}, said_rows,
    total, m, u, b, total - m - u - b) RETURNING id INTO new_id;
  INSERT INTO exchange_packagereceiptrow (uuid, receipt_id, package_id, county_id, serial, verdict, because, note, since)
  SELECT x.uuid, new_id, pkg.id, pkg.county_id, x.serial, x.verdict, x.because, x.note, x.since
  FROM unnest(serials, verdicts, reasons, notes, uuids, firsts) AS x(serial, verdict, because, note, uuid, since);
  outcome := 'taken';
END $$;
"""  # noqa: S608
SIGNATURE = (
    "exchange_receive(uuid, uuid, uuid, varchar, varchar, timestamptz, timestamptz, int[], varchar[], varchar[], bytea[], "
    "uuid[])"
)


def _sql(statements: str) -> migrations.RunSQL:
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0014_one_view")]
    operations = [
        migrations.AddField(
            model_name="packagereceipt",
            name="issued_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="填表时间"),
        ),
        migrations.AddField(
            model_name="packagereceiptrow",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="最早这样说的时间"),
        ),
        _sql(BEFORE),
        _sql(ROWS),
        _sql(RECEIVE),
        _sql(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC"),
        _sql(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO app, app_partner"),
    ]
