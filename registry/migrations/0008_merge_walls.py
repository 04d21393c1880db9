"""Duplicates, merging and undoing; what imports park; who takes a list away.

A merge re-points every row that names the merged file, whatever floor it belongs to: the tables come from the catalog,
as in hand_over(). Every row it touches is kept as it was, so that undoing restores it exactly and leaves alone what
was changed since.
"""

from django.db import migrations

from accounts.walls import COUNTIES, TOWNS, ChildPlace, Protect

WHO = "(SELECT nullif(current_setting('app.user', true), ''))::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

# Every table with a foreign key to a patient: its column, its key, and whether other rows hang on its rows.
TABLES = f"""
CREATE FUNCTION merge_tables() RETURNS TABLE (tab text, col text, pk text, kind text, leaf boolean, placed boolean)
LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT k.conrelid::regclass::text, a.attname::text, p.attname::text, format_type(p.atttypid, p.atttypmod),
    NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid = k.conrelid),
    EXISTS (SELECT 1 FROM pg_attribute d WHERE d.attrelid = k.conrelid AND d.attname = 'duty_township'
            AND NOT d.attisdropped)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
  JOIN pg_index i ON i.indrelid = k.conrelid AND i.indisprimary
  JOIN pg_attribute p ON p.attrelid = k.conrelid AND p.attnum = i.indkey[0]
  WHERE k.contype = 'f' AND k.confrelid = 'registry_patient'::regclass AND NOT c.relispartition
  ORDER BY 1, 2
$$;

CREATE FUNCTION merge_columns(tab text, without text) RETURNS text LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
  WHERE attrelid = tab::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> without
$$;

CREATE FUNCTION merge_in_reach(town int, county int) RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
  SELECT coalesce(town = ANY ({TOWNS}), false) OR coalesce(county = ANY ({COUNTIES}), false)
$$;
"""  # noqa: S608

