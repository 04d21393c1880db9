"""The walls around what is told of one person at once: copies in the place of the patient, an office's own window."""

from django.db import migrations

from accounts.walls import OFFICES, ChildPlace, Protect, ProtectHistory

TABLES = ("exchange_personnotice", "exchange_personnoticecopy")
MINE = f"c.agency_id = ANY ({OFFICES}) AND c.delivered_at IS NOT NULL"
WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

# What was written stays; of a copy the application says that it went out and that it ended, the office the rest.
RIGHTS = """
REVOKE DELETE ON exchange_personnotice, exchange_personnoticecopy FROM app;
REVOKE UPDATE ON exchange_personnoticecopy FROM app;
GRANT UPDATE (number, disputed, delivered_at, silent_noted_at, ended_at, ended_because, end_acknowledged_at,
              end_acknowledged_by_id) ON exchange_personnoticecopy TO app;
"""

# A moment once written stays. Only a copy that ends anew is to be acknowledged anew.
ONCE = """
CREATE FUNCTION personnoticecopy_moments_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.delivered_at IS NOT NULL AND (NEW.delivered_at, NEW.number) IS DISTINCT FROM (OLD.delivered_at, OLD.number))
     OR (OLD.seen_at IS NOT NULL AND (NEW.seen_at, NEW.seen_by_id) IS DISTINCT FROM (OLD.seen_at, OLD.seen_by_id))
     OR (OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_at, NEW.acknowledged_by_id)
         IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by_id))
     OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL)
     OR (OLD.end_acknowledged_at IS NOT NULL AND NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at
         AND (NEW.end_acknowledged_at, NEW.end_acknowledged_by_id)
             IS DISTINCT FROM (OLD.end_acknowledged_at, OLD.end_acknowledged_by_id)) THEN
    RAISE EXCEPTION 'a moment of a copy is written once' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER moments_stay BEFORE UPDATE ON exchange_personnoticecopy
  FOR EACH ROW EXECUTE FUNCTION personnoticecopy_moments_stay();
"""

# Past its days a copy has ended for the office at once, before the sweeper writes it.
VIEW = f"""
CREATE VIEW exchange_mynotice WITH (security_barrier=true) AS
  SELECT c.id, c.uuid, c.agency_id, g.name AS agency_name, n.county_id, g.on_duty, c.number, n.situation,
         n.corrects_id IS NOT NULL AS is_correction, c.delivered_at, n.expires_at, c.seen_at, c.acknowledged_at,
         c.acknowledged_by_id, u.display_name AS acknowledged_by_name,
         c.disputed AND c.ended_at IS NULL AND n.expires_at > now() AS disputed,
         coalesce(c.ended_at, CASE WHEN n.expires_at <= now() THEN n.expires_at END) AS ended_at,
         CASE WHEN c.ended_at IS NULL AND n.expires_at <= now() THEN 'expired' ELSE c.ended_because END AS ended_because,
         c.end_acknowledged_at
  FROM exchange_personnoticecopy c JOIN exchange_personnotice n ON n.id = c.notice_id
  JOIN accounts_agency g ON g.id = c.agency_id LEFT JOIN accounts_user u ON u.id = c.acknowledged_by_id
  WHERE {MINE};
REVOKE ALL ON exchange_mynotice FROM app;
GRANT SELECT ON exchange_mynotice TO app, app_partner;
"""  # noqa: S608

SEE = f"""
CREATE FUNCTION exchange_notice_see(moment timestamptz) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE n int;
BEGIN
  UPDATE exchange_personnoticecopy c SET seen_at = moment, seen_by_id = {WHO}
  WHERE {MINE} AND c.seen_at IS NULL AND {WHO} IS NOT NULL;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
"""  # noqa: S608

