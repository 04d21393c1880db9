"""Where people live: notices, the way between townships, temporary files, and the walls around them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import COUNTIES, OFFICES, TOWNS

ME = "(SELECT nullif(current_setting('app.user', true), ''))::bigint"

# A notice is seen by its receiver and by who sent it; a sender may only sign with the own name and only tell of a
# person in the own reach; nothing but "read" is ever changed.
OWN_AGENCY = f"(SELECT agency_id FROM accounts_user WHERE id = {ME})"  # noqa: S608
RECEIVED = (
    f"to_township_id = ANY ({TOWNS}) OR to_county_id = ANY ({COUNTIES}) OR to_agency_id = ANY ({OFFICES}) "
    f"OR to_agency_id = {OWN_AGENCY}"
)
NOTICES = f"""
ALTER TABLE registry_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY received ON registry_notice FOR SELECT TO app USING ({RECEIVED} OR told_by_id = {ME});
CREATE POLICY told ON registry_notice FOR INSERT TO app WITH CHECK (
  told_by_id IS NOT DISTINCT FROM {ME}
  AND (patient_id IS NULL OR EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = patient_id)));
CREATE POLICY read ON registry_notice FOR UPDATE TO app USING ({RECEIVED}) WITH CHECK ({RECEIVED});
CREATE POLICY whole ON registry_notice FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON registry_notice FROM app;
GRANT UPDATE (read_at, read_by_id) ON registry_notice TO app;
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_people"),
        ("accounts", "0002_walls"),
    ]
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "档案移交"),
                            ("away", "外出与临时档案"),
                            ("household", "告知户籍地"),
                            ("status", "状态变化"),
                            ("clue", "线索"),
                            ("card", "报告卡"),
                            ("discharge", "出院信息"),
                            ("referral", "转诊"),
                            ("escort", "协助入院出院"),
                            ("identity", "身份核对"),
                            ("care", "随访与管理"),
                            ("incident", "事件与应急"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "words",
                    accounts.models.fields.EncryptedTextField(editable=True, label="notice.words", verbose_name="内容"),
                ),
                ("href", models.CharField(blank=True, max_length=200, verbose_name="办理页面")),
                ("verb", models.CharField(blank=True, max_length=20, verbose_name="按钮")),
                ("due_on", models.DateField(null=True, verbose_name="期限")),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="发出时间")),
                ("read_at", models.DateTimeField(null=True, verbose_name="看过时间")),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="告知单位",
                    ),
                ),
                (
                    "to_county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="所在县区",
                    ),
                ),
                (
                    "to_township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="告知乡镇",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["to_township"], name="notice_unread_township"
                    ),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["to_county"], name="notice_unread_county"
                    ),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["to_agency"], name="notice_unread_agency"
                    ),
                    models.Index(fields=["to_county", "told_at"], name="notice_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "transfer",
                                    "away",
                                    "household",
                                    "status",
                                    "clue",
                                    "card",
                                    "discharge",
                                    "referral",
                                    "escort",
                                    "identity",
                                    "care",
                                    "incident",
                                    "other",
                                ],
                            )
                        ),
                        name="notice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at", None), ("read_by", None)), ("read_at__isnull", False), _connector="OR"
                        ),
                        name="notice_read_when",
                    ),
                ],
            },
        ),
        migrations.RunSQL(NOTICES, migrations.RunSQL.noop),
    ]
