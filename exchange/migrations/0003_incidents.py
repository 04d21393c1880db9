"""What exchange keeps of incidents."""

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
        ("registry", "0002_walls"),
        ("followup", "0005_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JointMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("expires_at", models.DateTimeField(verbose_name="可看到")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="收回时间")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签名时间")),
                (
                    "did",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="jointmember.did", null=True, verbose_name="做了什么"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JointVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("form_id", models.UUIDField(unique=True, verbose_name="表单号")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "已约定"), ("done", "已完成"), ("cancelled", "已取消")],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="时间")),
                (
                    "content",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="jointvisit.content", verbose_name="协同随访单"
                    ),
                ),
                ("arranged_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="约定时间")),
            ],
        ),
        migrations.CreateModel(
            name="JointVisitHistoryevent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("form_id", models.UUIDField(verbose_name="表单号")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "已约定"), ("done", "已完成"), ("cancelled", "已取消")],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="时间")),
                ("arranged_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="约定时间")),
            ],
            options={
                "abstract": False,
            },
        ),
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
        migrations.AddField(
            model_name="jointmember",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="jointmember",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="成员",
            ),
        ),
        migrations.AddField(
            model_name="jointvisit",
            name="arranged_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="约定人",
            ),
        ),
        migrations.AddField(
            model_name="jointvisit",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joint_visits",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="jointmember",
            name="joint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="members",
                to="exchange.jointvisit",
                verbose_name="协同随访",
            ),
        ),
        migrations.AddField(
            model_name="jointvisithistoryevent",
            name="arranged_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="约定人",
            ),
        ),
        migrations.AddField(
            model_name="jointvisithistoryevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="jointvisithistoryevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history_events",
                to="exchange.jointvisit",
            ),
        ),
        migrations.AddIndex(
            model_name="jointvisit",
            index=models.Index(fields=["patient", "-planned_at"], name="jointvisit_of_patient"),
        ),
        migrations.AddIndex(
            model_name="jointvisit",
            index=models.Index(
                condition=models.Q(("state", "planned")),
                fields=["duty_county", "duty_township", "planned_at"],
                name="jointvisit_planned",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "done", "cancelled"])), name="jointvisit_state_known"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "exchange_jointvisithistoryevent" ("arranged_at", "arranged_by_id", "at_township", "form_id", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "state", "uuid") VALUES (NEW."arranged_at", NEW."arranged_by_id", NEW."at_township", NEW."form_id", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."planned_at", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="3d1586fc2fbc685264db9efaf1dbd371ea4934f3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f8ca7",
                    table="exchange_jointvisit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."arranged_at" IS DISTINCT FROM (NEW."arranged_at") OR OLD."arranged_by_id" IS DISTINCT FROM (NEW."arranged_by_id") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."planned_at" IS DISTINCT FROM (NEW."planned_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "exchange_jointvisithistoryevent" ("arranged_at", "arranged_by_id", "at_township", "form_id", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "state", "uuid") VALUES (NEW."arranged_at", NEW."arranged_by_id", NEW."at_township", NEW."form_id", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."planned_at", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="4a6e85f6ff4fc4b0030ccc004dbad7d2be878b46",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3772e",
                    table="exchange_jointvisit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "exchange_jointvisithistoryevent" ("arranged_at", "arranged_by_id", "at_township", "form_id", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_at", "state", "uuid") VALUES (OLD."arranged_at", OLD."arranged_by_id", OLD."at_township", OLD."form_id", OLD."id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."planned_at", OLD."state", OLD."uuid"); RETURN NULL;',
                    hash="c7fc8f16ea5a9a88bfb106fc1225f021f3e4bd7c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_be5e9",
                    table="exchange_jointvisit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="jointmember",
            index=models.Index(fields=["user", "expires_at"], name="jointmember_of_user"),
        ),
        migrations.AddConstraint(
            model_name="jointmember",
            constraint=models.UniqueConstraint(fields=("joint", "user"), name="jointmember_once"),
        ),
        migrations.AddConstraint(
            model_name="jointmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("did__isnull", True), ("signed_at", None)),
                    models.Q(("did__isnull", False), ("signed_at__isnull", False)),
                    _connector="OR",
                ),
                name="jointmember_signs_what_was_done",
            ),
        ),
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        ProtectHistory("exchange_jointvisithistoryevent"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        *(migrations.RunSQL(function, migrations.RunSQL.noop) for function in (MINE, OPEN, SIGN)),
        *(
            migrations.RunSQL(f"GRANT EXECUTE ON FUNCTION {one} TO app, app_partner", migrations.RunSQL.noop)
            for one in SIGNATURES
        ),
    ]
