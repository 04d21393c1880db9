"""People around the patient and their papers, with their walls."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import ChildPlace, Protect

# A kept paper is never taken away; its place moves with the patient.
KEEP_SCANS = "REVOKE DELETE ON registry_scan FROM app"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_cards"),
        ("accounts", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consent", "知情同意书"),
                            ("withdrawal", "撤回或拒绝的书面意见"),
                            ("identity", "证件"),
                            ("diagnosis", "诊断证明"),
                            ("referral", "转诊单"),
                            ("discharge", "出院材料"),
                            ("incident", "应急或事件材料"),
                            ("status", "状态依据"),
                            ("transfer", "迁移材料"),
                            ("certificate", "证书或认定材料"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("form", models.CharField(max_length=4, verbose_name="格式")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                (
                    "content",
                    accounts.models.fields.SealedBytesField(editable=True, label="scan.content", verbose_name="内容"),
                ),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="保存时间")),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("patient", "kind", "digest"), name="scan_kept_once")],
            },
        ),
        Protect("registry_scan"),
        ChildPlace("registry_scan"),
        migrations.RunSQL(KEEP_SCANS, migrations.RunSQL.noop),
    ]
