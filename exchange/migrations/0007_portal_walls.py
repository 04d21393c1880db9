"""The walls around the partners' limits: the urgent question, one count per officer, and the mark of an objection."""

from django.db import migrations

from accounts.walls import COUNTIES, OFFICES

MINE = f"a.agency_id = ANY ({OFFICES})"
WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

WALLS = f"""
ALTER TABLE exchange_emergencyrequest ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON exchange_emergencyrequest FOR ALL TO app
  USING (county_id = ANY ({COUNTIES})) WITH CHECK (county_id = ANY ({COUNTIES}));
CREATE POLICY whole ON exchange_emergencyrequest FOR SELECT TO backup USING (true);
REVOKE INSERT, UPDATE, DELETE ON exchange_emergencyrequest, exchange_portalstop FROM app;
GRANT UPDATE (state, answer, advice, person, answered_at, answered_by_id) ON exchange_emergencyrequest TO app;
GRANT UPDATE (lifted_at, lifted_by_id, because) ON exchange_portalstop TO app;

CREATE VIEW exchange_myemergency WITH (security_barrier=true) AS
  SELECT e.id, e.uuid, e.agency_id, e.asked_at, u.display_name AS asked_by_name, e.state, e.answer, e.answered_at
  FROM exchange_emergencyrequest e JOIN accounts_user u ON u.id = e.asked_by_id
  WHERE e.agency_id = ANY ({OFFICES});
REVOKE ALL ON exchange_myemergency FROM app;
GRANT SELECT ON exchange_myemergency TO app, app_partner;
"""  # noqa: S608

ASK = f"""
CREATE FUNCTION exchange_ask(new_uuid uuid, form uuid, sealed_number bytea, index bytea, sealed_scene bytea,
  sealed_phone bytea, moment timestamptz) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
DECLARE office record;
BEGIN
  SELECT g.id, CASE WHEN d.level = 'county' THEN d.id ELSE d.parent_id END AS county INTO office
  FROM accounts_user u JOIN accounts_agency g ON g.id = u.agency_id JOIN accounts_division d ON d.id = g.division_id
  WHERE u.id = {WHO} AND g.id = ANY ({OFFICES}) AND d.level IN ('county', 'township');
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO exchange_emergencyrequest (uuid, form_id, county_id, agency_id, asked_at, asked_by_id, id_number, id_index,
                                         scene, phone, state, answer, advice)
  VALUES (new_uuid, form, office.county, office.id, moment, {WHO}, sealed_number, index, sealed_scene, sealed_phone,
          'waiting', '', '{{}}')
  ON CONFLICT (form_id) DO NOTHING;
  RETURN FOUND;
END $$;
"""  # noqa: S608

# How many different people this officer has opened or asked about since, by whatever way; `fresh` of what is asked for
# now would be new. The lock makes a second tab, or a token beside the browser, wait for what the first has written.
WATCH = f"""
DROP FUNCTION exchange_openings(uuid[], timestamptz);
CREATE FUNCTION exchange_watch(cases uuid[], asked bytea, since timestamptz,
  OUT opened int, OUT fresh int, OUT stopped boolean) LANGUAGE plpgsql {DEFINER} AS $$
DECLARE began timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('portal|' || {WHO}, 0));
  SELECT greatest(since, max(s.lifted_at)) INTO began FROM exchange_portalstop s WHERE s.user_id = {WHO};
  SELECT EXISTS (SELECT 1 FROM exchange_portalstop s WHERE s.user_id = {WHO} AND s.lifted_at IS NULL) INTO stopped;
  WITH before AS (
    SELECT l.person::text AS one FROM exchange_disclosure l JOIN accounts_user u ON u.uuid = l.actor
    WHERE u.id = {WHO} AND l.act = 'opened' AND l.at > began
    UNION SELECT encode(e.id_index, 'hex') FROM exchange_emergencyrequest e
    WHERE e.asked_by_id = {WHO} AND e.asked_at > began),
  now AS (
    SELECT p.uuid::text AS one FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id
    WHERE a.uuid = ANY (cases) AND {MINE}
    UNION SELECT p.uuid::text FROM exchange_jointvisit j JOIN exchange_jointmember m ON m.joint_id = j.id
    JOIN registry_patient p ON p.id = j.patient_id WHERE j.uuid = ANY (cases) AND m.user_id = {WHO}
    UNION SELECT encode(asked, 'hex') WHERE asked IS NOT NULL)
  SELECT (SELECT count(*) FROM before), (SELECT count(*) FROM now WHERE one NOT IN (SELECT one FROM before))
  INTO opened, fresh;
END $$;

CREATE FUNCTION exchange_stop(many int, moment timestamptz, county bigint) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO exchange_portalstop (uuid, county_id, agency_id, user_id, stopped_at, people, because)
  SELECT gen_random_uuid(), county, u.agency_id, u.id, moment, many, '' FROM accounts_user u WHERE u.id = {WHO}
  ON CONFLICT DO NOTHING;
END $$;
"""  # noqa: S608

ENTRIES = f"""
CREATE OR REPLACE VIEW exchange_inboxentry WITH (security_barrier=true) AS
  SELECT e.id, e.uuid, e.alert_id AS case_id, e.kind,
         CASE WHEN a.status <> 'closed' AND e.withdrawn_at IS NULL THEN e.occurred_on END AS occurred_on,
         CASE WHEN a.status <> 'closed' AND e.withdrawn_at IS NULL THEN e.level END AS level,
         CASE WHEN a.status <> 'closed' AND e.withdrawn_at IS NULL THEN e.previous_level END AS previous_level,
         e.withdrawn_at IS NOT NULL AS is_withdrawn,
         r.delivered_at, r.seen_at, r.acknowledged_at, r.acknowledged_by_id, u.display_name AS acknowledged_by_name,
         e.disputed AND a.status <> 'closed' AND e.withdrawn_at IS NULL AS disputed
  FROM exchange_alertentry e JOIN exchange_alert a ON a.id = e.alert_id
  JOIN exchange_receipt r ON r.entry_id = e.id LEFT JOIN accounts_user u ON u.id = r.acknowledged_by_id
  WHERE {MINE};
"""  # noqa: S608
SIGNATURES = (
    "exchange_ask(uuid, uuid, bytea, bytea, bytea, bytea, timestamptz)",
    "exchange_watch(uuid[], bytea, timestamptz)",
    "exchange_stop(int, timestamptz, bigint)",
)


def _sql(statements: str) -> migrations.RunSQL:
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_receipt_walls")]
    operations = [
        *(_sql(statements) for statements in (WALLS, ASK, WATCH, ENTRIES)),
        *(_sql(f"REVOKE EXECUTE ON FUNCTION {one} FROM PUBLIC") for one in SIGNATURES),
        *(_sql(f"GRANT EXECUTE ON FUNCTION {one} TO app, app_partner") for one in SIGNATURES),
    ]
