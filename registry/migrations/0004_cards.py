import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import COUNTIES, OFFICES, TOWNS

WHO = "nullif(current_setting('app.user', true), '')::bigint"

# A paper is seen by the hospital that wrote it, by the township it was sent to and by the county. What is not sent yet
# is its writer's alone; a paper card is entered by the county under the hospital's name.
SEEN = (
    f"hospital_id = ANY ({OFFICES}) OR entered_by_id = {WHO} OR county_id = ANY ({COUNTIES}) "
    f"OR (sent_on IS NOT NULL AND township_id = ANY ({TOWNS}))"
)


def wall(table: str) -> migrations.RunSQL:
    statements = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY see ON {table} FOR ALL TO app USING ({SEEN}) WITH CHECK ({SEEN})",
        f"CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true)",
        f"REVOKE DELETE ON {table} FROM app",
    )
    return migrations.RunSQL(list(statements), migrations.RunSQL.noop)


NUMBERS = """
CREATE SEQUENCE registry_card_number;
GRANT USAGE ON SEQUENCE registry_card_number TO app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_clues"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DischargeNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("form_id", models.UUIDField(unique=True, verbose_name="表单号")),
                ("number", models.CharField(max_length=20, verbose_name="卡片编号")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="录入时间")),
                ("id_index", models.BinaryField(max_length=32, null=True, verbose_name="证件号索引")),
                ("reported_on", models.DateField(null=True, verbose_name="报告日期")),
                ("sent_on", models.DateField(null=True, verbose_name="送达日期")),
                ("held_on", models.DateField(null=True, verbose_name="转县级日期")),
                (
                    "held_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "地址不详或有误"),
                            ("known", "证件号需县级核对"),
                            ("unsettled", "没有写明乡镇"),
                            ("", "无"),
                        ],
                        max_length=10,
                        verbose_name="转县级原因",
                    ),
                ),
                ("accepted_on", models.DateField(null=True, verbose_name="接收日期")),
                (
                    "content",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="dischargenotice.content", verbose_name="内容"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "待乡镇接收"),
                            ("at_county", "待县级处理"),
                            ("needs_card", "待医院报卡"),
                            ("accepted", "已接收"),
                            ("elsewhere", "外县在册"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="进展",
                    ),
                ),
                ("admitted_on", models.DateField(verbose_name="入院日期")),
                ("discharged_on", models.DateField(verbose_name="出院日期")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="报告单位",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discharge_notices",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="乡镇（街道）",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["township", "state"], name="discharge_by_township")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "at_county", "needs_card", "accepted", "elsewhere"])),
                        name="discharge_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True), ("patient__isnull", False), _connector="OR"
                        ),
                        name="discharge_accepted_has_patient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discharged_on__gte", models.F("admitted_on"))),
                        name="discharge_after_admission",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("form_id", models.UUIDField(unique=True, verbose_name="表单号")),
                ("number", models.CharField(max_length=20, verbose_name="卡片编号")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="录入时间")),
                ("id_index", models.BinaryField(max_length=32, null=True, verbose_name="证件号索引")),
                ("reported_on", models.DateField(null=True, verbose_name="报告日期")),
                ("sent_on", models.DateField(null=True, verbose_name="送达日期")),
                ("held_on", models.DateField(null=True, verbose_name="转县级日期")),
                (
                    "held_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "地址不详或有误"),
                            ("known", "证件号需县级核对"),
                            ("unsettled", "没有写明乡镇"),
                            ("", "无"),
                        ],
                        max_length=10,
                        verbose_name="转县级原因",
                    ),
                ),
                ("accepted_on", models.DateField(null=True, verbose_name="接收日期")),
                (
                    "content",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="reportcard.content", verbose_name="内容"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "未填完"),
                            ("sent", "待乡镇接收"),
                            ("at_county", "待县级处理"),
                            ("accepted", "已接收"),
                            ("correcting", "更正待办理"),
                            ("withdrawn", "已撤销"),
                            ("elsewhere", "外县在册"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="进展",
                    ),
                ),
                ("diagnosed_on", models.DateField(verbose_name="确诊日期")),
                ("paper_on", models.DateField(null=True, verbose_name="收到纸质卡日期")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "correction",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="reportcard.correction", null=True, verbose_name="更正"
                    ),
                ),
                ("corrected_on", models.DateField(null=True, verbose_name="更正日期")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="报告单位",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_cards",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="乡镇（街道）",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["township", "state"], name="reportcard_by_township")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "sent", "at_county", "accepted", "correcting", "withdrawn", "elsewhere"],
                            )
                        ),
                        name="reportcard_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "correcting"]), _negated=True),
                            ("patient__isnull", False),
                            _connector="OR",
                        ),
                        name="reportcard_accepted_has_patient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("township__isnull", False), _connector="OR"
                        ),
                        name="reportcard_sent_has_township",
                    ),
                ],
            },
        ),
        wall("registry_reportcard"),
        wall("registry_dischargenotice"),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
    ]
