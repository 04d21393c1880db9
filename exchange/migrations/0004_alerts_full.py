"""Alerts in full: absences, escalation, recalls that are signed for themselves, notices without content."""

import accounts.history
import accounts.models.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.walls import OFFICES

MINE = f"a.agency_id = ANY ({OFFICES})"
WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

RIGHTS = """
GRANT UPDATE (silent_noted_at, commission_noted_at, answer_noted_at) ON exchange_receipt TO app;
REVOKE DELETE ON exchange_notice, exchange_noticechannel FROM app;
REVOKE UPDATE ON exchange_noticechannel FROM app;
GRANT UPDATE (ended_at) ON exchange_noticechannel TO app;
"""

# The office's own hours stand on its case: a desk on duty counts every hour.
CASES = f"""
CREATE OR REPLACE VIEW exchange_inboxcase WITH (security_barrier=true) AS
  SELECT a.id, a.uuid, a.agency_id, g.name AS agency_name, a.county_id, a.number, a.status, a.opened_at, a.closed_at,
         CASE WHEN a.status <> 'closed' THEN a.level END AS level,
         CASE WHEN a.status <> 'closed' THEN a.area END AS area,
         g.on_duty
  FROM exchange_alert a JOIN accounts_agency g ON g.id = a.agency_id
  WHERE {MINE} AND EXISTS (SELECT 1 FROM exchange_receipt r WHERE r.alert_id = a.id);
"""  # noqa: S608

