"""The walls around receipts: what was sent in stays, the office's own window on its packages, one function to answer."""

from django.db import migrations

from accounts.walls import COUNTIES, OFFICES, AppendOnly, ChildPlace, Protect

WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
MINE = f"p.agency_id = ANY ({OFFICES})"
GONE = "p.released_at IS NOT NULL AND p.state IN ('released', 'collected', 'recalled')"

# Numbers are the county's business and nobody's data; the words about a row are read in the county's reach only.
WALLS = f"""
ALTER TABLE exchange_packagereceiptrow ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON exchange_packagereceiptrow FOR SELECT TO app USING (county_id = ANY ({COUNTIES}));
CREATE POLICY whole ON exchange_packagereceiptrow FOR SELECT TO backup USING (true);
REVOKE INSERT ON exchange_packagereceipt, exchange_packagereceiptrow FROM app;
REVOKE DELETE ON exchange_packagerefusal FROM app;
"""

# Rows about people carry a 行号; totals of townships do not.
LISTS = """
CREATE FUNCTION package_lists(sections jsonb, counts jsonb, OUT lists jsonb, OUT sent int)
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_array(s.one->>'list', s.rows) ORDER BY s.n), '[]'::jsonb),
         coalesce(sum(s.rows) FILTER (WHERE s.one->>'list' <> 'totals'), 0)::int
  FROM (SELECT one, n, coalesce((counts->(one->>'list')->>'rows')::int, 0) AS rows
        FROM jsonb_array_elements(sections) WITH ORDINALITY AS x(one, n)) s
$$;
REVOKE EXECUTE ON FUNCTION package_lists(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION package_lists(jsonb, jsonb) TO app, app_partner;
"""

VIEWS = f"""
CREATE VIEW exchange_mypackage WITH (security_barrier=true) AS
  SELECT p.id, p.uuid, p.agency_id, g.name AS agency_name, p.county_id, d.name AS county_name, p.situation, p.period,
         p.version, p.state, p.released_at, p.archive_sha256, l.lists, l.sent,
         coalesce(r.matched, 0) AS matched, coalesce(r.unmatched, 0) AS unmatched, coalesce(r.refused, 0) AS refused,
         coalesce(r.pending, l.sent) AS pending, coalesce(r.number, 0) AS receipts, c.closed_at
  FROM exchange_package p JOIN accounts_agency g ON g.id = p.agency_id JOIN accounts_division d ON d.id = p.county_id
  JOIN exchange_recipienttemplate t ON t.id = p.template_id
  CROSS JOIN LATERAL package_lists(t.sections, p.counts) l
  LEFT JOIN LATERAL (SELECT x.* FROM exchange_packagereceipt x WHERE x.package_id = p.id
                     ORDER BY x.number DESC LIMIT 1) r ON true
  LEFT JOIN exchange_packageclosing c ON c.package_id = p.id
  WHERE {MINE} AND {GONE};

CREATE VIEW exchange_mypackagerow WITH (security_barrier=true) AS
  SELECT DISTINCT ON (w.package_id, w.serial) w.id, w.package_id, w.serial, w.verdict, w.because, r.number
  FROM exchange_packagereceiptrow w JOIN exchange_packagereceipt r ON r.id = w.receipt_id
  JOIN exchange_package p ON p.id = w.package_id
  WHERE {MINE} AND {GONE}
  ORDER BY w.package_id, w.serial, r.number DESC;

REVOKE ALL ON exchange_mypackage, exchange_mypackagerow FROM app;
GRANT SELECT ON exchange_mypackage, exchange_mypackagerow TO app, app_partner;
"""  # noqa: S608