# 签收 of what stands there: of the copy while it is open, of its end afterwards.
SIGN = f"""
CREATE FUNCTION exchange_notice_sign(one uuid, moment timestamptz, OUT signed varchar, OUT who uuid)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE the_copy record;
BEGIN
  SELECT c.id, c.acknowledged_at, c.ended_at, c.end_acknowledged_at, n.expires_at, p.uuid AS person INTO the_copy
  FROM exchange_personnoticecopy c JOIN exchange_personnotice n ON n.id = c.notice_id
  JOIN registry_patient p ON p.id = c.patient_id
  WHERE c.uuid = one AND {MINE} AND {WHO} IS NOT NULL FOR UPDATE OF c;
  IF NOT FOUND THEN RETURN; END IF;
  who := the_copy.person;
  signed := '';
  IF the_copy.ended_at IS NOT NULL AND the_copy.end_acknowledged_at IS NULL THEN
    signed := 'end';
    UPDATE exchange_personnoticecopy c SET end_acknowledged_at = moment, end_acknowledged_by_id = {WHO},
      seen_at = coalesce(c.seen_at, moment), seen_by_id = coalesce(c.seen_by_id, {WHO}) WHERE c.id = the_copy.id;
  ELSIF the_copy.ended_at IS NULL AND the_copy.expires_at > moment AND the_copy.acknowledged_at IS NULL THEN
    signed := 'copy';
    UPDATE exchange_personnoticecopy c SET acknowledged_at = moment, acknowledged_by_id = {WHO},
      seen_at = coalesce(c.seen_at, moment), seen_by_id = coalesce(c.seen_by_id, {WHO}) WHERE c.id = the_copy.id;
  END IF;
END $$;
"""  # noqa: S608

# The content of a copy that was signed for and has not ended; no content without a line of the ledger.
OPEN = f"""
CREATE FUNCTION exchange_notice_open(one uuid, moment timestamptz)
RETURNS TABLE (sealed bytea, who uuid) LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  RETURN QUERY
  WITH noted AS (
  INSERT INTO exchange_disclosure (at, uuid, act, person, recipient, recipient_name, alert, entry, fields, basis,
                                   citation, actor, actor_name, digest)
  SELECT moment, gen_random_uuid(), 'opened', p.uuid, g.uuid, g.name, c.uuid, NULL, d.fields, d.basis, d.citation,
         u.uuid, u.display_name, NULL
  FROM exchange_personnoticecopy c JOIN exchange_personnotice n ON n.id = c.notice_id
  JOIN registry_patient p ON p.id = c.patient_id JOIN accounts_agency g ON g.id = c.agency_id
  JOIN accounts_user u ON u.id = {WHO}
  CROSS JOIN LATERAL (SELECT l.fields, l.basis, l.citation FROM exchange_disclosure l
    WHERE l.person = p.uuid AND l.alert = c.uuid AND l.act = 'disclosed' ORDER BY l.at DESC LIMIT 1) d
  WHERE c.uuid = one AND {MINE} AND c.acknowledged_at IS NOT NULL AND c.ended_at IS NULL AND n.expires_at > moment
  RETURNING alert, person)
  SELECT c.content, noted.person FROM noted JOIN exchange_personnoticecopy c ON c.uuid = noted.alert;
END $$;
"""  # noqa: S608

# The count of people opened within the hour now knows copies too; the rest as in 0007.
WATCH = f"""
CREATE OR REPLACE FUNCTION exchange_watch(cases uuid[], asked bytea, since timestamptz,
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
    WHERE a.uuid = ANY (cases) AND a.agency_id = ANY ({OFFICES})
    UNION SELECT p.uuid::text FROM exchange_jointvisit j JOIN exchange_jointmember m ON m.joint_id = j.id
    JOIN registry_patient p ON p.id = j.patient_id WHERE j.uuid = ANY (cases) AND m.user_id = {WHO}
    UNION SELECT p.uuid::text FROM exchange_personnoticecopy c JOIN registry_patient p ON p.id = c.patient_id
    WHERE c.uuid = ANY (cases) AND {MINE}
    UNION SELECT encode(asked, 'hex') WHERE asked IS NOT NULL)
  SELECT (SELECT count(*) FROM before), (SELECT count(*) FROM now WHERE one NOT IN (SELECT one FROM before))
  INTO opened, fresh;
END $$;
"""  # noqa: S608

SIGNATURES = (
    "exchange_notice_see(timestamptz)",
    "exchange_notice_sign(uuid, timestamptz)",
    "exchange_notice_open(uuid, timestamptz)",
)


def _sql(statements: str) -> migrations.RunSQL:
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0017_person_notices")]
    operations = [
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        *(ProtectHistory(f"{table}historyevent") for table in TABLES),
        *(_sql(one) for one in (RIGHTS, ONCE, VIEW, SEE, SIGN, OPEN, WATCH)),
        *(_sql(f"REVOKE EXECUTE ON FUNCTION {one} FROM PUBLIC") for one in SIGNATURES),
        _sql("REVOKE EXECUTE ON FUNCTION personnoticecopy_moments_stay() FROM PUBLIC"),
        *(_sql(f"GRANT EXECUTE ON FUNCTION {one} TO app, app_partner") for one in SIGNATURES),
    ]