# The proposal is decided by another user than its proposer; both files lie in the reach; then all links move.
BEGIN = f"""
CREATE FUNCTION merge_begin(one uuid, timelines text[]) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE p record; kept record; gone record; r record; k text; n int := 0; sets text; who bigint := {WHO}; wall text;
BEGIN
  SELECT * INTO p FROM registry_mergeproposal WHERE uuid = one FOR UPDATE;
  IF NOT FOUND OR p.state <> 'proposed' OR who IS NULL OR who = p.proposed_by_id THEN
    RAISE EXCEPTION 'a merge is confirmed by another user, once' USING ERRCODE = '42501';
  END IF;
  PERFORM 1 FROM registry_patient WHERE id = p.patient_id OR uuid = p.other ORDER BY id FOR UPDATE;
  SELECT * INTO kept FROM registry_patient WHERE id = p.patient_id;
  SELECT * INTO gone FROM registry_patient WHERE uuid = p.other;
  IF kept.id IS NULL OR gone.id IS NULL OR kept.id = gone.id
     OR NOT merge_in_reach(kept.duty_township, kept.duty_county)
     OR NOT merge_in_reach(gone.duty_township, gone.duty_county) THEN
    RAISE EXCEPTION 'both files must be within reach' USING ERRCODE = '42501';
  END IF;
  UPDATE registry_mergeproposal SET state = 'merged', decided_by_id = who, decided_at = now() WHERE id = p.id;
  INSERT INTO registry_casenumber AS c (county_id, last)
    VALUES (gone.duty_county, (SELECT max(number) FROM registry_patient WHERE duty_county = gone.duty_county))
    ON CONFLICT (county_id) DO UPDATE SET last = greatest(c.last, excluded.last);

  INSERT INTO registry_mergedrow (proposal_id, "table", key, before)
    SELECT p.id, 'registry_patient', id::text, to_jsonb(t) FROM registry_patient t WHERE id IN (kept.id, gone.id);
  FOR r IN SELECT * FROM merge_tables() LOOP
    EXECUTE format('INSERT INTO registry_mergedrow (proposal_id, "table", key, before)
      SELECT $1, %L, t.%I::text, to_jsonb(t) FROM %s t WHERE t.%I IN ($2, $3)
        AND NOT (%L = ''registry_mergeproposal'' AND t.%I::text = $1::text) ON CONFLICT DO NOTHING',
      r.tab, r.pk, r.tab, r.col, r.tab, r.pk) USING p.id, kept.id, gone.id;
  END LOOP;

  -- A table with one row per patient and start is a timeline: one of the two is taken whole. Addresses are the kept
  -- file's like its duty: where the two differ the service writes what was chosen.
  FOR r IN SELECT m.* FROM merge_tables() m WHERE m.tab = 'registry_address' OR EXISTS (
      SELECT 1 FROM pg_index u WHERE u.indrelid = m.tab::regclass AND u.indisunique AND u.indpred IS NULL
        AND u.indnkeyatts = 2 AND ARRAY(SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = u.indrelid AND a.attnum IN (u.indkey[0], u.indkey[1])
        ORDER BY 1) = ARRAY['patient_id', 'starts_on']) LOOP
    EXECUTE format('DELETE FROM %s WHERE %I = $1', r.tab, r.col)
      USING CASE WHEN r.tab = ANY (timelines) THEN kept.id ELSE gone.id END;
  END LOOP;

  FOR r IN SELECT * FROM merge_tables() LOOP
    sets := format('%I = $1', r.col)
      || CASE WHEN r.placed THEN ', duty_township = $2, duty_county = $3' ELSE '' END;
    FOR k IN EXECUTE format('SELECT %I::text FROM %s WHERE %I = $1', r.pk, r.tab, r.col) USING gone.id LOOP
      BEGIN
        EXECUTE format('UPDATE %s SET %s WHERE %I = $4::%s', r.tab, sets, r.pk, r.kind)
          USING kept.id, kept.duty_township, kept.duty_county, k;
        n := n + 1;
      EXCEPTION WHEN unique_violation OR exclusion_violation THEN
        GET STACKED DIAGNOSTICS wall = CONSTRAINT_NAME;
        -- One of a kind at a time (an open transfer, a running temporary file): dropping one would end it unasked.
        IF NOT r.leaf OR (wall <> 'identity_confirmed_once' AND EXISTS (
            SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relname = wall AND i.indpred IS NOT NULL)) THEN
          RAISE EXCEPTION 'unfinished in both files: %', r.tab USING ERRCODE = '55006';
        END IF;
        EXECUTE format('DELETE FROM %s WHERE %I = $1::%s', r.tab, r.pk, r.kind) USING k;
      END;
    END LOOP;
  END LOOP;
  DELETE FROM registry_patient WHERE id = gone.id;
  RETURN n;
END $$;

-- What the merge made of every row. Rows it left alone are no part of it; rows it made have no before.
CREATE FUNCTION merge_end(one uuid) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
DECLARE p record; r record;
BEGIN
  SELECT * INTO p FROM registry_mergeproposal WHERE uuid = one;
  IF NOT FOUND OR p.state <> 'merged' OR p.decided_by_id IS DISTINCT FROM {WHO} OR p.decided_at <> now() THEN
    RAISE EXCEPTION 'only in the transaction of the merge' USING ERRCODE = '42501';
  END IF;
  UPDATE registry_mergedrow l SET after = to_jsonb(t) FROM registry_patient t
    WHERE l.proposal_id = p.id AND l."table" = 'registry_patient' AND l.key = t.id::text;
  FOR r IN SELECT * FROM merge_tables() LOOP
    EXECUTE format('INSERT INTO registry_mergedrow (proposal_id, "table", key, after)
      SELECT $1, %L, t.%I::text, to_jsonb(t) FROM %s t WHERE t.%I = $2
        AND NOT (%L = ''registry_mergeproposal'' AND t.%I::text = $1::text)
      ON CONFLICT (proposal_id, "table", key) DO UPDATE SET after = excluded.after',
      r.tab, r.pk, r.tab, r.col, r.tab, r.pk) USING p.id, p.patient_id;
  END LOOP;
  DELETE FROM registry_mergedrow WHERE proposal_id = p.id AND before = after;
END $$;
"""  # noqa: S608