# One receipt: the package locked, the office and the officer taken from the transaction, only what is news written,
# and the sum taken over everything said so far. What is 待核对 is the rest.
RECEIVE = f"""
CREATE FUNCTION exchange_receive(one uuid, new_uuid uuid, form uuid, said_digest varchar, how varchar,
  moment timestamptz, serials int[], verdicts varchar[], reasons varchar[], notes bytea[], uuids uuid[],
  OUT outcome varchar, OUT receipt_number int, OUT said_rows int)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE pkg record; total int; last record; known record; new_id bigint; m int; u int; b int;
BEGIN
  receipt_number := 0; said_rows := 0;
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
  IF how <> 'all' AND last.digest = said_digest THEN outcome := 'known'; RETURN; END IF;
  SELECT l.sent INTO total FROM exchange_recipienttemplate t, package_lists(t.sections, pkg.counts) l
  WHERE t.id = pkg.template_id;
  IF EXISTS (SELECT 1 FROM unnest(serials) s WHERE s NOT BETWEEN 1 AND total) THEN
    RAISE EXCEPTION 'a serial is not of this package';
  END IF;

  IF how = 'all' THEN
    SELECT array_agg(s), array_agg('matched'::varchar), array_agg(''::varchar), array_agg(NULL::bytea),
           array_agg(gen_random_uuid())
    INTO serials, verdicts, reasons, notes, uuids FROM generate_series(1, total) s
    WHERE NOT EXISTS (SELECT 1 FROM exchange_packagereceiptrow w WHERE w.package_id = pkg.id AND w.serial = s);
  ELSE
    SELECT array_agg(x.serial), array_agg(x.verdict), array_agg(x.because), array_agg(x.note), array_agg(x.uuid)
    INTO serials, verdicts, reasons, notes, uuids
    FROM unnest(serials, verdicts, reasons, notes, uuids) AS x(serial, verdict, because, note, uuid)
    WHERE x.note IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM (SELECT w.verdict, w.because FROM exchange_packagereceiptrow w
                     JOIN exchange_packagereceipt r ON r.id = w.receipt_id
                     WHERE w.package_id = pkg.id AND w.serial = x.serial ORDER BY r.number DESC LIMIT 1) now
      WHERE now.verdict = x.verdict AND now.because = x.because);
  END IF;
  said_rows := coalesce(array_length(serials, 1), 0);
  IF said_rows = 0 THEN outcome := 'nothing'; RETURN; END IF;

  SELECT count(*) FILTER (WHERE v = 'matched'), count(*) FILTER (WHERE v = 'unmatched'),
         count(*) FILTER (WHERE v = 'refused') INTO m, u, b
  FROM (SELECT DISTINCT ON (serial) serial, verdict AS v FROM (
          SELECT x.serial, x.verdict, 2147483647 AS number FROM unnest(serials, verdicts) AS x(serial, verdict)
          UNION ALL SELECT w.serial, w.verdict, r.number FROM exchange_packagereceiptrow w
          JOIN exchange_packagereceipt r ON r.id = w.receipt_id WHERE w.package_id = pkg.id) every
        ORDER BY serial, number DESC) newest;
  receipt_number := coalesce(last.number, 0) + 1;
  INSERT INTO exchange_packagereceipt (uuid, form_id, digest, package_id, county_id, number, way, given_at,
    given_by_id, rows, sent, matched, unmatched, refused, pending)
  VALUES (new_uuid, form, said_digest, pkg.id, pkg.county_id, receipt_number, how, moment, {WHO}, said_rows, total,
    m, u, b, total - m - u - b) RETURNING id INTO new_id;
  INSERT INTO exchange_packagereceiptrow (uuid, receipt_id, package_id, county_id, serial, verdict, because, note)
  SELECT x.uuid, new_id, pkg.id, pkg.county_id, x.serial, x.verdict, x.because, x.note
  FROM unnest(serials, verdicts, reasons, notes, uuids) AS x(serial, verdict, because, note, uuid);
  outcome := 'taken';
END $$;
"""  # noqa: S608
SIGNATURE = (
    "exchange_receive(uuid, uuid, uuid, varchar, varchar, timestamptz, int[], varchar[], varchar[], bytea[], uuid[])"
)


def _sql(statements: str) -> migrations.RunSQL:
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_receipts")]
    operations = [
        Protect("exchange_packagerefusal"),
        ChildPlace("exchange_packagerefusal"),
        AppendOnly("exchange_packagereceipt", readable=True),
        AppendOnly("exchange_packagereceiptrow", readable=True),
        AppendOnly("exchange_packageclosing", readable=True),
        _sql(WALLS),
        _sql(LISTS),
        _sql(VIEWS),
        _sql(RECEIVE),
        _sql(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC"),
        _sql(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO app, app_partner"),
    ]
