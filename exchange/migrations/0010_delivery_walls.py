"""The walls around delivery: an office keeps its own keys, and gets a package's rows by a function that judges and notes."""

from django.db import migrations

from accounts.walls import OFFICES

WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
MINE = f"p.agency_id = ANY ({OFFICES})"

# A key's text and who entered it never change; the row stays.
KEYS = f"""
ALTER TABLE exchange_agencykey ENABLE ROW LEVEL SECURITY;
CREATE POLICY county ON exchange_agencykey FOR ALL TO app USING (true) WITH CHECK (true);
CREATE POLICY own ON exchange_agencykey FOR SELECT TO app_partner USING (agency_id = ANY ({OFFICES}));
CREATE POLICY own_change ON exchange_agencykey FOR UPDATE TO app_partner
  USING (agency_id = ANY ({OFFICES})) WITH CHECK (agency_id = ANY ({OFFICES}));
CREATE POLICY own_new ON exchange_agencykey FOR INSERT TO app_partner
  WITH CHECK (agency_id = ANY ({OFFICES}) AND state = 'waiting' AND side = 'agency' AND entered_by_id = {WHO});
CREATE POLICY whole ON exchange_agencykey FOR SELECT TO backup USING (true);
REVOKE DELETE ON exchange_agencykey FROM app;
REVOKE UPDATE ON exchange_agencykey FROM app;
GRANT UPDATE (state, confirmed_at, confirmed_by_id, ended_at, ended_by_id, because) ON exchange_agencykey TO app;
GRANT SELECT, INSERT ON exchange_agencykey TO app_partner;
GRANT UPDATE (state, confirmed_at, confirmed_by_id, ended_at, ended_by_id, because) ON exchange_agencykey TO app_partner;
"""

RIGHTS = """
REVOKE UPDATE, DELETE ON exchange_packageletter FROM app;
REVOKE UPDATE, DELETE ON exchange_packageoffer FROM app;
GRANT UPDATE (ended_at) ON exchange_packageoffer TO app;
REVOKE INSERT, UPDATE, DELETE ON exchange_packagedownload FROM app;
"""

VIEW = f"""
CREATE VIEW exchange_inboxpackage WITH (security_barrier=true) AS
  SELECT p.id, p.uuid, p.agency_id, g.name AS agency_name, p.county_id, d.name AS county_name, p.situation, p.period,
         p.version, p.corrects_id IS NOT NULL AS is_correction, p.state, p.rows, t.sections, p.released_at, p.ended_at,
         p.archive_sha256, o.expires_at, o.most,
         (SELECT count(*)::int FROM exchange_packagedownload w WHERE w.offer_id = o.id) AS used
  FROM exchange_package p JOIN accounts_agency g ON g.id = p.agency_id JOIN accounts_division d ON d.id = p.county_id
  JOIN exchange_recipienttemplate t ON t.id = p.template_id
  LEFT JOIN exchange_packageoffer o ON o.package_id = p.id AND o.ended_at IS NULL
  WHERE {MINE} AND p.state IN ('released', 'collected', 'recalled');
REVOKE ALL ON exchange_inboxpackage FROM app;
GRANT SELECT ON exchange_inboxpackage TO app, app_partner;
"""  # noqa: S608

# Whether a package of the own office can be fetched now; every reason is judged at the moment of the fetch.
VERDICT = f"""
CREATE FUNCTION exchange_verdict(one uuid, moment timestamptz, today date) RETURNS varchar
LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT CASE
    WHEN p.state NOT IN ('released', 'collected') THEN 'recalled'
    WHEN NOT g.is_active THEN 'closed'
    WHEN NOT EXISTS (SELECT 1 FROM exchange_recipienttemplate n WHERE n.county_id = p.county_id
        AND n.agency_kind = t.agency_kind AND n.situation = p.situation AND n.state IN ('active', 'replaced', 'ended')
        AND n.starts_on <= today AND (n.ended_on IS NULL OR n.ended_on > today)) THEN 'stopped'
    WHEN NOT EXISTS (SELECT 1 FROM exchange_agencykey k WHERE k.agency_id = g.id AND k.state = 'active') THEN 'no_key'
    WHEN o.id IS NULL THEN 'not_yet'
    WHEN moment >= o.expires_at THEN 'expired'
    WHEN (SELECT count(*) FROM exchange_packagedownload w WHERE w.offer_id = o.id) >= o.most THEN 'used_up'
    ELSE 'open' END
  FROM exchange_package p JOIN accounts_agency g ON g.id = p.agency_id
  JOIN exchange_recipienttemplate t ON t.id = p.template_id
  LEFT JOIN exchange_packageoffer o ON o.package_id = p.id AND o.ended_at IS NULL
  WHERE p.uuid = one AND {MINE} AND p.state IN ('released', 'collected', 'recalled')
$$;
"""  # noqa: S608

