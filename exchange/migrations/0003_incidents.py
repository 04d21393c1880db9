"""What exchange keeps of incidents."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.history


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_walls"),
        ("registry", "0002_walls"),
        ("followup", "0005_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="alert",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="alert",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="alert",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="alertentry",
            name="alertentry_kind_known",
        ),
        migrations.AddField(
            model_name="alert",
            name="fell_on",
            field=models.DateField(null=True, verbose_name="等级已确认下降"),
        ),
        migrations.AddField(
            model_name="alerthistoryevent",
            name="fell_on",
            field=models.DateField(null=True, verbose_name="等级已确认下降"),
        ),
        migrations.AlterField(
            model_name="alert",
            name="closed_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("fell", "危险性等级已下降"),
                    ("confirmed_fall", "精神科医师确认等级下降"),
                    ("corrected", "评估已更正"),
                    ("moved", "已转到其他乡镇"),
                    ("ended", "已结案"),
                    ("incident_over", "事件已了结"),
                ],
                default="",
                max_length=16,
                verbose_name="解除原因",
            ),
        ),
        migrations.AlterField(
            model_name="alertentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("raised", "危险性等级达到通报标准"),
                    ("raised_again", "有新的评估"),
                    ("moved", "患者已转到其他乡镇，请看新住址"),
                    ("incident", "有一起危险行为事件已经核实"),
                    ("confirmed", "精神科医师已确认等级"),
                    ("lowered", "评估有变化，正在复核"),
                    ("withdrawn", "原评估已更正，这条内容已收回"),
                    ("closed", "这件预警已解除，内容已收回"),
                ],
                max_length=12,
                verbose_name="内容",
            ),
        ),
        migrations.AlterField(
            model_name="alertentry",
            name="source_kind",
            field=models.CharField(
                choices=[
                    ("visit", "随访评估"),
                    ("decision", "精神科复核"),
                    ("move", "管辖变更"),
                    ("ending", "结案"),
                    ("incident", "事件"),
                ],
                max_length=8,
                verbose_name="来源",
            ),
        ),
        migrations.AlterField(
            model_name="alerthistoryevent",
            name="closed_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("fell", "危险性等级已下降"),
                    ("confirmed_fall", "精神科医师确认等级下降"),
                    ("corrected", "评估已更正"),
                    ("moved", "已转到其他乡镇"),
                    ("ended", "已结案"),
                    ("incident_over", "事件已了结"),
                ],
                default="",
                max_length=16,
                verbose_name="解除原因",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "exchange_alerthistoryevent" ("agency_id", "area", "at_township", "closed_at", "closed_because", "confirmed_by_id", "confirmed_on", "county_id", "fell_on", "id", "level", "number", "opened_at", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "uuid") VALUES (NEW."agency_id", NEW."area", NEW."at_township", NEW."closed_at", NEW."closed_because", NEW."confirmed_by_id", NEW."confirmed_on", NEW."county_id", NEW."fell_on", NEW."id", NEW."level", NEW."number", NEW."opened_at", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."status", NEW."uuid"); RETURN NULL;',
                    hash="59479f232d96efb7634a83602b0af67df3290946",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f018e",
                    table="exchange_alert",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."area" IS DISTINCT FROM (NEW."area") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_because" IS DISTINCT FROM (NEW."closed_because") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."confirmed_on" IS DISTINCT FROM (NEW."confirmed_on") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."fell_on" IS DISTINCT FROM (NEW."fell_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "exchange_alerthistoryevent" ("agency_id", "area", "at_township", "closed_at", "closed_because", "confirmed_by_id", "confirmed_on", "county_id", "fell_on", "id", "level", "number", "opened_at", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "uuid") VALUES (NEW."agency_id", NEW."area", NEW."at_township", NEW."closed_at", NEW."closed_because", NEW."confirmed_by_id", NEW."confirmed_on", NEW."county_id", NEW."fell_on", NEW."id", NEW."level", NEW."number", NEW."opened_at", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."status", NEW."uuid"); RETURN NULL;',
                    hash="c2a98459bfa9403921cad9f0d737b747dbb3a82d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2b53e",
                    table="exchange_alert",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "exchange_alerthistoryevent" ("agency_id", "area", "at_township", "closed_at", "closed_because", "confirmed_by_id", "confirmed_on", "county_id", "fell_on", "id", "level", "number", "opened_at", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "uuid") VALUES (OLD."agency_id", OLD."area", OLD."at_township", OLD."closed_at", OLD."closed_because", OLD."confirmed_by_id", OLD."confirmed_on", OLD."county_id", OLD."fell_on", OLD."id", OLD."level", OLD."number", OLD."opened_at", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."status", OLD."uuid"); RETURN NULL;',
                    hash="d599e11a99e021940a11950e9de8f92a5bfcdbbc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e971a",
                    table="exchange_alert",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="alertentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["raised", "raised_again", "moved", "incident", "confirmed", "lowered", "withdrawn", "closed"],
                    )
                ),
                name="alertentry_kind_known",
            ),
        ),
    ]
