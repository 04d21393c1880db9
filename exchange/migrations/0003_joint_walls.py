"""The walls of visits made together, and the members' own small windows."""

from django.db import migrations

from accounts.walls import ChildPlace, Protect, ProtectHistory

CHILDREN = ("exchange_jointvisit", "exchange_jointmember")
WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
HOLDS = f"m.user_id = {WHO} AND m.revoked_at IS NULL AND m.expires_at > now()"

RIGHTS = """
REVOKE DELETE ON exchange_jointvisit, exchange_jointmember FROM app;
REVOKE UPDATE ON exchange_jointmember FROM app;
GRANT UPDATE (revoked_at) ON exchange_jointmember TO app;
"""

# A member's own sheets while the grant holds: no name before the sheet is opened.
MINE = f"""
CREATE FUNCTION exchange_my_joints() RETURNS TABLE (one uuid, planned timestamptz, what varchar, signed timestamptz,
  until timestamptz) LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT j.uuid, j.planned_at, j.state, m.signed_at, m.expires_at
  FROM exchange_jointmember m JOIN exchange_jointvisit j ON j.id = m.joint_id
  WHERE {HOLDS} ORDER BY j.planned_at
$$;
"""  # noqa: S608

# The sheet leaves only with a line of the ledger.
OPEN = f"""
CREATE FUNCTION exchange_joint_open(wanted uuid, moment timestamptz)
RETURNS TABLE (sealed bytea, who uuid) LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  RETURN QUERY
  WITH noted AS (
  INSERT INTO exchange_disclosure (at, uuid, act, person, recipient, recipient_name, alert, entry, fields, basis,
                                   citation, actor, actor_name, digest)
  SELECT moment, gen_random_uuid(), 'opened', p.uuid, g.uuid, g.name, j.uuid, NULL, d.fields, d.basis, d.citation,
         u.uuid, u.display_name, NULL
  FROM exchange_jointmember m JOIN exchange_jointvisit j ON j.id = m.joint_id
  JOIN registry_patient p ON p.id = j.patient_id JOIN accounts_user u ON u.id = m.user_id
  JOIN accounts_agency g ON g.id = u.agency_id
  CROSS JOIN LATERAL (SELECT l.fields, l.basis, l.citation FROM exchange_disclosure l
    WHERE l.person = p.uuid AND l.alert = j.uuid AND l.digest IS NOT NULL ORDER BY l.at DESC LIMIT 1) d
  WHERE j.uuid = wanted AND j.state <> 'cancelled' AND {HOLDS}
  RETURNING alert, person)
  SELECT j.content, noted.person FROM noted JOIN exchange_jointvisit j ON j.uuid = noted.alert;
END $$;
"""  # noqa: S608

SIGN = f"""
CREATE FUNCTION exchange_joint_member(wanted uuid, OUT member uuid) LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT m.uuid FROM exchange_jointmember m JOIN exchange_jointvisit j ON j.id = m.joint_id
  WHERE j.uuid = wanted AND j.state <> 'cancelled' AND {HOLDS}
$$;
CREATE FUNCTION exchange_joint_sign(wanted uuid, sealed bytea, moment timestamptz, OUT signed int, OUT who uuid)
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  SELECT p.uuid INTO who FROM exchange_jointmember m JOIN exchange_jointvisit j ON j.id = m.joint_id
  JOIN registry_patient p ON p.id = j.patient_id WHERE m.uuid = wanted AND j.state <> 'cancelled' AND {HOLDS};
  UPDATE exchange_jointmember m SET signed_at = moment, did = sealed
  WHERE m.uuid = wanted AND {HOLDS} AND m.signed_at IS NULL AND who IS NOT NULL;
  GET DIAGNOSTICS signed = ROW_COUNT;
END $$;
"""  # noqa: S608
SIGNATURES = (
    "exchange_my_joints()",
    "exchange_joint_open(uuid, timestamptz)",
    "exchange_joint_member(uuid)",
    "exchange_joint_sign(uuid, bytea, timestamptz)",
)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_walls"),
    ]
    operations = [
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        ProtectHistory("exchange_jointvisithistoryevent"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        *(migrations.RunSQL(function, migrations.RunSQL.noop) for function in (MINE, OPEN, SIGN)),
        *(
            migrations.RunSQL(f"GRANT EXECUTE ON FUNCTION {one} TO app, app_partner", migrations.RunSQL.noop)
            for one in SIGNATURES
        ),
    ]