# Undoing: every row gets back what it had, column by column, where nobody has changed it since.
UNDO = f"""
CREATE FUNCTION merge_image(before jsonb, after jsonb, now_is jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(e.key, CASE WHEN now_is -> e.key IS DISTINCT FROM after -> e.key
    THEN now_is -> e.key ELSE e.value END) FROM jsonb_each(before) e
$$;

CREATE FUNCTION merge_put(tab text, pk text, kind text, k text, before jsonb, after jsonb, fk text, gone bigint,
                          ours text[]) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
DECLARE is_now jsonb; image jsonb; names text := merge_columns(tab, '');
BEGIN
  EXECUTE format('SELECT to_jsonb(t) FROM %s t WHERE %I = $1::%s', tab, pk, kind) INTO is_now USING k;
  image := CASE WHEN is_now IS NULL OR after IS NULL THEN before ELSE merge_image(before, after, is_now) END;
  IF is_now = image THEN RETURN; END IF;
  FOR attempt IN 1..2 LOOP
    BEGIN
      IF is_now IS NULL THEN
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1)',
          tab, names, names, tab) USING image;
      ELSE
        EXECUTE format('UPDATE %s SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%s, $1)) WHERE %I = $2::%s',
          tab, merge_columns(tab, pk), merge_columns(tab, pk), tab, pk, kind) USING image, k;
      END IF;
      RETURN;
    EXCEPTION WHEN unique_violation THEN
      IF attempt = 2 OR fk = '' THEN RAISE; END IF;
      -- What stands there belongs to the file that stays and is newer: derived rows were drawn anew under other keys.
      IF image ->> fk IS DISTINCT FROM gone::text AND NOT EXISTS (
          SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid = tab::regclass) THEN RETURN; END IF;
      -- Else a trigger has made a row for the returning file: ours comes first.
      EXECUTE format('DELETE FROM %s WHERE %I = $1 AND NOT (%I::text = ANY ($2))', tab, fk, pk) USING gone, ours;
    END;
  END LOOP;
END $$;

CREATE FUNCTION merge_undo(one uuid) RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
DECLARE p record; r record; l record; gone bigint; who bigint := {WHO}; ours text[]; kept record;
BEGIN
  SELECT * INTO p FROM registry_mergeproposal WHERE uuid = one FOR UPDATE;
  IF NOT FOUND OR p.state <> 'merged' OR who IS NULL OR p.decided_at < now() - interval '30 days' THEN
    RAISE EXCEPTION 'only a merge of the last 30 days is undone' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO kept FROM registry_patient WHERE id = p.patient_id FOR UPDATE;
  IF NOT merge_in_reach(kept.duty_township, kept.duty_county) THEN
    RAISE EXCEPTION 'the file must be within reach' USING ERRCODE = '42501';
  END IF;
  UPDATE registry_mergeproposal SET state = 'undone', undone_by_id = who, undone_at = now() WHERE id = p.id;
  SELECT key::bigint INTO gone FROM registry_mergedrow WHERE proposal_id = p.id AND "table" = 'registry_patient'
    AND before ->> 'uuid' = p.other::text;
  -- The kept file first: it may hold the number of the one that comes back.
  FOR l IN SELECT * FROM registry_mergedrow WHERE proposal_id = p.id AND "table" = 'registry_patient'
      ORDER BY (before ->> 'uuid' = p.other::text) LOOP
    PERFORM merge_put('registry_patient', 'id', 'bigint', l.key, l.before, l.after, '', gone, NULL);
  END LOOP;
  -- Then the register's rows, then those of the floors above, which triggers on the register's rows derive anew.
  FOR r IN SELECT * FROM merge_tables() ORDER BY (tab LIKE 'registry%') DESC, tab LOOP
    SELECT coalesce(array_agg(key), '{{}}') INTO ours FROM registry_mergedrow
      WHERE proposal_id = p.id AND "table" = r.tab AND before IS NOT NULL;
    FOR l IN SELECT * FROM registry_mergedrow WHERE proposal_id = p.id AND "table" = r.tab ORDER BY id LOOP
      IF l.before IS NOT NULL THEN
        PERFORM merge_put(r.tab, r.pk, r.kind, l.key, l.before, l.after, r.col, gone, ours);
      ELSE
        EXECUTE format('DELETE FROM %s t WHERE %I = $1::%s AND to_jsonb(t) = $2', r.tab, r.pk, r.kind)
          USING l.key, l.after;
      END IF;
    END LOOP;
    IF r.leaf THEN
      EXECUTE format('DELETE FROM %s WHERE %I = $1 AND NOT (%I::text = ANY ($2))', r.tab, r.col, r.pk)
        USING gone, ours;
    END IF;
  END LOOP;
  RETURN gone;
END $$;

CREATE FUNCTION merge_settle(one uuid, what text, words bytea) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
DECLARE p record; who bigint := {WHO};
BEGIN
  SELECT * INTO p FROM registry_mergeproposal WHERE uuid = one FOR UPDATE;
  IF NOT FOUND OR p.state <> 'proposed' OR who IS NULL OR NOT merge_in_reach(p.duty_township, p.duty_county)
     OR NOT ((what = 'refused' AND who <> p.proposed_by_id) OR (what = 'withdrawn' AND who = p.proposed_by_id)) THEN
    RAISE EXCEPTION 'no such step' USING ERRCODE = '42501';
  END IF;
  UPDATE registry_mergeproposal SET state = what, answer = words, decided_at = now(),
    decided_by_id = CASE WHEN what = 'refused' THEN who END WHERE id = p.id;
END $$;
GRANT EXECUTE ON FUNCTION merge_begin(uuid, text[]), merge_end(uuid), merge_undo(uuid), merge_settle(uuid, text, bytea)
  TO app;
"""  # noqa: S608

