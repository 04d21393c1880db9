"""What was known on a day is kept for good: nobody rewrites a freeze, and its people are seen where one may see them."""

import accounts.models.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
import accounts.tables
from django.db import migrations, models

from accounts.walls import COUNTIES, TOWNS, AppendOnly

# A part may be sealed anew with another key by the owner; whose it is never changes, and its digest stands in the freeze.
WALLS = f"""
ALTER TABLE reports_freezepart ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON reports_freezepart FOR ALL TO app
  USING (county = ANY ({COUNTIES}) OR township = ANY ({TOWNS})) WITH CHECK (county = ANY ({COUNTIES}));
CREATE POLICY whole ON reports_freezepart FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON reports_freezepart FROM app;
CREATE TRIGGER append_only BEFORE UPDATE OF id, uuid, freeze_id, township, county OR DELETE ON reports_freezepart
  FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_freezepart FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""  # noqa: S608


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('reports', '0003_care_marks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        accounts.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Freeze',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                        ('kind', models.CharField(choices=[('quarter', '季度关账'), ('midterm', '中期评估'), ('final', '终期评估'), ('other', '专项评估')], max_length=8, verbose_name='类别')),
                        ('pack', models.CharField(blank=True, max_length=40, verbose_name='计划')),
                        ('as_of', models.DateField(verbose_name='截止日期')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('people', models.PositiveIntegerField(verbose_name='在册人数')),
                        ('sha256', models.CharField(max_length=64, verbose_name='校验码')),
                        ('frozen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='冻结时间')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='地区')),
                        ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='冻结人')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['area', '-as_of'], name='freeze_newest')],
                        'constraints': [models.UniqueConstraint(fields=('area', 'kind', 'pack', 'as_of'), name='freeze_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['quarter', 'midterm', 'final', 'other'])), name='freeze_kind_known'), models.CheckConstraint(condition=models.Q(('kind', 'quarter'), models.Q(('pack', ''), _negated=True), _connector='XOR'), name='freeze_names_its_plan')],
                    },
                ),
                migrations.CreateModel(
                    name='FreezePart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('township', models.IntegerField(verbose_name='乡镇（街道）')),
                        ('county', models.IntegerField(verbose_name='县（市、区）')),
                        ('content', accounts.models.fields.SealedBytesField(editable=True, label='freezepart.content', verbose_name='名单')),
                        ('freeze', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='reports.freeze', verbose_name='冻结')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('freeze', 'township'), name='freezepart_once')],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name='planreport',
            name='freeze',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reports.freeze', verbose_name='依据的冻结'),
        ),
        AppendOnly("reports_freeze", readable=True),
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
