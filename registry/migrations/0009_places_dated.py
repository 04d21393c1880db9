"""Addresses with dates, who answers for people without an ID number, what the nightly check found, sealed words.

A column becomes another kind of column by being made anew: nothing of it was released. The merge learns of the
addresses, and an undoing no longer stumbles over rows that were derived anew since.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.history
import accounts.models.fields
from accounts.walls import ChildPlace, Protect, ProtectHistory

WHO = "(SELECT nullif(current_setting('app.user', true), ''))::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

BEGIN = f"""
CREATE OR REPLACE FUNCTION merge_begin(one uuid, timelines text[]) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
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
"""  # noqa: S608

PUT = f"""
CREATE OR REPLACE FUNCTION merge_put(tab text, pk text, kind text, k text, before jsonb, after jsonb, fk text, gone bigint,
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
"""  # noqa: S608

SETTLE = f"""
DROP FUNCTION merge_settle(uuid, text, text);
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
GRANT EXECUTE ON FUNCTION merge_settle(uuid, text, bytea) TO app;
"""  # noqa: S608

# A step is written in the own name and stays; the nightly check's number is no person's.
WALLS = f"""
REVOKE UPDATE, DELETE ON registry_identitystep FROM app;
CREATE FUNCTION identity_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.by_id := coalesce({WHO}, NEW.by_id);
  RETURN NEW;
END $$;
CREATE TRIGGER identity_by BEFORE INSERT ON registry_identitystep FOR EACH ROW EXECUTE FUNCTION identity_by();
REVOKE DELETE ON registry_dutycheck FROM app;
GRANT UPDATE (answer) ON registry_idcheck TO app;
"""


def bound(model: str) -> migrations.SeparateDatabaseAndState:
    """A row gets the number that its sealed columns are bound to; rows there are get one each."""
    table = f"registry_{model}"
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD COLUMN uuid uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;"
                f"ALTER TABLE {table} ALTER COLUMN uuid DROP DEFAULT;",
                migrations.RunSQL.noop,
            )
        ],
        state_operations=[
            migrations.AddField(
                model_name=model,
                name="uuid",
                field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"),
            )
        ],
    )



class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('registry', '0010_clues_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('kind', models.CharField(choices=[('residence', '现住地'), ('household', '户籍地')], max_length=9, verbose_name='类别')),
                ('detail', accounts.models.fields.SealedWordsField(editable=True, label='address.detail', verbose_name='详址')),
                ('source', models.CharField(choices=[('opened', '建档登记'), ('moved', '登记新地址'), ('changed', '资料变更'), ('imported', '导入'), ('transfer', '档案移交'), ('corrected', '更正管辖'), ('merged', '档案合并')], max_length=9, verbose_name='来源')),
            ],
        ),
        migrations.CreateModel(
            name='AddressHistoryevent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='编号')),
                ('kind', models.CharField(choices=[('residence', '现住地'), ('household', '户籍地')], max_length=9, verbose_name='类别')),
                ('source', models.CharField(choices=[('opened', '建档登记'), ('moved', '登记新地址'), ('changed', '资料变更'), ('imported', '导入'), ('transfer', '档案移交'), ('corrected', '更正管辖'), ('merged', '档案合并')], max_length=9, verbose_name='来源')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DutyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_on', models.DateField(verbose_name='检查日期')),
                ('breaches', models.PositiveIntegerField(verbose_name='管辖不正确的档案')),
            ],
        ),
        migrations.CreateModel(
            name='IdentityStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('state', models.CharField(choices=[('waiting', '待县级核实'), ('returned', '退回补查'), ('confirmed', '已核实')], max_length=9, verbose_name='进度')),
                ('words', accounts.models.fields.SealedWordsField(editable=True, label='identitystep.words', verbose_name='怎样核实的')),
                ('on', models.DateField(verbose_name='日期')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='companion',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='companion',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='companion',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='consent',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='consent',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='consent',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='guardianship',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='guardianship',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='guardianship',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientstatus',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientstatus',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientstatus',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='socialfact',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='socialfact',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='socialfact',
            name='delete_delete',
        ),
        migrations.RemoveField(
            model_name='companionhistoryevent',
            name='duty',
        ),
        migrations.RemoveField(
            model_name='consenthistoryevent',
            name='reason',
        ),
        migrations.RemoveField(
            model_name='guardianshiphistoryevent',
            name='note',
        ),
        migrations.RemoveField(
            model_name='patientstatushistoryevent',
            name='evidence',
        ),
        migrations.RemoveField(
            model_name='patientstatushistoryevent',
            name='reason',
        ),
        migrations.RemoveField(
            model_name='socialfacthistoryevent',
            name='note',
        ),
        bound('consent'),
        bound('guardianship'),
        bound('patientstatus'),
        migrations.RemoveField(model_name='companion', name='duty'),
        migrations.AddField(
            model_name='companion',
            name='duty',
            field=accounts.models.fields.SealedWordsField(editable=True, label='companion.duty', verbose_name='职责'),
        ),
        migrations.RemoveField(model_name='consent', name='reason'),
        migrations.AddField(
            model_name='consent',
            name='reason',
            field=accounts.models.fields.SealedWordsField(editable=True, label='consent.reason', verbose_name='原因或告知内容'),
        ),
        migrations.RemoveField(model_name='guardianship', name='note'),
        migrations.AddField(
            model_name='guardianship',
            name='note',
            field=accounts.models.fields.SealedWordsField(editable=True, label='guardianship.note', verbose_name='说明'),
        ),
        migrations.RemoveField(model_name='idcheck', name='answer'),
        migrations.AddField(
            model_name='idcheck',
            name='answer',
            field=accounts.models.fields.SealedWordsField(editable=True, label='idcheck.answer', verbose_name='答复'),
        ),
        migrations.RemoveField(model_name='mergeproposal', name='answer'),
        migrations.AddField(
            model_name='mergeproposal',
            name='answer',
            field=accounts.models.fields.SealedWordsField(editable=True, label='merge.answer', verbose_name='答复'),
        ),
        migrations.RemoveField(model_name='mergeproposal', name='reason'),
        migrations.AddField(
            model_name='mergeproposal',
            name='reason',
            field=accounts.models.fields.SealedWordsField(editable=True, label='merge.reason', verbose_name='理由'),
        ),
        migrations.RemoveField(model_name='patientstatus', name='evidence'),
        migrations.AddField(
            model_name='patientstatus',
            name='evidence',
            field=accounts.models.fields.SealedWordsField(editable=True, label='patientstatus.evidence', verbose_name='依据'),
        ),
        migrations.RemoveField(model_name='patientstatus', name='reason'),
        migrations.AddField(
            model_name='patientstatus',
            name='reason',
            field=accounts.models.fields.SealedWordsField(editable=True, label='patientstatus.reason', verbose_name='原因'),
        ),
        migrations.RemoveField(model_name='socialfact', name='note'),
        migrations.AddField(
            model_name='socialfact',
            name='note',
            field=accounts.models.fields.SealedWordsField(editable=True, label='socialfact.note', verbose_name='说明'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_companionhistoryevent" ("at_township", "ended", "id", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "role", "slot", "starts_on", "uuid") VALUES (NEW."at_township", NEW."ended", NEW."id", NEW."patient_id", NEW."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."relation", NEW."role", NEW."slot", NEW."starts_on", NEW."uuid"); RETURN NULL;', hash='b72f31327f7c236b15322141bb1e5685c75e17c1', operation='INSERT', pgid='pgtrigger_insert_insert_09939', table='registry_companion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."ended" IS DISTINCT FROM (NEW."ended") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."payee" IS DISTINCT FROM (NEW."payee") OR OLD."relation" IS DISTINCT FROM (NEW."relation") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."slot" IS DISTINCT FROM (NEW."slot") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "registry_companionhistoryevent" ("at_township", "ended", "id", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "role", "slot", "starts_on", "uuid") VALUES (NEW."at_township", NEW."ended", NEW."id", NEW."patient_id", NEW."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."relation", NEW."role", NEW."slot", NEW."starts_on", NEW."uuid"); RETURN NULL;', hash='b2183285f0ce60fe77aa4c81c893282eea37c529', operation='UPDATE', pgid='pgtrigger_update_update_46bf0', table='registry_companion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_companionhistoryevent" ("at_township", "ended", "id", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "role", "slot", "starts_on", "uuid") VALUES (OLD."at_township", OLD."ended", OLD."id", OLD."patient_id", OLD."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."relation", OLD."role", OLD."slot", OLD."starts_on", OLD."uuid"); RETURN NULL;', hash='127d66cfa788e42c18e98014ba44a1fdba13bea2', operation='DELETE', pgid='pgtrigger_delete_delete_12b86', table='registry_companion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_consenthistoryevent" ("agreed", "at_township", "doctor", "id", "path", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "scan_id", "signer", "starts_on", "text_version") SELECT new_values."agreed", new_values."at_township", new_values."doctor", new_values."id", new_values."path", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."relation", new_values."scan_id", new_values."signer", new_values."starts_on", new_values."text_version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;', hash='36bd022a76629e639706493991ce3f1cd9ea4a23', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_21079', referencing='REFERENCING NEW TABLE AS new_values ', table='registry_consent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_consenthistoryevent" ("agreed", "at_township", "doctor", "id", "path", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "scan_id", "signer", "starts_on", "text_version") SELECT new_values."agreed", new_values."at_township", new_values."doctor", new_values."id", new_values."path", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."relation", new_values."scan_id", new_values."signer", new_values."starts_on", new_values."text_version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."agreed" IS DISTINCT FROM (new_values."agreed") OR old_values."at_township" IS DISTINCT FROM (new_values."at_township") OR old_values."doctor" IS DISTINCT FROM (new_values."doctor") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."path" IS DISTINCT FROM (new_values."path") OR old_values."patient_id" IS DISTINCT FROM (new_values."patient_id") OR old_values."relation" IS DISTINCT FROM (new_values."relation") OR old_values."scan_id" IS DISTINCT FROM (new_values."scan_id") OR old_values."signer" IS DISTINCT FROM (new_values."signer") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."text_version" IS DISTINCT FROM (new_values."text_version")) ) AS new_values; RETURN NULL;', hash='dbd2927b1602a49a8e4fb0d6fe277928a8176ccb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_939d6', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='registry_consent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_consenthistoryevent" ("agreed", "at_township", "doctor", "id", "path", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "scan_id", "signer", "starts_on", "text_version") SELECT old_values."agreed", old_values."at_township", old_values."doctor", old_values."id", old_values."path", old_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."relation", old_values."scan_id", old_values."signer", old_values."starts_on", old_values."text_version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values; RETURN NULL;', hash='86d6d7d86b91c5763ba85e3042c7e40dca01e72d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d4d8c', referencing='REFERENCING OLD TABLE AS old_values ', table='registry_consent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guardianship',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_guardianshiphistoryevent" ("at_township", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."at_township", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='56a565364cf4ae32ae50547644725143d0ece5f4', operation='INSERT', pgid='pgtrigger_insert_insert_5ef65', table='registry_guardianship', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guardianship',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "registry_guardianshiphistoryevent" ("at_township", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."at_township", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='1b382fc4eaa7c430d0cba36ed9a5eea269a2b37d', operation='UPDATE', pgid='pgtrigger_update_update_5f0dc', table='registry_guardianship', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guardianship',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_guardianshiphistoryevent" ("at_township", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (OLD."at_township", OLD."id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."state"); RETURN NULL;', hash='f0d2dcf63ffab6db132887d4ef3c2ffa58d97deb', operation='DELETE', pgid='pgtrigger_delete_delete_9ff8d', table='registry_guardianship', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientstatus',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_patientstatushistoryevent" ("at_township", "death_cause", "expected_until", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason_code", "scan_id", "starts_on", "unit", "value") SELECT new_values."at_township", new_values."death_cause", new_values."expected_until", new_values."id", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."place", new_values."reason_code", new_values."scan_id", new_values."starts_on", new_values."unit", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;', hash='3249ed55a58ad0ed50d73b7dec7cab08b67bc352', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_dcde2', referencing='REFERENCING NEW TABLE AS new_values ', table='registry_patientstatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientstatus',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_patientstatushistoryevent" ("at_township", "death_cause", "expected_until", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason_code", "scan_id", "starts_on", "unit", "value") SELECT new_values."at_township", new_values."death_cause", new_values."expected_until", new_values."id", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."place", new_values."reason_code", new_values."scan_id", new_values."starts_on", new_values."unit", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."at_township" IS DISTINCT FROM (new_values."at_township") OR old_values."death_cause" IS DISTINCT FROM (new_values."death_cause") OR old_values."expected_until" IS DISTINCT FROM (new_values."expected_until") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."patient_id" IS DISTINCT FROM (new_values."patient_id") OR old_values."place" IS DISTINCT FROM (new_values."place") OR old_values."reason_code" IS DISTINCT FROM (new_values."reason_code") OR old_values."scan_id" IS DISTINCT FROM (new_values."scan_id") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."unit" IS DISTINCT FROM (new_values."unit") OR old_values."value" IS DISTINCT FROM (new_values."value")) ) AS new_values; RETURN NULL;', hash='6dc81812942ba50bdc07451af503e7361ea5ce11', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_de2f1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='registry_patientstatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientstatus',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_patientstatushistoryevent" ("at_township", "death_cause", "expected_until", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason_code", "scan_id", "starts_on", "unit", "value") SELECT old_values."at_township", old_values."death_cause", old_values."expected_until", old_values."id", old_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."place", old_values."reason_code", old_values."scan_id", old_values."starts_on", old_values."unit", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values; RETURN NULL;', hash='ab78cc404322a61c6a7ad21d3c5beed24fcbbc73', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8276d', referencing='REFERENCING OLD TABLE AS old_values ', table='registry_patientstatus', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='socialfact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_socialfacthistoryevent" ("at_township", "grade", "holds", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") VALUES (NEW."at_township", NEW."grade", NEW."holds", NEW."id", NEW."kind", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on", NEW."uuid"); RETURN NULL;', hash='9888138b6b2f7d07633e309fbe9c19dbc458fa60', operation='INSERT', pgid='pgtrigger_insert_insert_8500b', table='registry_socialfact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='socialfact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."holds" IS DISTINCT FROM (NEW."holds") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "registry_socialfacthistoryevent" ("at_township", "grade", "holds", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") VALUES (NEW."at_township", NEW."grade", NEW."holds", NEW."id", NEW."kind", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on", NEW."uuid"); RETURN NULL;', hash='5aa86a30e6c329fbd3f77e5adc47c3e4a7543561', operation='UPDATE', pgid='pgtrigger_update_update_91089', table='registry_socialfact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='socialfact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_socialfacthistoryevent" ("at_township", "grade", "holds", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") VALUES (OLD."at_township", OLD."grade", OLD."holds", OLD."id", OLD."kind", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on", OLD."uuid"); RETURN NULL;', hash='e97e38a53d8f447df733ad0f6b3393a7483d7dc7', operation='DELETE', pgid='pgtrigger_delete_delete_20647', table='registry_socialfact', when='AFTER')),
        ),
        migrations.AddField(
            model_name='address',
            name='division',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='区划'),
        ),
        migrations.AddField(
            model_name='address',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='registry.patient', verbose_name='患者'),
        ),
        migrations.AddField(
            model_name='addresshistoryevent',
            name='division',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.division', verbose_name='区划'),
        ),
        migrations.AddField(
            model_name='addresshistoryevent',
            name='patient',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.patient', verbose_name='患者'),
        ),
        migrations.AddField(
            model_name='addresshistoryevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_events', to='registry.address'),
        ),
        migrations.AddField(
            model_name='dutycheck',
            name='county',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）'),
        ),
        migrations.AddField(
            model_name='identitystep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人'),
        ),
        migrations.AddField(
            model_name='identitystep',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_steps', to='registry.patient', verbose_name='患者'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.UniqueConstraint(fields=('patient', 'kind', 'starts_on'), include=('division',), name='address_once'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['residence', 'household'])), name='address_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['opened', 'moved', 'changed', 'imported', 'transfer', 'corrected', 'merged'])), name='address_source_known'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'residence'), _negated=True), ('division__isnull', False), _connector='OR'), name='address_residence_somewhere'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_addresshistoryevent" ("at_township", "division_id", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") SELECT new_values."at_township", new_values."division_id", new_values."id", new_values."kind", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."source", new_values."starts_on", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;', hash='382036e2994618b44ed18e5eb66d6389e2a6f7ee', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_eb1f5', referencing='REFERENCING NEW TABLE AS new_values ', table='registry_address', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_addresshistoryevent" ("at_township", "division_id", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") SELECT new_values."at_township", new_values."division_id", new_values."id", new_values."kind", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."source", new_values."starts_on", new_values."uuid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."at_township" IS DISTINCT FROM (new_values."at_township") OR old_values."division_id" IS DISTINCT FROM (new_values."division_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."patient_id" IS DISTINCT FROM (new_values."patient_id") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."uuid" IS DISTINCT FROM (new_values."uuid")) ) AS new_values; RETURN NULL;', hash='274bff5469c1f845361bbe5b87a3771e19d037ca', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_03f23', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='registry_address', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_addresshistoryevent" ("at_township", "division_id", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") SELECT old_values."at_township", old_values."division_id", old_values."id", old_values."kind", old_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."source", old_values."starts_on", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values; RETURN NULL;', hash='6f72daf25f8093bdcd96170515ed9c4bf91d860c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f095f', referencing='REFERENCING OLD TABLE AS old_values ', table='registry_address', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='dutycheck',
            constraint=models.UniqueConstraint(fields=('county', 'checked_on'), name='dutycheck_once'),
        ),
        migrations.AddIndex(
            model_name='identitystep',
            index=models.Index(fields=['patient', '-id'], name='identity_newest'),
        ),
        migrations.AddConstraint(
            model_name='identitystep',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'returned', 'confirmed'])), name='identity_state_known'),
        ),
        migrations.AddConstraint(
            model_name='identitystep',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'confirmed')), fields=('patient',), name='identity_confirmed_once'),
        ),
        Protect("registry_address"),
        ChildPlace("registry_address"),
        ProtectHistory("registry_addresshistoryevent"),
        Protect("registry_identitystep"),
        ChildPlace("registry_identitystep"),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(PUT, migrations.RunSQL.noop),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
