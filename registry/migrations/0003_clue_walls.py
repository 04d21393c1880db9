"""Who sees a clue, how it is entered, and what becomes of a person told of twice."""

from django.db import migrations

from accounts.walls import COUNTIES, TOWNS

WHO = "nullif(current_setting('app.user', true), '')::bigint"
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
LIVE = f"a.user_id = {WHO} AND a.starts_on <= {TODAY} AND (a.ends_on IS NULL OR a.ends_on >= {TODAY})"

# A clue is seen by the township it names and by its county. Who reported it looks through the view below.
POLICY = f"""
ALTER TABLE registry_clue ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON registry_clue FOR ALL TO app
  USING (township_id = ANY ({TOWNS}) OR county_id = ANY ({COUNTIES}))
  WITH CHECK (township_id = ANY ({TOWNS}) OR county_id = ANY ({COUNTIES}));
CREATE POLICY whole ON registry_clue FOR SELECT TO backup USING (true);
REVOKE DELETE ON registry_clue FROM app;
"""  # noqa: S608

# What an office has reported, and how far it is in three words: never the outcome. It is not told that somebody else
# had reported the same person.
OWN = f"""
CREATE VIEW registry_ownclue WITH (security_barrier=true) AS
  SELECT c.id, c.uuid, c.agency_id, c.entered_at, u.display_name AS entered_by_name, c.source, c.items, c.found_on,
         c.told, t.name || coalesce(v.name, '') AS area,
         CASE WHEN c.state = 'reported' THEN 'received'
              WHEN c.state IN ('confirmed', 'registered', 'other', 'excluded', 'duplicate') THEN 'done'
              ELSE 'checking' END AS bare_state
  FROM registry_clue c JOIN accounts_user u ON u.id = c.entered_by_id JOIN accounts_division t ON t.id = c.township_id
  LEFT JOIN accounts_division v ON v.id = c.village_id
  WHERE c.agency_id IN (SELECT a.agency_id FROM accounts_assignment a WHERE {LIVE});
REVOKE ALL ON registry_ownclue FROM app;
GRANT SELECT ON registry_ownclue TO app, app_partner;
"""  # noqa: S608

# Everyone enters a clue by this one function: the office and the person come from the transaction, the place must lie
# in one of the person's own assignments. created: NULL outside the area, false when this form had come before.
ENTER = f"""
CREATE FUNCTION registry_enter_clue(new_uuid uuid, form uuid, town bigint, place bigint, kind varchar,
  ticked smallint[], day date, sealed bytea, moment timestamptz, OUT created boolean)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE above bigint; office bigint;
BEGIN
  SELECT parent_id INTO above FROM accounts_division WHERE id = town AND level = 'township';
  IF NOT FOUND THEN RETURN; END IF;
  IF place IS NOT NULL THEN
    PERFORM 1 FROM accounts_division WHERE id = place AND parent_id = town AND level = 'village';
    IF NOT FOUND THEN RETURN; END IF;
  END IF;
  SELECT a.agency_id INTO office FROM accounts_assignment a
    WHERE {LIVE} AND (a.division_id = town OR a.division_id = above OR a.division_id = place) ORDER BY a.id LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO registry_clue (uuid, form_id, township_id, county_id, village_id, agency_id, entered_by_id, entered_at,
                             source, items, found_on, told, state)
  VALUES (new_uuid, form, town, above, place, office, {WHO}, moment, kind, ticked, day, sealed, 'reported')
  ON CONFLICT (form_id) DO NOTHING;
  created := FOUND;
END $$;
GRANT EXECUTE ON FUNCTION registry_enter_clue(uuid, uuid, bigint, bigint, varchar, smallint[], date, bytea, timestamptz)
  TO app, app_partner;
"""  # noqa: S608

# Whatever hangs on the clue that ended, of whichever floor: the tables come from the catalog, as in hand_over().
JOIN = f"""
CREATE FUNCTION join_clue_records(one bigint) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE r record; t text; n int; moved int := 0;
BEGIN
  SELECT k.id, k.township_id, k.county_id INTO r FROM registry_clue c JOIN registry_clue k ON k.id = c.same_as_id
    WHERE c.id = one AND c.state = 'duplicate' AND merge_in_reach(c.township_id::int, c.county_id::int)
      AND merge_in_reach(k.township_id::int, k.county_id::int) FOR UPDATE OF k;
  IF NOT FOUND THEN RAISE EXCEPTION 'no merged clue within reach' USING ERRCODE = '42501'; END IF;
  FOR t IN SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND 3 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                 AND a.attname IN ('duty_township', 'patient_id', 'clue_id')) LOOP
    EXECUTE format('UPDATE %s SET clue_id = $1, duty_township = $2, duty_county = $3
                    WHERE clue_id = $4 AND patient_id IS NULL', t) USING r.id, r.township_id, r.county_id, one;
    GET DIAGNOSTICS n = ROW_COUNT;
    moved := moved + n;
  END LOOP;
  RETURN moved;
END $$;
GRANT EXECUTE ON FUNCTION join_clue_records(bigint) TO app;
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_walls"),
    ]
    operations = [
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.RunSQL(ENTER, migrations.RunSQL.noop),
        migrations.RunSQL(JOIN, migrations.RunSQL.noop),
    ]
