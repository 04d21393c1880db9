import accounts.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.walls import COUNTIES


# The rows that left are read in the county's reach only; they are never changed, and dropped only before a release.
WALLS = f"""
ALTER TABLE exchange_packagepart ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON exchange_packagepart FOR ALL TO app
  USING (county_id = ANY ({COUNTIES})) WITH CHECK (county_id = ANY ({COUNTIES}));
CREATE POLICY whole ON exchange_packagepart FOR SELECT TO backup USING (true);
REVOKE UPDATE ON exchange_packagepart FROM app;
REVOKE DELETE ON exchange_package FROM app;
CREATE FUNCTION released_parts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM exchange_package p WHERE p.id = OLD.package_id AND p.released_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the rows of a released package stay' USING ERRCODE = '42501';
  END IF;
  RETURN OLD;
END $$;
REVOKE EXECUTE ON FUNCTION released_parts_stay() FROM PUBLIC;
CREATE TRIGGER released_parts_stay BEFORE DELETE ON exchange_packagepart
  FOR EACH ROW EXECUTE FUNCTION released_parts_stay();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('exchange', '0004_alerts_full'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='disclosure',
            name='release',
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name='disclosure',
            name='alert',
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name='disclosure',
            name='fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None),
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('situation', models.CharField(choices=[('quarterly', '季度信息交换'), ('standard', '综治数据（GB/T 31000—2015）'), ('standard_full', '综治数据（含诊断、治疗）'), ('half_yearly', '半年信息交换'), ('urgent', '单人紧急通报'), ('discharge', '出院告知'), ('flow', '流动告知'), ('sudden_change', '病情突变告知'), ('lost_report', '失访（死亡）登记表')], max_length=14, verbose_name='情形')),
                ('period', models.CharField(max_length=6, verbose_name='交换期')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版次')),
                ('state', models.CharField(choices=[('opened', '待准备'), ('prepared', '待签发'), ('released', '已签发'), ('collected', '已领取'), ('recalled', '已收回'), ('dropped', '未签发作废')], default='opened', max_length=9, verbose_name='状态')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='建立时间')),
                ('prepared_at', models.DateTimeField(null=True, verbose_name='准备时间')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='行数')),
                ('counts', models.JSONField(default=dict, verbose_name='各名单人数和差异')),
                ('content_sha256', models.CharField(blank=True, max_length=64, verbose_name='内容校验码')),
                ('fault', models.CharField(blank=True, max_length=200, verbose_name='没有做成的原因')),
                ('first_at', models.DateTimeField(null=True, verbose_name='第一人签发时间')),
                ('released_at', models.DateTimeField(null=True, verbose_name='签发时间')),
                ('archive_sha256', models.CharField(blank=True, max_length=64, verbose_name='文件校验码')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='收回或作废时间')),
                ('because', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='接收单位')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='收回或作废人')),
                ('first_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='第一签发人')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='第二签发人')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.recipienttemplate', verbose_name='接收模板')),
            ],
        ),
        migrations.CreateModel(
            name='PackagePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveIntegerField(verbose_name='次序')),
                ('list', models.CharField(choices=[('high_risk', '三级及以上人员'), ('incidents', '肇事肇祸情况'), ('away', '失访、拒访和外出人员'), ('new', '新增人员'), ('ended', '结案人员'), ('totals', '分乡镇合计'), ('standard', '肇事肇祸等严重精神障碍患者'), ('assisted', '救助对象'), ('certified', '残疾人证持证人员'), ('insured', '参保人员'), ('person', '本人情况')], max_length=10, verbose_name='名单')),
                ('content', accounts.models.fields.SealedJSONField(editable=True, label='packagepart.content', verbose_name='内容')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='exchange.package', verbose_name='交换包')),
            ],
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.UniqueConstraint(fields=('county', 'agency', 'situation', 'period', 'version'), name='package_once_a_period'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['opened', 'prepared', 'released', 'collected', 'recalled', 'dropped'])), name='package_state_known'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('released_at', None), models.Q(('first_by__isnull', False), ('released_by__isnull', False), models.Q(('first_by', models.F('released_by')), _negated=True)), _connector='OR'), name='package_two_people'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('released', 'collected')), _negated=True), ('released_at__isnull', False), _connector='OR'), name='package_released_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='packagepart',
            constraint=models.UniqueConstraint(fields=('package', 'number'), name='packagepart_in_order'),
        ),
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
