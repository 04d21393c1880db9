import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('exchange', '0003_incidents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RecipientTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('agency_kind', models.CharField(choices=[('health_commission', '卫生健康委'), ('prevention_office', '精神卫生防治机构'), ('hospital', '精神专科或综合医院'), ('health_centre', '乡镇卫生院（社区卫生服务中心）'), ('village_clinic', '村卫生室（服务站）'), ('police', '公安局（派出所）'), ('political_legal', '政法委（综治中心）'), ('civil_affairs', '民政部门'), ('disabled_federation', '残疾人联合会'), ('insurance', '医疗保障部门'), ('human_resources', '人力资源和社会保障部门'), ('judicial', '司法行政部门'), ('finance', '财政部门'), ('education', '教育部门'), ('government', '乡镇政府（街道办事处）'), ('village_committee', '村（居）民委员会'), ('rehab_site', '社区康复机构'), ('department', '其他部门')], max_length=24, verbose_name='接收单位')),
                ('situation', models.CharField(choices=[('quarterly', '季度信息交换'), ('standard', '综治数据（GB/T 31000—2015）'), ('standard_full', '综治数据（含诊断、治疗）'), ('half_yearly', '半年信息交换'), ('urgent', '单人紧急通报'), ('discharge', '出院告知'), ('flow', '流动告知'), ('sudden_change', '病情突变告知'), ('lost_report', '失访（死亡）登记表')], max_length=14, verbose_name='情形')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版次')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('proposed', '待启用'), ('active', '启用'), ('replaced', '已被新版替换'), ('ended', '已停用'), ('dropped', '已作废')], default='draft', max_length=8, verbose_name='状态')),
                ('sections', models.JSONField(verbose_name='名单和栏目')),
                ('basis', models.CharField(choices=[('statutory_duty', '履行法定职责'), ('emergency', '紧急情况'), ('consent', '本人同意')], max_length=16, verbose_name='依据类别')),
                ('citation', models.CharField(max_length=120, verbose_name='依据')),
                ('agreement', models.CharField(max_length=60, verbose_name='协议编号')),
                ('assessment', models.CharField(max_length=60, verbose_name='影响评估编号')),
                ('assessed_on', models.DateField(verbose_name='评估日期')),
                ('rhythm', models.CharField(choices=[('quarterly', '每季度'), ('half_yearly', '每半年'), ('at_once', '随时')], max_length=11, verbose_name='频次')),
                ('starts_on', models.DateField(verbose_name='启用日期')),
                ('ended_on', models.DateField(null=True, verbose_name='停用日期')),
                ('edits', models.PositiveSmallIntegerField(default=1, verbose_name='修改次数')),
                ('drafted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='拟定时间')),
                ('proposed_at', models.DateTimeField(null=True, verbose_name='提出时间')),
                ('activated_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                ('because', models.CharField(blank=True, max_length=200, verbose_name='退回或停用原因')),
                ('activated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='启用人')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟定人')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county', 'agency_kind', 'situation', 'version'), name='recipienttemplate_version_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'proposed'))), fields=('county', 'agency_kind', 'situation'), name='recipienttemplate_one_open'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('county', 'agency_kind', 'situation'), name='recipienttemplate_one_active'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'active', 'replaced', 'ended', 'dropped'])), name='recipienttemplate_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('active', 'replaced', 'ended')), _negated=True), models.Q(('activated_by__isnull', False), models.Q(('activated_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='recipienttemplate_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('replaced', 'ended')), _negated=True), ('ended_on__isnull', False), _connector='OR'), name='recipienttemplate_ended_on_a_day')],
            },
        ),
        migrations.RunSQL("REVOKE DELETE ON exchange_recipienttemplate FROM app;", migrations.RunSQL.noop),
    ]