MERGE_WALLS = f"""
-- Nobody proposes in another's name: the second pair of eyes would be their own.
CREATE FUNCTION merge_proposer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.decided_by_id IS NOT NULL OR NEW.state NOT IN ('proposed', 'different') THEN
    RAISE EXCEPTION 'a proposal begins undecided' USING ERRCODE = '42501';
  END IF;
  NEW.proposed_by_id := coalesce({WHO}, NEW.proposed_by_id);
  RETURN NEW;
END $$;
CREATE TRIGGER merge_proposer BEFORE INSERT ON registry_mergeproposal
  FOR EACH ROW EXECUTE FUNCTION merge_proposer();
REVOKE UPDATE, DELETE ON registry_mergeproposal FROM app;
REVOKE ALL ON registry_mergedrow FROM app;
"""

PLACE = f"(township_id = ANY ({TOWNS}) OR county_id = ANY ({COUNTIES}))"
IDCHECK_WALLS = f"""
ALTER TABLE registry_idcheck ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON registry_idcheck FOR SELECT TO app USING ({PLACE});
CREATE POLICY ask ON registry_idcheck FOR INSERT TO app WITH CHECK ({PLACE}
  AND asked_by_id = {WHO} AND answered_by_id IS NULL AND state = 'waiting');
CREATE POLICY answer ON registry_idcheck FOR UPDATE TO app USING (county_id = ANY ({COUNTIES}))
  WITH CHECK (county_id = ANY ({COUNTIES}) AND answered_by_id = {WHO});
CREATE POLICY whole ON registry_idcheck FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON registry_idcheck FROM app;
GRANT UPDATE (state, answer, answered_by_id, answered_at) ON registry_idcheck TO app;
"""  # noqa: S608

FILE_WALLS = f"""
ALTER TABLE registry_importfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON registry_importfile FOR ALL TO app USING (user_id = {WHO}) WITH CHECK (user_id = {WHO});
CREATE POLICY whole ON registry_importfile FOR SELECT TO backup USING (true);

ALTER TABLE registry_exportrequest ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON registry_exportrequest FOR SELECT TO app USING ({PLACE});
CREATE POLICY ask ON registry_exportrequest FOR INSERT TO app WITH CHECK ({PLACE}
  AND asked_by_id = {WHO} AND decided_by_id IS NULL AND state = 'asked');
CREATE POLICY step ON registry_exportrequest FOR UPDATE TO app USING ({PLACE}) WITH CHECK ({PLACE});
CREATE POLICY whole ON registry_exportrequest FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON registry_exportrequest FROM app;
GRANT UPDATE (state, decided_by_id, decided_at, answer, downloads, fingerprints) ON registry_exportrequest TO app;
CREATE FUNCTION export_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id
     AND (OLD.decided_by_id IS NOT NULL OR NEW.decided_by_id IS DISTINCT FROM {WHO}) THEN
    RAISE EXCEPTION 'each decides in their own name, once' USING ERRCODE = '42501';
  END IF;
  IF NEW.downloads < OLD.downloads OR (NEW.downloads > OLD.downloads AND OLD.asked_by_id IS DISTINCT FROM {WHO}) THEN
    RAISE EXCEPTION 'the asker alone fetches the file' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER export_steps BEFORE UPDATE ON registry_exportrequest FOR EACH ROW EXECUTE FUNCTION export_steps();
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_referral_walls"),
    ]
    operations = [
        Protect("registry_mergeproposal"),
        ChildPlace("registry_mergeproposal"),
        Protect("registry_parkedchange"),
        ChildPlace("registry_parkedchange"),
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(UNDO, migrations.RunSQL.noop),
        migrations.RunSQL(MERGE_WALLS, migrations.RunSQL.noop),
        migrations.RunSQL(IDCHECK_WALLS, migrations.RunSQL.noop),
        migrations.RunSQL(FILE_WALLS, migrations.RunSQL.noop),
    ]
