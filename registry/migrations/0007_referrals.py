"""Stays in hospital, referrals both ways, the emergency channel, help with admission; and the walls around them."""

import accounts.history
import accounts.models.fields
import django.contrib.postgres.constraints
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models
from accounts.walls import ChildPlace, Protect, ProtectHistory

from accounts.walls import COUNTIES, OFFICES, PATIENTS, TOWNS

# A referral is also seen by the hospital it is addressed to: the fourth arm. It can answer, never add or remove a row
# (take_place() looks for the patient, whom a hospital does not see).
REFERRAL_ARMS = (
    f"duty_township = ANY ({TOWNS}) OR duty_county = ANY ({COUNTIES}) OR patient_id = ANY ({PATIENTS}) "
    f"OR to_agency_id = ANY ({OFFICES})"
)
REFERRAL_POLICY = f"""
ALTER TABLE registry_referral ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON registry_referral FOR ALL TO app USING ({REFERRAL_ARMS}) WITH CHECK ({REFERRAL_ARMS});
CREATE POLICY whole ON registry_referral FOR SELECT TO backup USING (true);
REVOKE DELETE ON registry_referral, registry_greenchannel, registry_admissionhelp, registry_admission FROM app;
REVOKE UPDATE, DELETE ON registry_referraldestination FROM app;
"""
CHILDREN = ("registry_admission", "registry_greenchannel", "registry_admissionhelp")



