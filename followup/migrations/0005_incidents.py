"""Incidents and emergency records, with their walls."""

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

TABLES = (
    "followup_incident",
    "followup_emergency",
    "followup_emergencycheck",
    "followup_plan",
    "followup_planversion",
    "followup_caseteam",
)
TRACKED = ("followup_incident", "followup_emergency", "followup_plan")

# A record stays; a check and a plan's version are written once.
RIGHTS = """
REVOKE DELETE ON followup_incident, followup_emergency, followup_emergencycheck FROM app;
REVOKE UPDATE ON followup_emergencycheck FROM app;
REVOKE DELETE ON followup_plan, followup_planversion, followup_caseteam FROM app;
REVOKE UPDATE ON followup_planversion FROM app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0004_windows"),
        ("registry", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Emergency",
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
                        choices=[("opened", "待填写"), ("written", "已填写"), ("cancelled", "登记有误")],
                        default="opened",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="处置开始时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="处置结束时间")),
                (
                    "content",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="emergency.content", null=True, verbose_name="记录单"
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="填写时间")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergencies",
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
                        verbose_name="填写人",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
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
                        choices=[
                            ("reported", "待确认"),
                            ("confirmed", "已确认，处置中"),
                            ("closed", "已了结"),
                            ("dismissed", "不属实"),
                        ],
                        default="reported",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                ("level", models.PositiveSmallIntegerField(verbose_name="这次行为的危险性等级")),
                ("minor_trouble", models.PositiveSmallIntegerField(default=0, verbose_name="轻度滋事次数")),
                ("trouble", models.PositiveSmallIntegerField(default=0, verbose_name="肇事次数")),
                ("crime", models.PositiveSmallIntegerField(default=0, verbose_name="肇祸次数")),
                ("other_harm", models.PositiveSmallIntegerField(default=0, verbose_name="其他危害行为次数")),
                ("self_harm", models.PositiveSmallIntegerField(default=0, verbose_name="自伤次数")),
                ("suicide_attempt", models.PositiveSmallIntegerField(default=0, verbose_name="自杀未遂次数")),
                ("injured", models.PositiveSmallIntegerField(default=0, verbose_name="受伤人数")),
                ("dead", models.PositiveSmallIntegerField(default=0, verbose_name="死亡人数")),
                ("loss_yuan", models.PositiveIntegerField(default=0, verbose_name="财物损失（元）")),
                ("sent_to_hospital", models.BooleanField(default=False, verbose_name="已送医")),
                (
                    "legal_result",
                    models.CharField(
                        choices=[
                            ("0", "没有进入法律程序"),
                            ("1", "办理中"),
                            ("2", "治安处理"),
                            ("3", "刑事处理"),
                            ("4", "强制医疗"),
                            ("5", "依法不追究责任"),
                        ],
                        default="0",
                        max_length=1,
                        verbose_name="法律处理",
                    ),
                ),
                ("meeting_on", models.DateField(null=True, verbose_name="评估会日期")),
                (
                    "details",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="incident.details", null=True, verbose_name="经过"
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                (
                    "confirmed_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "公安机关出警记录或书面材料"),
                            ("2", "医院诊疗记录"),
                            ("3", "医务人员现场核实"),
                            ("4", "村（居）委会书面材料"),
                            ("5", "监护人或近亲属陈述"),
                        ],
                        default="",
                        max_length=1,
                        verbose_name="确认依据",
                    ),
                ),
                ("tells", models.BooleanField(default=False, verbose_name="已通报")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="了结时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="了结人",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyHistoryevent",
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
                        choices=[("opened", "待填写"), ("written", "已填写"), ("cancelled", "登记有误")],
                        default="opened",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="处置开始时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="处置结束时间")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="填写时间")),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
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
                        to="followup.emergency",
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
                        verbose_name="填写人",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="followup.incident",
                        verbose_name="事件",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="emergency",
            name="incident",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="emergencies",
                to="followup.incident",
                verbose_name="事件",
            ),
        ),
        migrations.CreateModel(
            name="IncidentHistoryevent",
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
                        choices=[
                            ("reported", "待确认"),
                            ("confirmed", "已确认，处置中"),
                            ("closed", "已了结"),
                            ("dismissed", "不属实"),
                        ],
                        default="reported",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                ("level", models.PositiveSmallIntegerField(verbose_name="这次行为的危险性等级")),
                ("minor_trouble", models.PositiveSmallIntegerField(default=0, verbose_name="轻度滋事次数")),
                ("trouble", models.PositiveSmallIntegerField(default=0, verbose_name="肇事次数")),
                ("crime", models.PositiveSmallIntegerField(default=0, verbose_name="肇祸次数")),
                ("other_harm", models.PositiveSmallIntegerField(default=0, verbose_name="其他危害行为次数")),
                ("self_harm", models.PositiveSmallIntegerField(default=0, verbose_name="自伤次数")),
                ("suicide_attempt", models.PositiveSmallIntegerField(default=0, verbose_name="自杀未遂次数")),
                ("injured", models.PositiveSmallIntegerField(default=0, verbose_name="受伤人数")),
                ("dead", models.PositiveSmallIntegerField(default=0, verbose_name="死亡人数")),
                ("loss_yuan", models.PositiveIntegerField(default=0, verbose_name="财物损失（元）")),
                ("sent_to_hospital", models.BooleanField(default=False, verbose_name="已送医")),
                (
                    "legal_result",
                    models.CharField(
                        choices=[
                            ("0", "没有进入法律程序"),
                            ("1", "办理中"),
                            ("2", "治安处理"),
                            ("3", "刑事处理"),
                            ("4", "强制医疗"),
                            ("5", "依法不追究责任"),
                        ],
                        default="0",
                        max_length=1,
                        verbose_name="法律处理",
                    ),
                ),
                ("meeting_on", models.DateField(null=True, verbose_name="评估会日期")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                (
                    "confirmed_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "公安机关出警记录或书面材料"),
                            ("2", "医院诊疗记录"),
                            ("3", "医务人员现场核实"),
                            ("4", "村（居）委会书面材料"),
                            ("5", "监护人或近亲属陈述"),
                        ],
                        default="",
                        max_length=1,
                        verbose_name="确认依据",
                    ),
                ),
                ("tells", models.BooleanField(default=False, verbose_name="已通报")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="了结时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="了结人",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
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
                        to="followup.incident",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("individual", "一人一方案"), ("case", "个案管理")], max_length=10, verbose_name="种类"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "执行中"), ("falling", "等级已下降，待评估"), ("ended", "已结束")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("review_on", models.DateField(verbose_name="复评日期")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="制定时间")),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制定人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanHistoryevent",
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
                    "kind",
                    models.CharField(
                        choices=[("individual", "一人一方案"), ("case", "个案管理")], max_length=10, verbose_name="种类"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "执行中"), ("falling", "等级已下降，待评估"), ("ended", "已结束")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("review_on", models.DateField(verbose_name="复评日期")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="制定时间")),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制定人",
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
                        to="followup.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("review_on", models.DateField(verbose_name="复评日期")),
                ("because", models.CharField(blank=True, default="", max_length=200, verbose_name="修订原因")),
                (
                    "content",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="planversion.content", verbose_name="内容"
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="followup.plan",
                        verbose_name="方案",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制定人",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseTeam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                (
                    "members",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="caseteam.members", verbose_name="成员"
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_teams",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("patient", "starts_on"), name="caseteam_once")],
            },
        ),
        migrations.CreateModel(
            name="EmergencyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("form_id", models.UUIDField(unique=True, verbose_name="表单号")),
                ("checked_at", models.DateTimeField(verbose_name="复查时间")),
                ("stable", models.BooleanField(verbose_name="平稳")),
                (
                    "note",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="emergencycheck.note", null=True, verbose_name="说明"
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="followup.emergency",
                        verbose_name="记录单",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["emergency", "checked_at"], name="emergencycheck_in_order")],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["patient", "-happened_at"], name="incident_of_patient"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("state__in", ["reported", "confirmed"])),
                fields=["duty_county", "duty_township", "state"],
                name="incident_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["reported", "confirmed", "closed", "dismissed"])),
                name="incident_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__range", (0, 5))), name="incident_level_0_to_5"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None), ("confirmed_from", ""), ("tells", False)),
                    models.Q(
                        ("confirmed_at__isnull", False), ("confirmed_by__isnull", False), ("confirmed_from__gt", "")
                    ),
                    _connector="OR",
                ),
                name="incident_confirmed_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None), ("state__in", ["reported", "confirmed"])),
                    models.Q(
                        ("ended_at__isnull", False), ("ended_by__isnull", False), ("state__in", ["closed", "dismissed"])
                    ),
                    _connector="OR",
                ),
                name="incident_ended_by_someone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_incidenthistoryevent" ("at_township", "confirmed_at", "confirmed_by_id", "confirmed_from", "crime", "dead", "ended_at", "ended_by_id", "entered_at", "entered_by_id", "form_id", "happened_at", "id", "injured", "legal_result", "level", "loss_yuan", "meeting_on", "minor_trouble", "other_harm", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_harm", "sent_to_hospital", "state", "suicide_attempt", "tells", "trouble", "uuid", "version") VALUES (NEW."at_township", NEW."confirmed_at", NEW."confirmed_by_id", NEW."confirmed_from", NEW."crime", NEW."dead", NEW."ended_at", NEW."ended_by_id", NEW."entered_at", NEW."entered_by_id", NEW."form_id", NEW."happened_at", NEW."id", NEW."injured", NEW."legal_result", NEW."level", NEW."loss_yuan", NEW."meeting_on", NEW."minor_trouble", NEW."other_harm", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."self_harm", NEW."sent_to_hospital", NEW."state", NEW."suicide_attempt", NEW."tells", NEW."trouble", NEW."uuid", NEW."version"); RETURN NULL;',
                    hash="726e2cdb3a231c931e31234ddfdae3731c1f3d10",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_97338",
                    table="followup_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."confirmed_from" IS DISTINCT FROM (NEW."confirmed_from") OR OLD."crime" IS DISTINCT FROM (NEW."crime") OR OLD."dead" IS DISTINCT FROM (NEW."dead") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."happened_at" IS DISTINCT FROM (NEW."happened_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."injured" IS DISTINCT FROM (NEW."injured") OR OLD."legal_result" IS DISTINCT FROM (NEW."legal_result") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."loss_yuan" IS DISTINCT FROM (NEW."loss_yuan") OR OLD."meeting_on" IS DISTINCT FROM (NEW."meeting_on") OR OLD."minor_trouble" IS DISTINCT FROM (NEW."minor_trouble") OR OLD."other_harm" IS DISTINCT FROM (NEW."other_harm") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."self_harm" IS DISTINCT FROM (NEW."self_harm") OR OLD."sent_to_hospital" IS DISTINCT FROM (NEW."sent_to_hospital") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."suicide_attempt" IS DISTINCT FROM (NEW."suicide_attempt") OR OLD."tells" IS DISTINCT FROM (NEW."tells") OR OLD."trouble" IS DISTINCT FROM (NEW."trouble") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "followup_incidenthistoryevent" ("at_township", "confirmed_at", "confirmed_by_id", "confirmed_from", "crime", "dead", "ended_at", "ended_by_id", "entered_at", "entered_by_id", "form_id", "happened_at", "id", "injured", "legal_result", "level", "loss_yuan", "meeting_on", "minor_trouble", "other_harm", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_harm", "sent_to_hospital", "state", "suicide_attempt", "tells", "trouble", "uuid", "version") VALUES (NEW."at_township", NEW."confirmed_at", NEW."confirmed_by_id", NEW."confirmed_from", NEW."crime", NEW."dead", NEW."ended_at", NEW."ended_by_id", NEW."entered_at", NEW."entered_by_id", NEW."form_id", NEW."happened_at", NEW."id", NEW."injured", NEW."legal_result", NEW."level", NEW."loss_yuan", NEW."meeting_on", NEW."minor_trouble", NEW."other_harm", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."self_harm", NEW."sent_to_hospital", NEW."state", NEW."suicide_attempt", NEW."tells", NEW."trouble", NEW."uuid", NEW."version"); RETURN NULL;',
                    hash="1c281258220fa7f78e6b39abc78bbed510e97b7e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c7b31",
                    table="followup_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_incidenthistoryevent" ("at_township", "confirmed_at", "confirmed_by_id", "confirmed_from", "crime", "dead", "ended_at", "ended_by_id", "entered_at", "entered_by_id", "form_id", "happened_at", "id", "injured", "legal_result", "level", "loss_yuan", "meeting_on", "minor_trouble", "other_harm", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_harm", "sent_to_hospital", "state", "suicide_attempt", "tells", "trouble", "uuid", "version") VALUES (OLD."at_township", OLD."confirmed_at", OLD."confirmed_by_id", OLD."confirmed_from", OLD."crime", OLD."dead", OLD."ended_at", OLD."ended_by_id", OLD."entered_at", OLD."entered_by_id", OLD."form_id", OLD."happened_at", OLD."id", OLD."injured", OLD."legal_result", OLD."level", OLD."loss_yuan", OLD."meeting_on", OLD."minor_trouble", OLD."other_harm", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."self_harm", OLD."sent_to_hospital", OLD."state", OLD."suicide_attempt", OLD."tells", OLD."trouble", OLD."uuid", OLD."version"); RETURN NULL;',
                    hash="47a9e05ebf079689acbd75fdea19c56e62a57e16",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_69581",
                    table="followup_incident",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["patient", "-started_at"], name="emergency_of_patient"),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(
                condition=models.Q(("state", "opened")),
                fields=["duty_county", "duty_township"],
                name="emergency_unwritten",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["opened", "written", "cancelled"])), name="emergency_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("settled_at", None), ("settled_by", None), ("state", "opened")),
                    models.Q(
                        ("content__isnull", False),
                        ("ended_at__isnull", False),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        ("state", "written"),
                    ),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False), ("state", "cancelled")),
                    _connector="OR",
                ),
                name="emergency_settled_by_someone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergency",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_emergencyhistoryevent" ("at_township", "ended_at", "form_id", "id", "incident_id", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "started_at", "state", "uuid") VALUES (NEW."at_township", NEW."ended_at", NEW."form_id", NEW."id", NEW."incident_id", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."settled_at", NEW."settled_by_id", NEW."started_at", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="4fda229a1e8f85b48b9c711056682f1f313902e4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_432ae",
                    table="followup_emergency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergency",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."incident_id" IS DISTINCT FROM (NEW."incident_id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at") OR OLD."settled_by_id" IS DISTINCT FROM (NEW."settled_by_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "followup_emergencyhistoryevent" ("at_township", "ended_at", "form_id", "id", "incident_id", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "started_at", "state", "uuid") VALUES (NEW."at_township", NEW."ended_at", NEW."form_id", NEW."id", NEW."incident_id", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."settled_at", NEW."settled_by_id", NEW."started_at", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="5c783cfb7b20692d739e7efc50ee62724addc6b3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8c543",
                    table="followup_emergency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergency",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_emergencyhistoryevent" ("at_township", "ended_at", "form_id", "id", "incident_id", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "started_at", "state", "uuid") VALUES (OLD."at_township", OLD."ended_at", OLD."form_id", OLD."id", OLD."incident_id", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."settled_at", OLD."settled_by_id", OLD."started_at", OLD."state", OLD."uuid"); RETURN NULL;',
                    hash="f1fb9b5c5a638c111fc1060facfde16dff0562da",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_38258",
                    table="followup_emergency",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("state", "ended"), _negated=True),
                fields=["duty_county", "duty_township", "review_on"],
                name="plan_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ended"), _negated=True), fields=("patient", "kind"), name="plan_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["individual", "case"])), name="plan_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on", None), ("state__in", ["active", "falling"])),
                    models.Q(("ended_on__isnull", False), ("state", "ended")),
                    _connector="OR",
                ),
                name="plan_ended_on_a_day",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_planhistoryevent" ("at_township", "ended_on", "id", "kind", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "state", "uuid") VALUES (NEW."at_township", NEW."ended_on", NEW."id", NEW."kind", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."review_on", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="55547eab6c2b7018e61f1353baae4be5ba5b8f37",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_625a8",
                    table="followup_plan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."ended_on" IS DISTINCT FROM (NEW."ended_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."review_on" IS DISTINCT FROM (NEW."review_on") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "followup_planhistoryevent" ("at_township", "ended_on", "id", "kind", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "state", "uuid") VALUES (NEW."at_township", NEW."ended_on", NEW."id", NEW."kind", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."review_on", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="1bfde2ef24f07b1c60661cb7a9de893f1f9c0c8b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_93fc5",
                    table="followup_plan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_planhistoryevent" ("at_township", "ended_on", "id", "kind", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "state", "uuid") VALUES (OLD."at_township", OLD."ended_on", OLD."id", OLD."kind", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."review_on", OLD."state", OLD."uuid"); RETURN NULL;',
                    hash="665926f57cbf55ca642eae08db330d07dd581aa4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_140ab",
                    table="followup_plan",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="planversion_once"),
        ),
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        *(ProtectHistory(f"{table}historyevent") for table in TRACKED),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
