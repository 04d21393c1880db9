"""草稿 of the visit form, behind the wall of the township and a second one: only its writer changes or removes it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import ChildPlace, Protect

TABLE = "followup_draft"
OWN = "kept_by_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint"
WRITERS = f"""
CREATE POLICY own_new ON {TABLE} AS RESTRICTIVE FOR INSERT TO app WITH CHECK ({OWN});
CREATE POLICY own_text ON {TABLE} AS RESTRICTIVE FOR UPDATE TO app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY own_end ON {TABLE} AS RESTRICTIVE FOR DELETE TO app USING ({OWN} OR expires_at <= now());
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_walls"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                ("form_id", models.UUIDField(unique=True, verbose_name="表单号")),
                ("tab", models.UUIDField(verbose_name="窗口")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="次数")),
                (
                    "content",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="followup_draft.content", verbose_name="内容"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="开始")),
                ("saved_at", models.DateTimeField(verbose_name="暂存")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="保留到")),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kept_by", "-saved_at"], name="draft_of_person")],
                "constraints": [models.UniqueConstraint(fields=("patient", "kept_by"), name="draft_one_each")],
            },
        ),
        Protect(TABLE),
        ChildPlace(TABLE),
        migrations.RunSQL(WRITERS, migrations.RunSQL.noop),
    ]