class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_places"),
        ("accounts", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('hospital_name', models.CharField(blank=True, max_length=100, verbose_name='医院名称')),
                ('admitted_on', models.DateField(verbose_name='入院日期')),
                ('discharged_on', models.DateField(null=True, verbose_name='出院日期')),
                ('kind', models.CharField(blank=True, choices=[('voluntary', '自愿住院'), ('guardian', '监护人、近亲属送诊'), ('item_1', '第三十条第二款第一项（伤害自身）'), ('item_2', '第三十条第二款第二项（危害他人安全）'), ('', '未注明')], max_length=10, verbose_name='入院方式')),
                ('discharge_kind', models.CharField(blank=True, choices=[('doctor', '医师认为可以出院'), ('patient', '本人要求出院'), ('guardian', '监护人要求出院'), ('transfer', '转往其他医院'), ('file_ended', '死亡或结案'), ('', '未注明')], max_length=10, verbose_name='出院方式')),
                ('source', models.CharField(choices=[('entered', '工作人员登记'), ('referral', '双向转诊单'), ('notice', '出院信息单'), ('green_channel', '绿色通道')], default='entered', max_length=16, verbose_name='来源')),
                ('source_uuid', models.UUIDField(null=True, verbose_name='来源记录')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('hospital', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='医院')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='registry.patient', verbose_name='患者')),
            ],
            options={
                'verbose_name': '住院',
            },
        ),
        migrations.CreateModel(
            name='AdmissionHelp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('direction', models.CharField(choices=[('in', '协助入院'), ('out', '协助出院')], max_length=3, verbose_name='事项')),
                ('state', models.CharField(choices=[('asked', '已提出'), ('arranged', '已安排'), ('done', '已办结'), ('cancelled', '已取消')], default='asked', max_length=10, verbose_name='状态')),
                ('asked_on', models.DateField(verbose_name='提出日期')),
                ('asked_by', accounts.models.fields.EncryptedTextField(editable=True, label='admissionhelp.asked_by', null=True, verbose_name='提出人')),
                ('guardian', models.CharField(choices=[('able', '监护人能办理'), ('unable', '监护人无能力送医，提出协助要求'), ('unwilling', '监护人不愿接收'), ('none', '无监护人、找不到，或无能力办手续')], max_length=10, verbose_name='监护人情况')),
                ('signer', models.CharField(choices=[('guardian', '监护人'), ('township', '户籍所在地镇街')], max_length=10, verbose_name='签字办理')),
                ('household_town', models.CharField(blank=True, max_length=50, verbose_name='户籍所在地镇街')),
                ('due_on', models.DateField(verbose_name='办理期限')),
                ('escorts', accounts.models.fields.EncryptedTextField(editable=True, label='admissionhelp.escorts', null=True, verbose_name='护送人员')),
                ('signed_by', accounts.models.fields.EncryptedTextField(editable=True, label='admissionhelp.signed_by', null=True, verbose_name='签字人')),
                ('arranged_on', models.DateField(null=True, verbose_name='安排日期')),
                ('ended_on', models.DateField(null=True, verbose_name='办结日期')),
                ('note', accounts.models.fields.EncryptedTextField(editable=True, label='admissionhelp.note', null=True, verbose_name='办理情况')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('admission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='helps', to='registry.admission', verbose_name='住院')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admission_helps', to='registry.patient', verbose_name='患者')),
            ],
            options={
                'verbose_name': '协助入出院',
            },
        ),
        migrations.CreateModel(
            name='AdmissionHelpHistoryevent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='编号')),
                ('direction', models.CharField(choices=[('in', '协助入院'), ('out', '协助出院')], max_length=3, verbose_name='事项')),
                ('state', models.CharField(choices=[('asked', '已提出'), ('arranged', '已安排'), ('done', '已办结'), ('cancelled', '已取消')], default='asked', max_length=10, verbose_name='状态')),
                ('asked_on', models.DateField(verbose_name='提出日期')),
                ('guardian', models.CharField(choices=[('able', '监护人能办理'), ('unable', '监护人无能力送医，提出协助要求'), ('unwilling', '监护人不愿接收'), ('none', '无监护人、找不到，或无能力办手续')], max_length=10, verbose_name='监护人情况')),
                ('signer', models.CharField(choices=[('guardian', '监护人'), ('township', '户籍所在地镇街')], max_length=10, verbose_name='签字办理')),
                ('household_town', models.CharField(blank=True, max_length=50, verbose_name='户籍所在地镇街')),
                ('due_on', models.DateField(verbose_name='办理期限')),
                ('arranged_on', models.DateField(null=True, verbose_name='安排日期')),
                ('ended_on', models.DateField(null=True, verbose_name='办结日期')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('admission', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.admission', verbose_name='住院')),
                ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.patient', verbose_name='患者')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_events', to='registry.admissionhelp')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AdmissionHistoryevent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='编号')),
                ('hospital_name', models.CharField(blank=True, max_length=100, verbose_name='医院名称')),
                ('admitted_on', models.DateField(verbose_name='入院日期')),
                ('discharged_on', models.DateField(null=True, verbose_name='出院日期')),
                ('kind', models.CharField(blank=True, choices=[('voluntary', '自愿住院'), ('guardian', '监护人、近亲属送诊'), ('item_1', '第三十条第二款第一项（伤害自身）'), ('item_2', '第三十条第二款第二项（危害他人安全）'), ('', '未注明')], max_length=10, verbose_name='入院方式')),
                ('discharge_kind', models.CharField(blank=True, choices=[('doctor', '医师认为可以出院'), ('patient', '本人要求出院'), ('guardian', '监护人要求出院'), ('transfer', '转往其他医院'), ('file_ended', '死亡或结案'), ('', '未注明')], max_length=10, verbose_name='出院方式')),
                ('source', models.CharField(choices=[('entered', '工作人员登记'), ('referral', '双向转诊单'), ('notice', '出院信息单'), ('green_channel', '绿色通道')], default='entered', max_length=16, verbose_name='来源')),
                ('source_uuid', models.UUIDField(null=True, verbose_name='来源记录')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('entered_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('hospital', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='医院')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.patient', verbose_name='患者')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_events', to='registry.admission')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GreenChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('hospital_name', models.CharField(max_length=100, verbose_name='医院')),
                ('sent_by', models.CharField(choices=[('kin', '近亲属或监护人'), ('employer', '所在单位'), ('police', '公安机关'), ('civil_affairs', '民政部门'), ('committee', '村（居）委会或镇街'), ('medical', '医疗机构'), ('self', '本人'), ('other', '其他')], max_length=14, verbose_name='送诊主体')),
                ('sent_by_name', accounts.models.fields.EncryptedTextField(editable=True, label='greenchannel.sent_by_name', null=True, verbose_name='送诊人或单位')),
                ('arrived_on', models.DateField(verbose_name='送达日期')),
                ('ground', models.CharField(blank=True, choices=[('voluntary', '自愿（第三十条第一款）'), ('item_1', '已经或有危险伤害自身（第二款第一项）'), ('item_2', '已经或有危险危害他人安全（第二款第二项）')], max_length=10, verbose_name='依据')),
                ('concluded_on', models.DateField(null=True, verbose_name='收到诊断结论日期')),
                ('first_doctor', accounts.models.fields.EncryptedTextField(editable=True, label='greenchannel.first_doctor', null=True, verbose_name='初次诊断医师')),
                ('guardian_agrees', models.BooleanField(null=True, verbose_name='监护人同意住院')),
                ('second_asked_on', models.DateField(null=True, verbose_name='要求再次诊断日期')),
                ('second_on', models.DateField(null=True, verbose_name='再次诊断日期')),
                ('second_doctors', accounts.models.fields.EncryptedTextField(editable=True, label='greenchannel.second_doctors', null=True, verbose_name='再次诊断的两名医师')),
                ('second_result', models.CharField(blank=True, choices=[('needed', '是严重精神障碍，需要住院治疗'), ('not_needed', '不是严重精神障碍，或不需要住院')], max_length=10, verbose_name='再次诊断结论')),
                ('appraisal_asked_on', models.DateField(null=True, verbose_name='委托鉴定日期')),
                ('appraisal_body', models.CharField(blank=True, max_length=100, verbose_name='鉴定机构')),
                ('appraisal_on', models.DateField(null=True, verbose_name='鉴定报告日期')),
                ('appraisal_result', models.CharField(blank=True, choices=[('needed', '是严重精神障碍，需要住院治疗'), ('not_needed', '不是严重精神障碍，或不需要住院')], max_length=10, verbose_name='鉴定结论')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='green_channels', to='registry.patient', verbose_name='患者')),
            ],
            options={
                'verbose_name': '绿色通道',
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('person', models.UUIDField(editable=False, verbose_name='患者编号')),
                ('direction', models.CharField(choices=[('up', '上转（转往医院）'), ('down', '下转（转回基层）')], max_length=4, verbose_name='方向')),
                ('state', models.CharField(choices=[('proposed', '已提出'), ('received', '已收到'), ('accepted', '已接诊'), ('declined', '不收'), ('returned', '已回转'), ('completed', '已完成'), ('cancelled', '已取消')], default='proposed', max_length=10, verbose_name='状态')),
                ('urgent', models.BooleanField(default=False, verbose_name='绿色通道')),
                ('to_name', models.CharField(blank=True, max_length=100, verbose_name='转入单位名称')),
                ('category', models.CharField(choices=[('compulsory', '强制医疗'), ('infectious', '合并传染病'), ('vagrant', '流浪乞讨'), ('destitute', '特困（城市三无）'), ('veteran', '退役军人'), ('general', '其他患者')], max_length=10, verbose_name='患者类别')),
                ('reason', models.CharField(choices=[('unstable', '病情不稳定'), ('reaction', '急性药物不良反应'), ('illness', '严重躯体疾病'), ('unclear', '诊断不明'), ('pregnancy', '妊娠'), ('stable', '病情稳定，转回基层'), ('other', '其他')], max_length=10, verbose_name='转出主要原因')),
                ('slip', accounts.models.fields.SealedJSONField(editable=True, label='referral.slip', verbose_name='转诊单')),
                ('return_slip', accounts.models.fields.SealedJSONField(editable=True, label='referral.return_slip', null=True, verbose_name='回转单')),
                ('because', accounts.models.fields.EncryptedTextField(editable=True, label='referral.because', null=True, verbose_name='不收或取消的原因')),
                ('proposed_on', models.DateField(verbose_name='转出日期')),
                ('admitted_on', models.DateField(null=True, verbose_name='收住院日期')),
                ('admission_kind', models.CharField(blank=True, choices=[('voluntary', '自愿住院'), ('guardian', '监护人、近亲属送诊'), ('item_1', '第三十条第二款第一项（伤害自身）'), ('item_2', '第三十条第二款第二项（危害他人安全）'), ('', '未注明')], max_length=10, verbose_name='入院方式')),
                ('discharged_on', models.DateField(null=True, verbose_name='出院日期')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('received_at', models.DateTimeField(null=True, verbose_name='签收时间')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='接诊或不收时间')),
                ('returned_at', models.DateTimeField(null=True, verbose_name='回转时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接诊人')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办结人')),
                ('from_agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='转出单位')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='registry.patient', verbose_name='患者')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='转诊医生')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签收人')),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='回转人')),
                ('to_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='转入单位')),
            ],
            options={
                'verbose_name': '转诊单',
            },
        ),
        migrations.CreateModel(
            name='GreenChannelHistoryevent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='编号')),
                ('hospital_name', models.CharField(max_length=100, verbose_name='医院')),
                ('sent_by', models.CharField(choices=[('kin', '近亲属或监护人'), ('employer', '所在单位'), ('police', '公安机关'), ('civil_affairs', '民政部门'), ('committee', '村（居）委会或镇街'), ('medical', '医疗机构'), ('self', '本人'), ('other', '其他')], max_length=14, verbose_name='送诊主体')),
                ('arrived_on', models.DateField(verbose_name='送达日期')),
                ('ground', models.CharField(blank=True, choices=[('voluntary', '自愿（第三十条第一款）'), ('item_1', '已经或有危险伤害自身（第二款第一项）'), ('item_2', '已经或有危险危害他人安全（第二款第二项）')], max_length=10, verbose_name='依据')),
                ('concluded_on', models.DateField(null=True, verbose_name='收到诊断结论日期')),
                ('guardian_agrees', models.BooleanField(null=True, verbose_name='监护人同意住院')),
                ('second_asked_on', models.DateField(null=True, verbose_name='要求再次诊断日期')),
                ('second_on', models.DateField(null=True, verbose_name='再次诊断日期')),
                ('second_result', models.CharField(blank=True, choices=[('needed', '是严重精神障碍，需要住院治疗'), ('not_needed', '不是严重精神障碍，或不需要住院')], max_length=10, verbose_name='再次诊断结论')),
                ('appraisal_asked_on', models.DateField(null=True, verbose_name='委托鉴定日期')),
                ('appraisal_body', models.CharField(blank=True, max_length=100, verbose_name='鉴定机构')),
                ('appraisal_on', models.DateField(null=True, verbose_name='鉴定报告日期')),
                ('appraisal_result', models.CharField(blank=True, choices=[('needed', '是严重精神障碍，需要住院治疗'), ('not_needed', '不是严重精神障碍，或不需要住院')], max_length=10, verbose_name='鉴定结论')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.patient', verbose_name='患者')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_events', to='registry.greenchannel')),
                ('referral', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.referral', verbose_name='转诊单')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='greenchannel',
            name='referral',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='green_channels', to='registry.referral', verbose_name='转诊单'),
        ),
        migrations.CreateModel(
            name='ReferralDestination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('compulsory', '强制医疗'), ('infectious', '合并传染病'), ('vagrant', '流浪乞讨'), ('destitute', '特困（城市三无）'), ('veteran', '退役军人'), ('general', '其他患者')], max_length=10, verbose_name='患者类别')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='医院名称')),
                ('basis', models.CharField(blank=True, max_length=100, verbose_name='依据')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='医院')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
            ],
        ),
        migrations.CreateModel(
            name='ReferralHistoryevent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='编号')),
                ('person', models.UUIDField(editable=False, verbose_name='患者编号')),
                ('direction', models.CharField(choices=[('up', '上转（转往医院）'), ('down', '下转（转回基层）')], max_length=4, verbose_name='方向')),
                ('state', models.CharField(choices=[('proposed', '已提出'), ('received', '已收到'), ('accepted', '已接诊'), ('declined', '不收'), ('returned', '已回转'), ('completed', '已完成'), ('cancelled', '已取消')], default='proposed', max_length=10, verbose_name='状态')),
                ('urgent', models.BooleanField(default=False, verbose_name='绿色通道')),
                ('to_name', models.CharField(blank=True, max_length=100, verbose_name='转入单位名称')),
                ('category', models.CharField(choices=[('compulsory', '强制医疗'), ('infectious', '合并传染病'), ('vagrant', '流浪乞讨'), ('destitute', '特困（城市三无）'), ('veteran', '退役军人'), ('general', '其他患者')], max_length=10, verbose_name='患者类别')),
                ('reason', models.CharField(choices=[('unstable', '病情不稳定'), ('reaction', '急性药物不良反应'), ('illness', '严重躯体疾病'), ('unclear', '诊断不明'), ('pregnancy', '妊娠'), ('stable', '病情稳定，转回基层'), ('other', '其他')], max_length=10, verbose_name='转出主要原因')),
                ('proposed_on', models.DateField(verbose_name='转出日期')),
                ('admitted_on', models.DateField(null=True, verbose_name='收住院日期')),
                ('admission_kind', models.CharField(blank=True, choices=[('voluntary', '自愿住院'), ('guardian', '监护人、近亲属送诊'), ('item_1', '第三十条第二款第一项（伤害自身）'), ('item_2', '第三十条第二款第二项（危害他人安全）'), ('', '未注明')], max_length=10, verbose_name='入院方式')),
                ('discharged_on', models.DateField(null=True, verbose_name='出院日期')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('received_at', models.DateTimeField(null=True, verbose_name='签收时间')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='接诊或不收时间')),
                ('returned_at', models.DateTimeField(null=True, verbose_name='回转时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('answered_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接诊人')),
                ('ended_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办结人')),
                ('from_agency', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='转出单位')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.patient', verbose_name='患者')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_events', to='registry.referral')),
                ('proposed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='转诊医生')),
                ('received_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签收人')),
                ('returned_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='回转人')),
                ('to_agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='转入单位')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(fields=['patient', '-admitted_on'], name='admission_of_patient'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(('discharged_on', None), ('discharged_on__gte', models.F('admitted_on')), _connector='OR'), name='admission_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(('hospital__isnull', False), models.Q(('hospital_name', ''), _negated=True), _connector='OR'), name='admission_where'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.UniqueConstraint(condition=models.Q(('discharged_on', None)), fields=('patient',), include=('admitted_on',), name='admission_open_once'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('patient'), '='), (models.Func(models.F('admitted_on'), models.F('discharged_on'), models.Value('[)'), function='daterange'), '&&')], name='admission_no_overlap'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admission',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_admissionhistoryevent" ("admitted_on", "at_township", "discharge_kind", "discharged_on", "entered_at", "entered_by_id", "hospital_id", "hospital_name", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "source_uuid", "uuid") VALUES (NEW."admitted_on", NEW."at_township", NEW."discharge_kind", NEW."discharged_on", NEW."entered_at", NEW."entered_by_id", NEW."hospital_id", NEW."hospital_name", NEW."id", NEW."kind", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."source", NEW."source_uuid", NEW."uuid"); RETURN NULL;', hash='273caa152a608bd9cd6fa8da2f06bbceeb5561ce', operation='INSERT', pgid='pgtrigger_insert_insert_ce25a', table='registry_admission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admission',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."admitted_on" IS DISTINCT FROM (NEW."admitted_on") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."discharge_kind" IS DISTINCT FROM (NEW."discharge_kind") OR OLD."discharged_on" IS DISTINCT FROM (NEW."discharged_on") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."hospital_id" IS DISTINCT FROM (NEW."hospital_id") OR OLD."hospital_name" IS DISTINCT FROM (NEW."hospital_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."source_uuid" IS DISTINCT FROM (NEW."source_uuid") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "registry_admissionhistoryevent" ("admitted_on", "at_township", "discharge_kind", "discharged_on", "entered_at", "entered_by_id", "hospital_id", "hospital_name", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "source_uuid", "uuid") VALUES (NEW."admitted_on", NEW."at_township", NEW."discharge_kind", NEW."discharged_on", NEW."entered_at", NEW."entered_by_id", NEW."hospital_id", NEW."hospital_name", NEW."id", NEW."kind", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."source", NEW."source_uuid", NEW."uuid"); RETURN NULL;', hash='916f5a537acb94c72d8a33d483af83b8c5652b60', operation='UPDATE', pgid='pgtrigger_update_update_9a864', table='registry_admission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admission',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_admissionhistoryevent" ("admitted_on", "at_township", "discharge_kind", "discharged_on", "entered_at", "entered_by_id", "hospital_id", "hospital_name", "id", "kind", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "source_uuid", "uuid") VALUES (OLD."admitted_on", OLD."at_township", OLD."discharge_kind", OLD."discharged_on", OLD."entered_at", OLD."entered_by_id", OLD."hospital_id", OLD."hospital_name", OLD."id", OLD."kind", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."source", OLD."source_uuid", OLD."uuid"); RETURN NULL;', hash='b95913538afd02aa3c7000ae62053f15592c94f0', operation='DELETE', pgid='pgtrigger_delete_delete_c5b3c', table='registry_admission', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='admissionhelp',
            index=models.Index(fields=['duty_township', 'state'], name='admissionhelp_of_township'),
        ),
        migrations.AddConstraint(
            model_name='admissionhelp',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'arranged'])), fields=('patient', 'direction'), name='admissionhelp_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admissionhelp',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_admissionhelphistoryevent" ("admission_id", "arranged_on", "asked_on", "at_township", "direction", "due_on", "ended_on", "entered_at", "entered_by_id", "guardian", "household_town", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signer", "state", "uuid") VALUES (NEW."admission_id", NEW."arranged_on", NEW."asked_on", NEW."at_township", NEW."direction", NEW."due_on", NEW."ended_on", NEW."entered_at", NEW."entered_by_id", NEW."guardian", NEW."household_town", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."signer", NEW."state", NEW."uuid"); RETURN NULL;', hash='5b051bffe92647557aa2b1da85dd1cc19c031786', operation='INSERT', pgid='pgtrigger_insert_insert_be6c5', table='registry_admissionhelp', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admissionhelp',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."admission_id" IS DISTINCT FROM (NEW."admission_id") OR OLD."arranged_on" IS DISTINCT FROM (NEW."arranged_on") OR OLD."asked_on" IS DISTINCT FROM (NEW."asked_on") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."direction" IS DISTINCT FROM (NEW."direction") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."ended_on" IS DISTINCT FROM (NEW."ended_on") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."guardian" IS DISTINCT FROM (NEW."guardian") OR OLD."household_town" IS DISTINCT FROM (NEW."household_town") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."signer" IS DISTINCT FROM (NEW."signer") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "registry_admissionhelphistoryevent" ("admission_id", "arranged_on", "asked_on", "at_township", "direction", "due_on", "ended_on", "entered_at", "entered_by_id", "guardian", "household_town", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signer", "state", "uuid") VALUES (NEW."admission_id", NEW."arranged_on", NEW."asked_on", NEW."at_township", NEW."direction", NEW."due_on", NEW."ended_on", NEW."entered_at", NEW."entered_by_id", NEW."guardian", NEW."household_town", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."signer", NEW."state", NEW."uuid"); RETURN NULL;', hash='24295391c56261341d32f5f4097ebbbf1b1d2b36', operation='UPDATE', pgid='pgtrigger_update_update_6c56c', table='registry_admissionhelp', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admissionhelp',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_admissionhelphistoryevent" ("admission_id", "arranged_on", "asked_on", "at_township", "direction", "due_on", "ended_on", "entered_at", "entered_by_id", "guardian", "household_town", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signer", "state", "uuid") VALUES (OLD."admission_id", OLD."arranged_on", OLD."asked_on", OLD."at_township", OLD."direction", OLD."due_on", OLD."ended_on", OLD."entered_at", OLD."entered_by_id", OLD."guardian", OLD."household_town", OLD."id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."signer", OLD."state", OLD."uuid"); RETURN NULL;', hash='d6a3b1b81e952f8662fa91c5e25550585f6378e1', operation='DELETE', pgid='pgtrigger_delete_delete_6bf4a', table='registry_admissionhelp', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['to_agency', 'state'], name='referral_to'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['duty_township', 'state'], name='referral_of_township'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['duty_county', 'state'], name='referral_of_county'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['patient', '-proposed_on'], name='referral_of_patient'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'received', 'accepted', 'declined', 'returned', 'completed', 'cancelled'])), name='referral_state_known'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('to_agency__isnull', False), models.Q(('to_name', ''), _negated=True), _connector='OR'), name='referral_goes_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'received', 'accepted'])), fields=('patient', 'direction'), name='referral_open_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_referralhistoryevent" ("admission_kind", "admitted_on", "answered_at", "answered_by_id", "at_township", "category", "direction", "discharged_on", "ended_at", "ended_by_id", "entered_at", "from_agency_id", "id", "patient_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "reason", "received_at", "received_by_id", "returned_at", "returned_by_id", "state", "to_agency_id", "to_name", "urgent", "uuid") VALUES (NEW."admission_kind", NEW."admitted_on", NEW."answered_at", NEW."answered_by_id", NEW."at_township", NEW."category", NEW."direction", NEW."discharged_on", NEW."ended_at", NEW."ended_by_id", NEW."entered_at", NEW."from_agency_id", NEW."id", NEW."patient_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."proposed_on", NEW."reason", NEW."received_at", NEW."received_by_id", NEW."returned_at", NEW."returned_by_id", NEW."state", NEW."to_agency_id", NEW."to_name", NEW."urgent", NEW."uuid"); RETURN NULL;', hash='a387f8bc733ed5b7d7a3e5de08edba39ee3359cf', operation='INSERT', pgid='pgtrigger_insert_insert_62a25', table='registry_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."admission_kind" IS DISTINCT FROM (NEW."admission_kind") OR OLD."admitted_on" IS DISTINCT FROM (NEW."admitted_on") OR OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."direction" IS DISTINCT FROM (NEW."direction") OR OLD."discharged_on" IS DISTINCT FROM (NEW."discharged_on") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."from_agency_id" IS DISTINCT FROM (NEW."from_agency_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."person" IS DISTINCT FROM (NEW."person") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_on" IS DISTINCT FROM (NEW."proposed_on") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."received_by_id" IS DISTINCT FROM (NEW."received_by_id") OR OLD."returned_at" IS DISTINCT FROM (NEW."returned_at") OR OLD."returned_by_id" IS DISTINCT FROM (NEW."returned_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."to_agency_id" IS DISTINCT FROM (NEW."to_agency_id") OR OLD."to_name" IS DISTINCT FROM (NEW."to_name") OR OLD."urgent" IS DISTINCT FROM (NEW."urgent") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "registry_referralhistoryevent" ("admission_kind", "admitted_on", "answered_at", "answered_by_id", "at_township", "category", "direction", "discharged_on", "ended_at", "ended_by_id", "entered_at", "from_agency_id", "id", "patient_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "reason", "received_at", "received_by_id", "returned_at", "returned_by_id", "state", "to_agency_id", "to_name", "urgent", "uuid") VALUES (NEW."admission_kind", NEW."admitted_on", NEW."answered_at", NEW."answered_by_id", NEW."at_township", NEW."category", NEW."direction", NEW."discharged_on", NEW."ended_at", NEW."ended_by_id", NEW."entered_at", NEW."from_agency_id", NEW."id", NEW."patient_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."proposed_on", NEW."reason", NEW."received_at", NEW."received_by_id", NEW."returned_at", NEW."returned_by_id", NEW."state", NEW."to_agency_id", NEW."to_name", NEW."urgent", NEW."uuid"); RETURN NULL;', hash='c76ea0ed2ba41a0d4bcefce27c68971767a36281', operation='UPDATE', pgid='pgtrigger_update_update_4ca7c', table='registry_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_referralhistoryevent" ("admission_kind", "admitted_on", "answered_at", "answered_by_id", "at_township", "category", "direction", "discharged_on", "ended_at", "ended_by_id", "entered_at", "from_agency_id", "id", "patient_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "reason", "received_at", "received_by_id", "returned_at", "returned_by_id", "state", "to_agency_id", "to_name", "urgent", "uuid") VALUES (OLD."admission_kind", OLD."admitted_on", OLD."answered_at", OLD."answered_by_id", OLD."at_township", OLD."category", OLD."direction", OLD."discharged_on", OLD."ended_at", OLD."ended_by_id", OLD."entered_at", OLD."from_agency_id", OLD."id", OLD."patient_id", OLD."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."proposed_on", OLD."reason", OLD."received_at", OLD."received_by_id", OLD."returned_at", OLD."returned_by_id", OLD."state", OLD."to_agency_id", OLD."to_name", OLD."urgent", OLD."uuid"); RETURN NULL;', hash='e4dd03ef9bd7b24a330c93cda3e0c05a7aa7272a', operation='DELETE', pgid='pgtrigger_delete_delete_ddb30', table='registry_referral', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='greenchannel',
            index=models.Index(fields=['patient', '-arrived_on'], name='greenchannel_of_patient'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='greenchannel',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_greenchannelhistoryevent" ("appraisal_asked_on", "appraisal_body", "appraisal_on", "appraisal_result", "arrived_on", "at_township", "concluded_on", "entered_at", "entered_by_id", "ground", "guardian_agrees", "hospital_name", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_id", "second_asked_on", "second_on", "second_result", "sent_by", "uuid") VALUES (NEW."appraisal_asked_on", NEW."appraisal_body", NEW."appraisal_on", NEW."appraisal_result", NEW."arrived_on", NEW."at_township", NEW."concluded_on", NEW."entered_at", NEW."entered_by_id", NEW."ground", NEW."guardian_agrees", NEW."hospital_name", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."referral_id", NEW."second_asked_on", NEW."second_on", NEW."second_result", NEW."sent_by", NEW."uuid"); RETURN NULL;', hash='eb6c1eaab87b26c84334195e921b0a3585ffbf99', operation='INSERT', pgid='pgtrigger_insert_insert_db864', table='registry_greenchannel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='greenchannel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=accounts.history.DefinerSql(condition='WHEN (OLD."appraisal_asked_on" IS DISTINCT FROM (NEW."appraisal_asked_on") OR OLD."appraisal_body" IS DISTINCT FROM (NEW."appraisal_body") OR OLD."appraisal_on" IS DISTINCT FROM (NEW."appraisal_on") OR OLD."appraisal_result" IS DISTINCT FROM (NEW."appraisal_result") OR OLD."arrived_on" IS DISTINCT FROM (NEW."arrived_on") OR OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."concluded_on" IS DISTINCT FROM (NEW."concluded_on") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."ground" IS DISTINCT FROM (NEW."ground") OR OLD."guardian_agrees" IS DISTINCT FROM (NEW."guardian_agrees") OR OLD."hospital_name" IS DISTINCT FROM (NEW."hospital_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."referral_id" IS DISTINCT FROM (NEW."referral_id") OR OLD."second_asked_on" IS DISTINCT FROM (NEW."second_asked_on") OR OLD."second_on" IS DISTINCT FROM (NEW."second_on") OR OLD."second_result" IS DISTINCT FROM (NEW."second_result") OR OLD."sent_by" IS DISTINCT FROM (NEW."sent_by") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "registry_greenchannelhistoryevent" ("appraisal_asked_on", "appraisal_body", "appraisal_on", "appraisal_result", "arrived_on", "at_township", "concluded_on", "entered_at", "entered_by_id", "ground", "guardian_agrees", "hospital_name", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_id", "second_asked_on", "second_on", "second_result", "sent_by", "uuid") VALUES (NEW."appraisal_asked_on", NEW."appraisal_body", NEW."appraisal_on", NEW."appraisal_result", NEW."arrived_on", NEW."at_township", NEW."concluded_on", NEW."entered_at", NEW."entered_by_id", NEW."ground", NEW."guardian_agrees", NEW."hospital_name", NEW."id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."referral_id", NEW."second_asked_on", NEW."second_on", NEW."second_result", NEW."sent_by", NEW."uuid"); RETURN NULL;', hash='a52fa9a909ea277f5738a1afee913985e6c323b4', operation='UPDATE', pgid='pgtrigger_update_update_74087', table='registry_greenchannel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='greenchannel',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=accounts.history.DefinerSql(func='INSERT INTO "registry_greenchannelhistoryevent" ("appraisal_asked_on", "appraisal_body", "appraisal_on", "appraisal_result", "arrived_on", "at_township", "concluded_on", "entered_at", "entered_by_id", "ground", "guardian_agrees", "hospital_name", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_id", "second_asked_on", "second_on", "second_result", "sent_by", "uuid") VALUES (OLD."appraisal_asked_on", OLD."appraisal_body", OLD."appraisal_on", OLD."appraisal_result", OLD."arrived_on", OLD."at_township", OLD."concluded_on", OLD."entered_at", OLD."entered_by_id", OLD."ground", OLD."guardian_agrees", OLD."hospital_name", OLD."id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."referral_id", OLD."second_asked_on", OLD."second_on", OLD."second_result", OLD."sent_by", OLD."uuid"); RETURN NULL;', hash='2f07cde5cc7293579cc585aa0024aefd9a7af6fa', operation='DELETE', pgid='pgtrigger_delete_delete_e4ded', table='registry_greenchannel', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='referraldestination',
            constraint=models.UniqueConstraint(fields=('county', 'category', 'starts_on'), name='referraldestination_once'),
        ),
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        ChildPlace("registry_referral"),
        *(ProtectHistory(f"{table}historyevent") for table in (*CHILDREN, "registry_referral")),
        migrations.RunSQL(REFERRAL_POLICY, migrations.RunSQL.noop),
    ]