# A fetch begins: judged, counted and written into the ledger for every person in it, all in this call or not at all.
COLLECT = f"""
CREATE FUNCTION exchange_collect(one uuid, new_uuid uuid, moment timestamptz, today date, how varchar,
  OUT verdict varchar, OUT recipient_key varchar, OUT letter_uuid uuid, OUT letter bytea)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE pack record; the_offer bigint; the_key bigint; officer record;
BEGIN
  SELECT u.id, u.uuid, u.display_name INTO officer FROM accounts_user u WHERE u.id = {WHO} AND u.is_active;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT p.id, p.uuid, p.agency_id, p.released_at INTO pack FROM exchange_package p
    WHERE p.uuid = one AND {MINE} AND p.state IN ('released', 'collected', 'recalled') FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  verdict := exchange_verdict(one, moment, today);
  IF verdict <> 'open' THEN RETURN; END IF;
  SELECT o.id INTO the_offer FROM exchange_packageoffer o WHERE o.package_id = pack.id AND o.ended_at IS NULL;
  SELECT k.id, k.public_key INTO the_key, recipient_key FROM exchange_agencykey k
    WHERE k.agency_id = pack.agency_id AND k.state = 'active';
  SELECT l.uuid, l.content INTO letter_uuid, letter FROM exchange_packageletter l WHERE l.package_id = pack.id;
  INSERT INTO exchange_packagedownload (uuid, offer_id, package_id, key_id, began_at, by_id, way, file_sha256)
    VALUES (new_uuid, the_offer, pack.id, the_key, moment, officer.id, how, '');
  INSERT INTO exchange_disclosure (at, uuid, act, person, recipient, recipient_name, alert, release, entry, fields,
                                   basis, citation, actor, actor_name, digest)
    SELECT moment, gen_random_uuid(), 'collected', l.person, l.recipient, l.recipient_name, NULL, l.release, NULL,
           l.fields, l.basis, l.citation, officer.uuid, officer.display_name, l.digest
    FROM exchange_disclosure l
    WHERE l.at >= pack.released_at AND l.at < pack.released_at + interval '1 minute' AND l.release = pack.uuid
      AND l.act IN ('disclosed', 'recalled');
END $$;
"""  # noqa: S608

# The sealed rows of a fetch that this officer has just begun, a few parts at a time.
PARTS = f"""
CREATE FUNCTION exchange_download_parts(one uuid, which varchar, changes boolean, beyond int, moment timestamptz)
RETURNS TABLE (number int, part uuid, content bytea) LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT r.number, r.uuid, r.content FROM exchange_packagedownload w JOIN exchange_package p ON p.id = w.package_id
  JOIN exchange_packagepart r ON r.package_id = p.id
  WHERE w.uuid = one AND w.by_id = {WHO} AND w.finished_at IS NULL AND w.began_at > moment - interval '1 hour'
    AND {MINE} AND p.state IN ('released', 'collected') AND r.list = which AND r.is_change = changes
    AND r.number > beyond ORDER BY r.number LIMIT 4
$$;
"""  # noqa: S608

# The last byte has gone out. The first such moment makes the package collected.
DONE = f"""
CREATE FUNCTION exchange_downloaded(one uuid, moment timestamptz, bytes bigint, digest varchar,
  OUT package_uuid uuid, OUT first boolean) LANGUAGE plpgsql {DEFINER} AS $$
DECLARE pack bigint;
BEGIN
  UPDATE exchange_packagedownload w SET finished_at = moment, size = bytes, file_sha256 = digest
    FROM exchange_package p WHERE p.id = w.package_id AND w.uuid = one AND w.by_id = {WHO} AND w.finished_at IS NULL
    RETURNING p.id, p.uuid INTO pack, package_uuid;
  UPDATE exchange_package SET state = 'collected' WHERE id = pack AND state = 'released';
  first := FOUND;
END $$;
"""  # noqa: S608

SIGNATURES = (
    "exchange_verdict(uuid, timestamptz, date)",
    "exchange_collect(uuid, uuid, timestamptz, date, varchar)",
    "exchange_download_parts(uuid, varchar, boolean, int, timestamptz)",
    "exchange_downloaded(uuid, timestamptz, bigint, varchar)",
)


def _sql(statements: str) -> migrations.RunSQL:
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0009_delivery")]
    operations = [
        *(_sql(one) for one in (KEYS, RIGHTS, VIEW, VERDICT, COLLECT, PARTS, DONE)),
        *(_sql(f"REVOKE EXECUTE ON FUNCTION {one} FROM PUBLIC") for one in SIGNATURES),
        *(_sql(f"GRANT EXECUTE ON FUNCTION {one} TO app, app_partner") for one in SIGNATURES),
    ]
