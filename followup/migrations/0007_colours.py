"""动态分色: tables of a county, what each person has, its changes and proposals, with their walls."""

import accounts.history
import accounts.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.walls import ChildPlace, Protect, ProtectHistory

TABLES = ("followup_patientcolour", "followup_colourchange", "followup_colourfall")

# A change is written once; a proposal and a table stay; what a person has now goes with the last table.
RIGHTS = """
REVOKE UPDATE, DELETE ON followup_colourchange FROM app;
REVOKE DELETE ON followup_colourfall, followup_colourtable FROM app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
        ("followup", "0008_incident_clue"),
        ("registry", "0009_colour"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="caseteam",
            name="size",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="人数"),
        ),
        migrations.CreateModel(
            name="ColourFall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="现在",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="降为",
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None, verbose_name="符合的情况"
                    ),
                ),
                ("basis", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待评估"),
                            ("assessed", "待批准"),
                            ("approved", "已批准"),
                            ("refused", "不同意"),
                            ("kept", "评估后维持"),
                            ("lapsed", "情况有变化，不再办理"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出时间")),
                (
                    "assessment",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="colourfall.assessment", null=True, verbose_name="评估意见"
                    ),
                ),
                ("assessed_at", models.DateTimeField(null=True, verbose_name="评估时间")),
                (
                    "because",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="colourfall.because", null=True, verbose_name="审批意见"
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "assessed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评估人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="colour_falls",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ColourFallHistoryevent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="现在",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="降为",
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None, verbose_name="符合的情况"
                    ),
                ),
                ("basis", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待评估"),
                            ("assessed", "待批准"),
                            ("approved", "已批准"),
                            ("refused", "不同意"),
                            ("kept", "评估后维持"),
                            ("lapsed", "情况有变化，不再办理"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出时间")),
                ("assessed_at", models.DateTimeField(null=True, verbose_name="评估时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "assessed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评估人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history_events",
                        to="followup.colourfall",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ColourTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "拟定中"),
                            ("active", "已启用"),
                            ("stopped", "已停用"),
                            ("dropped", "已作废"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="生效日期")),
                ("stopped_on", models.DateField(null=True, verbose_name="停用日期")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("content", models.JSONField(verbose_name="内容")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="拟定时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="启用时间")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="县（市、区）",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="启用人",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟定人",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PatientColour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                (
                    "held",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="分色",
                    ),
                ),
                (
                    "aside",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_hospital", "住院"),
                            ("away", "外出"),
                            ("lost", "失访"),
                            ("detained", "羁押或强制医疗"),
                        ],
                        max_length=11,
                        verbose_name="不在社区",
                    ),
                ),
                ("since", models.DateField(verbose_name="开始日期")),
                (
                    "suggested",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="按规则",
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None, verbose_name="符合的情况"
                    ),
                ),
                ("village_on", models.DateField(null=True, verbose_name="村医随访日期")),
                ("township_on", models.DateField(null=True, verbose_name="镇街随访日期")),
                ("psychiatrist_on", models.DateField(null=True, verbose_name="精神科医师随访日期")),
                ("police_on", models.DateField(null=True, verbose_name="协同随访日期")),
                ("seen_police_on", models.DateField(null=True, verbose_name="最近协同随访")),
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="colour_now",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followup.colourtable",
                        verbose_name="分色表",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ColourChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="原来",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("red", "红色"),
                            ("orange", "橙色"),
                            ("yellow", "黄色"),
                            ("green", "绿色"),
                            ("grey", "灰色"),
                        ],
                        max_length=6,
                        verbose_name="改为",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("first", "首次分色"),
                            ("rise", "升级"),
                            ("fall", "批准降级"),
                            ("aside", "离开社区"),
                            ("back", "回到社区"),
                            ("table", "更换分色表"),
                            ("end", "不再分色"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                (
                    "aside",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_hospital", "住院"),
                            ("away", "外出"),
                            ("lost", "失访"),
                            ("detained", "羁押或强制医疗"),
                        ],
                        max_length=11,
                        verbose_name="不在社区",
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None, verbose_name="符合的情况"
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(default=0, verbose_name="“近几个月”是几个月")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="colour_changes",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "-at"], name="colourchange_of_patient")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["first", "rise", "fall", "aside", "back", "table", "end"])),
                        name="colourchange_way_known",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="colourfall",
            index=models.Index(
                condition=models.Q(("state__in", ["proposed", "assessed"])),
                fields=["duty_county", "duty_township", "state"],
                name="colourfall_open",
            ),
        ),
        migrations.AddIndex(
            model_name="colourfall",
            index=models.Index(fields=["patient", "-opened_at"], name="colourfall_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="colourfall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "assessed"])),
                fields=("patient",),
                name="colourfall_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="colourfall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "assessed", "approved", "refused", "kept", "lapsed"])),
                name="colourfall_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="colourfall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "refused"]), _negated=True),
                    models.Q(("assessed_by", models.F("settled_by")), _negated=True),
                    _connector="OR",
                ),
                name="colourfall_two_people",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="colourfall",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_colourfallhistoryevent" ("after", "assessed_at", "assessed_by_id", "at_township", "basis", "before", "id", "opened_at", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "settled_at", "settled_by_id", "state", "uuid") VALUES (NEW."after", NEW."assessed_at", NEW."assessed_by_id", NEW."at_township", NEW."basis", NEW."before", NEW."id", NEW."opened_at", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."reasons", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="af3a7c9c0f9e755a9dcd28f7aa0c10c36c25cbc5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b8a58",
                    table="followup_colourfall",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="colourfall",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."after" IS DISTINCT FROM (NEW."after") OR OLD."assessed_at" IS DISTINCT FROM (NEW."assessed_at") OR OLD."assessed_by_id" IS DISTINCT FROM (NEW."assessed_by_id") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."before" IS DISTINCT FROM (NEW."before") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at") OR OLD."settled_by_id" IS DISTINCT FROM (NEW."settled_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "followup_colourfallhistoryevent" ("after", "assessed_at", "assessed_by_id", "at_township", "basis", "before", "id", "opened_at", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "settled_at", "settled_by_id", "state", "uuid") VALUES (NEW."after", NEW."assessed_at", NEW."assessed_by_id", NEW."at_township", NEW."basis", NEW."before", NEW."id", NEW."opened_at", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reasons", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="18c96d7e06b749e0a8789a68a456812d2eb94e9f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5d4cf",
                    table="followup_colourfall",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="colourfall",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_colourfallhistoryevent" ("after", "assessed_at", "assessed_by_id", "at_township", "basis", "before", "id", "opened_at", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "settled_at", "settled_by_id", "state", "uuid") VALUES (OLD."after", OLD."assessed_at", OLD."assessed_by_id", OLD."at_township", OLD."basis", OLD."before", OLD."id", OLD."opened_at", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."reasons", OLD."settled_at", OLD."settled_by_id", OLD."state", OLD."uuid"); RETURN NULL;',
                    hash="520b4c08f8bf5bb3b848118da759a4342ed995a6",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_37c08",
                    table="followup_colourfall",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="colourtable",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "active")), fields=("county", "starts_on"), name="colourtable_one_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="colourtable",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("county",), name="colourtable_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="colourtable",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "active", "stopped", "dropped"])),
                name="colourtable_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="colourtable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "stopped"), ("stopped_on__isnull", False)),
                    models.Q(models.Q(("state", "stopped"), _negated=True), ("stopped_on", None)),
                    _connector="OR",
                ),
                name="colourtable_stopped_on_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="patientcolour",
            index=models.Index(fields=["duty_county", "duty_township"], name="patientcolour_of_place"),
        ),
        migrations.AddConstraint(
            model_name="patientcolour",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__in", ["", "red", "orange", "yellow", "green", "grey"])),
                name="patientcolour_held_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcolour",
            constraint=models.CheckConstraint(
                condition=models.Q(("aside__in", ["", "in_hospital", "away", "lost", "detained"])),
                name="patientcolour_aside_known",
            ),
        ),
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        ProtectHistory("followup_colourfallhistoryevent"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