# 签收 up to the newest entry that stood on the officer's screen: what arrived since, a recall above all, keeps its own.
ACKNOWLEDGE = f"""
CREATE FUNCTION exchange_acknowledge(one uuid, moment timestamptz, newest uuid, OUT signed int, OUT who uuid)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE last bigint;
BEGIN
  SELECT p.uuid INTO who FROM exchange_alert a JOIN registry_patient p ON p.id = a.patient_id
  WHERE a.uuid = one AND {MINE} AND {WHO} IS NOT NULL;
  SELECT e.id INTO last FROM exchange_alertentry e JOIN exchange_alert a ON a.id = e.alert_id
  WHERE a.uuid = one AND e.uuid = newest;
  UPDATE exchange_receipt r SET acknowledged_at = moment, acknowledged_by_id = {WHO},
    seen_at = coalesce(r.seen_at, moment), seen_by_id = coalesce(r.seen_by_id, {WHO})
  FROM exchange_alert a WHERE a.id = r.alert_id AND a.uuid = one AND {MINE} AND r.acknowledged_at IS NULL
    AND who IS NOT NULL AND (newest IS NULL OR r.entry_id <= last);
  GET DIAGNOSTICS signed = ROW_COUNT;
END $$;
"""  # noqa: S608
GRANTS = "GRANT EXECUTE ON FUNCTION exchange_acknowledge(uuid, timestamptz, uuid) TO app, app_partner"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('exchange', '0005_templates'),
        ('registry', '0009_colour'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('entry', models.UUIDField(null=True, verbose_name='内容编号')),
                ('word', models.CharField(choices=[('new', '有新事项待签收'), ('changed', '事项有更新，待签收'), ('ended', '事项已办结，待签收'), ('overdue', '有事项超过期限'), ('test', '通知测试')], max_length=8, verbose_name='事项')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最早发送时间')),
                ('lease', models.UUIDField(null=True, verbose_name='占用')),
                ('leased_until', models.DateTimeField(null=True, verbose_name='占用到')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='发出时间')),
                ('failed_at', models.DateTimeField(null=True, verbose_name='停发时间')),
                ('last_error', models.CharField(blank=True, default='', max_length=80, verbose_name='原因')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('mail', '电子邮件'), ('webhook', '接口推送')], max_length=8, verbose_name='方式')),
                ('address', accounts.models.fields.EncryptedTextField(editable=True, label='noticechannel.address', verbose_name='地址')),
                ('secret', accounts.models.fields.EncryptedTextField(editable=True, label='noticechannel.secret', null=True, verbose_name='签名密钥')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='receipt',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='receipt',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='receipt',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='alertentry',
            name='alertentry_kind_known',
        ),
        migrations.AddField(
            model_name='receipt',
            name='answer_noted_at',
            field=models.DateTimeField(null=True, verbose_name='反馈超时记录时间'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='commission_noted_at',
            field=models.DateTimeField(null=True, verbose_name='报卫生健康委时间'),
        ),
        migrations.AddField(
            model_name='receipthistoryevent',
            name='answer_noted_at',
            field=models.DateTimeField(null=True, verbose_name='反馈超时记录时间'),
        ),
        migrations.AddField(
            model_name='receipthistoryevent',
            name='commission_noted_at',
            field=models.DateTimeField(null=True, verbose_name='报卫生健康委时间'),
        ),
        migrations.AlterField(
            model_name='alert',
            name='closed_because',
            field=models.CharField(blank=True, choices=[('fell', '危险性等级已下降'), ('confirmed_fall', '精神科医师确认等级下降'), ('corrected', '评估已更正'), ('moved', '已转到其他乡镇'), ('ended', '已结案'), ('incident_over', '事件已了结'), ('back', '已返回或已联系上')], default='', max_length=16, verbose_name='解除原因'),
        ),
        migrations.AlterField(
            model_name='alertentry',
            name='kind',
            field=models.CharField(choices=[('raised', '危险性等级达到通报标准'), ('raised_again', '有新的评估'), ('moved', '患者已转到其他乡镇，请看新住址'), ('incident', '有一起危险行为事件已经核实'), ('left', '患者已外出，请协助留意'), ('lost', '患者暂时联系不上，正在寻找'), ('found', '患者已返回或已联系上'), ('confirmed', '精神科医师已确认等级'), ('lowered', '评估有变化，正在复核'), ('withdrawn', '原评估已更正，这条内容已收回'), ('closed', '这件预警已解除，内容已收回'), ('escalated', '所属乡镇（街道）的同类单位超过期限没有签收，请督促')], max_length=12, verbose_name='内容'),
        ),
        migrations.AlterField(
            model_name='alertentry',
            name='source_kind',
            field=models.CharField(choices=[('visit', '随访评估'), ('decision', '精神科复核'), ('move', '管辖变更'), ('ending', '结案'), ('incident', '事件'), ('absence', '外出或失访'), ('silence', '超过期限')], max_length=8, verbose_name='来源'),
        ),
        migrations.AlterField(
            model_name='alerthistoryevent',
            name='closed_because',
            field=models.CharField(blank=True, choices=[('fell', '危险性等级已下降'), ('confirmed_fall', '精神科医师确认等级下降'), ('corrected', '评估已更正'), ('moved', '已转到其他乡镇'), ('ended', '已结案'), ('incident_over', '事件已了结'), ('back', '已返回或已联系上')], default='', max_length=16, verbose_name='解除原因'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "exchange_receipthistoryevent" ("acknowledged_at", "acknowledged_by_id", "alert_id", "answer_noted_at", "at_township", "commission_noted_at", "delivered_at", "entry_id", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seen_at", "seen_by_id", "silent_noted_at") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."alert_id", NEW."answer_noted_at", NEW."at_township", NEW."commission_noted_at", NEW."delivered_at", NEW."entry_id", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."seen_at", NEW."seen_by_id", NEW."silent_noted_at"); RETURN NULL;', hash='9c7707f0b8ea83a5eec60dea9db62625c667ff21', operation='INSERT', pgid='pgtrigger_insert_insert_764b8', table='exchange_receipt', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."acknowledged_by_id" IS DISTINCT FROM (NEW."acknowledged_by_id") OR OLD."alert_id" IS DISTINCT FROM (NEW."alert_id") OR OLD."answer_noted_at" IS DISTINCT FROM (NEW."answer_noted_at") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."commission_noted_at" IS DISTINCT FROM (NEW."commission_noted_at") OR OLD."delivered_at" IS DISTINCT FROM (NEW."delivered_at") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."seen_at" IS DISTINCT FROM (NEW."seen_at") OR OLD."seen_by_id" IS DISTINCT FROM (NEW."seen_by_id") OR OLD."silent_noted_at" IS DISTINCT FROM (NEW."silent_noted_at"))', func='INSERT INTO "exchange_receipthistoryevent" ("acknowledged_at", "acknowledged_by_id", "alert_id", "answer_noted_at", "at_township", "commission_noted_at", "delivered_at", "entry_id", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seen_at", "seen_by_id", "silent_noted_at") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."alert_id", NEW."answer_noted_at", NEW."at_township", NEW."commission_noted_at", NEW."delivered_at", NEW."entry_id", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."seen_at", NEW."seen_by_id", NEW."silent_noted_at"); RETURN NULL;', hash='472a1e3c806a506c7f2239eee7b7165b223bc7fd', operation='UPDATE', pgid='pgtrigger_update_update_8a59e', table='exchange_receipt', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "exchange_receipthistoryevent" ("acknowledged_at", "acknowledged_by_id", "alert_id", "answer_noted_at", "at_township", "commission_noted_at", "delivered_at", "entry_id", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seen_at", "seen_by_id", "silent_noted_at") VALUES (OLD."acknowledged_at", OLD."acknowledged_by_id", OLD."alert_id", OLD."answer_noted_at", OLD."at_township", OLD."commission_noted_at", OLD."delivered_at", OLD."entry_id", OLD."id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."seen_at", OLD."seen_by_id", OLD."silent_noted_at"); RETURN NULL;', hash='72ed4868fef7ce9d25c9336ae9845c334a003699', operation='DELETE', pgid='pgtrigger_delete_delete_f4696', table='exchange_receipt', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='alertentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['raised', 'raised_again', 'moved', 'incident', 'left', 'lost', 'found', 'confirmed', 'lowered', 'withdrawn', 'closed', 'escalated'])), name='alertentry_kind_known'),
        ),
        migrations.AddField(
            model_name='noticechannel',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='noticechannel',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='notice',
            name='channel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='exchange.noticechannel', verbose_name='地址'),
        ),
        migrations.AddConstraint(
            model_name='noticechannel',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('agency', 'kind'), name='noticechannel_one_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='noticechannel',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mail', 'webhook'])), name='noticechannel_kind_known'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('failed_at', None), ('sent_at', None)), fields=['due_at', 'id'], name='notice_due'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('channel', 'entry'), name='notice_once_per_entry'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('failed_at', None), _connector='OR'), name='notice_sent_or_failed'),
        ),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (RIGHTS, CASES, ACKNOWLEDGE, GRANTS)
        ),
    ]
