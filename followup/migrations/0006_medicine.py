"""The dictionary of drugs, prescriptions, injections, dispensing, examinations, with their walls and the shipped drugs."""

from pathlib import Path
from typing import Any

import accounts.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.walls import ChildPlace, Protect
from followup.rules.medicines import read_dictionary

TABLES = ("followup_prescription", "followup_injection", "followup_dispensing", "followup_checkup")

# Nothing is removed. A prescription is ended, what was given or measured is struck through; neither is rewritten.
RIGHTS = """
REVOKE DELETE ON followup_medicine, followup_medicineclosing FROM app;
REVOKE UPDATE, DELETE ON followup_prescription, followup_injection, followup_dispensing, followup_checkup FROM app;
GRANT UPDATE (ends_on, stop_reason, ended_by_id, due_on) ON followup_prescription TO app;
GRANT UPDATE (struck_at, struck_by_id, struck_words) ON followup_injection TO app;
GRANT UPDATE (struck_at, struck_by_id, struck_words) ON followup_dispensing TO app;
GRANT UPDATE (struck_at, struck_by_id, struck_words) ON followup_checkup TO app;
"""
SHIPPED = Path(__file__).parent.parent / "medicines" / "cn-2026.toml"


def load_shipped(apps: Any, schema_editor: Any) -> None:
    version, entries = read_dictionary(SHIPPED.read_text(encoding="utf-8"))
    Medicine = apps.get_model("followup", "Medicine")
    Medicine.objects.bulk_create(
        Medicine(
            code=one.code, name=one.name, aliases=list(one.aliases), kind=one.kind, form=one.form, unit=one.unit,
            long_acting=one.long_acting, interval_days=one.interval_days, essential=one.essential, version=version,
        )
        for one in entries
    )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('followup', '0005_incidents'),
        ('registry', '0008_duplicates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Medicine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='通用名')),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None, verbose_name='别名')),
                ('kind', models.CharField(choices=[('first', '第一代抗精神病药'), ('second', '第二代抗精神病药'), ('mood', '心境稳定剂'), ('depression', '抗抑郁药'), ('calming', '镇静催眠、抗焦虑药'), ('other', '其他')], max_length=10, verbose_name='类别')),
                ('form', models.CharField(choices=[('oral', '口服'), ('injection', '注射剂')], max_length=10, verbose_name='剂型')),
                ('unit', models.CharField(choices=[('mg', 'mg'), ('g', 'g'), ('ml', 'ml'), ('piece', '片（粒）')], default='mg', max_length=5, verbose_name='剂量单位')),
                ('long_acting', models.BooleanField(default=False, verbose_name='长效')),
                ('interval_days', models.PositiveSmallIntegerField(null=True, verbose_name='常用间隔（天）')),
                ('essential', models.BooleanField(null=True, verbose_name='基本药物')),
                ('version', models.CharField(default='', max_length=20, verbose_name='来自哪一版')),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
            ],
        ),
        migrations.CreateModel(
            name='Injection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('form_id', models.UUIDField(unique=True, verbose_name='表单号')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('struck_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                ('name', models.CharField(max_length=60, verbose_name='药名')),
                ('given_on', models.DateField(verbose_name='注射日期')),
                ('dose', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='剂量')),
                ('unit', models.CharField(choices=[('mg', 'mg'), ('g', 'g'), ('ml', 'ml'), ('piece', '片（粒）')], default='mg', max_length=5, verbose_name='剂量单位')),
                ('batch', models.CharField(max_length=40, verbose_name='批号')),
                ('site', models.CharField(choices=[('1', '左臀部'), ('2', '右臀部'), ('3', '左三角肌'), ('4', '右三角肌')], max_length=1, verbose_name='注射部位')),
                ('given_by', models.CharField(max_length=60, verbose_name='注射人')),
                ('interval_days', models.PositiveSmallIntegerField(verbose_name='注射间隔（天）')),
                ('was_due_on', models.DateField(null=True, verbose_name='应注射日期')),
                ('early', models.BooleanField(default=False, verbose_name='提前')),
                ('words', accounts.models.fields.SealedJSONField(editable=True, label='injection.words', null=True, verbose_name='说明')),
                ('struck_words', accounts.models.fields.SealedJSONField(editable=True, label='injection.struck_words', null=True, verbose_name='作废原因')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='injections', to='registry.patient', verbose_name='患者')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='作废人')),
                ('medicine', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='followup.medicine', verbose_name='药品')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Dispensing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('form_id', models.UUIDField(unique=True, verbose_name='表单号')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('struck_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                ('name', models.CharField(max_length=60, verbose_name='药名')),
                ('handed_on', models.DateField(verbose_name='发放日期')),
                ('amount', models.DecimalField(decimal_places=1, max_digits=7, verbose_name='数量')),
                ('pack', models.CharField(choices=[('1', '盒'), ('2', '瓶'), ('3', '片（粒）'), ('4', '支')], max_length=1, verbose_name='单位')),
                ('batch', models.CharField(max_length=40, verbose_name='批号')),
                ('days', models.PositiveSmallIntegerField(verbose_name='够用天数')),
                ('receiver', models.CharField(choices=[('1', '本人'), ('2', '监护人'), ('3', '其他家属'), ('4', '帮扶人员')], max_length=1, verbose_name='领药人')),
                ('handed_by', models.CharField(max_length=60, verbose_name='发药人')),
                ('next_on', models.DateField(verbose_name='下次领药日期')),
                ('corrects', models.UUIDField(null=True, verbose_name='更正的记录')),
                ('words', accounts.models.fields.SealedJSONField(editable=True, label='dispensing.words', null=True, verbose_name='说明')),
                ('struck_words', accounts.models.fields.SealedJSONField(editable=True, label='dispensing.struck_words', null=True, verbose_name='作废原因')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispensings', to='registry.patient', verbose_name='患者')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='作废人')),
                ('medicine', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='followup.medicine', verbose_name='药品')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MedicineClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('closed_on', models.DateField(verbose_name='停用日期')),
                ('reopened_on', models.DateField(null=True, verbose_name='恢复日期')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
                ('medicine', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='followup.medicine', verbose_name='药品')),
            ],
        ),
        migrations.CreateModel(
            name='Prescription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('form_id', models.UUIDField(null=True, unique=True, verbose_name='表单号')),
                ('name', models.CharField(max_length=60, verbose_name='药名')),
                ('line', models.JSONField(verbose_name='剂量')),
                ('unit', models.CharField(choices=[('mg', 'mg'), ('g', 'g'), ('ml', 'ml'), ('piece', '片（粒）')], default='mg', max_length=5, verbose_name='剂量单位')),
                ('interval_days', models.PositiveSmallIntegerField(null=True, verbose_name='注射间隔（天）')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(null=True, verbose_name='从哪天起停')),
                ('stop_reason', models.CharField(blank=True, choices=[('changed', '调整'), ('stopped', '停药'), ('visit', '随访时调整'), ('wrong', '登记有误')], default='', max_length=8, verbose_name='停用原因')),
                ('prescriber', models.CharField(max_length=60, verbose_name='开方医师')),
                ('source', models.CharField(choices=[('form', '填表'), ('import', '导入'), ('api', '接口')], default='form', max_length=6, verbose_name='来源')),
                ('due_on', models.DateField(null=True, verbose_name='应注射日期')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='停用登记人')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('medicine', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='followup.medicine', verbose_name='药品')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prescriptions', to='registry.patient', verbose_name='患者')),
            ],
        ),
        migrations.CreateModel(
            name='Checkup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty_township', models.IntegerField(default=0, editable=False, verbose_name='管理乡镇')),
                ('duty_county', models.IntegerField(default=0, editable=False, verbose_name='管理县区')),
                ('at_township', models.IntegerField(default=0, editable=False, verbose_name='办理乡镇')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('form_id', models.UUIDField(unique=True, verbose_name='表单号')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('struck_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                ('kind', models.CharField(choices=[('lab', '化验和检查'), ('yearly', '年度健康体检')], max_length=6, verbose_name='类别')),
                ('outcome', models.CharField(choices=[('done', '已检查'), ('unfit', '病情不许可'), ('refused', '监护人或本人不同意')], max_length=8, verbose_name='结果')),
                ('checked_on', models.DateField(verbose_name='检查日期')),
                ('content', accounts.models.fields.SealedJSONField(editable=True, label='checkup.content', verbose_name='内容')),
                ('struck_words', accounts.models.fields.SealedJSONField(editable=True, label='checkup.struck_words', null=True, verbose_name='作废原因')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkups', to='registry.patient', verbose_name='患者')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='作废人')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['patient', '-checked_on'], name='checkup_of_patient'), models.Index(condition=models.Q(('kind', 'yearly'), ('struck_at', None)), fields=['patient', 'checked_on'], name='checkup_yearly')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False)), _connector='OR'), name='followup_checkup_struck_by_someone'), models.CheckConstraint(condition=models.Q(('kind', 'yearly'), ('outcome', 'done'), _connector='OR'), name='checkup_only_the_yearly_may_be_left_out')],
            },
        ),
        migrations.AddConstraint(
            model_name='medicine',
            constraint=models.UniqueConstraint(condition=models.Q(('county', None)), fields=('code',), name='medicine_code_once'),
        ),
        migrations.AddConstraint(
            model_name='medicine',
            constraint=models.UniqueConstraint(fields=('county', 'name'), name='medicine_name_once'),
        ),
        migrations.AddConstraint(
            model_name='medicine',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('interval_days', None), ('long_acting', False)), models.Q(('interval_days__range', (7, 190)), ('long_acting', True)), _connector='OR'), name='medicine_interval_of_long_acting'),
        ),
        migrations.AddIndex(
            model_name='injection',
            index=models.Index(fields=['patient', '-given_on'], name='injection_of_patient'),
        ),
        migrations.AddIndex(
            model_name='injection',
            index=models.Index(condition=models.Q(('struck_at', None)), fields=['duty_county', 'duty_township', 'given_on'], name='injection_by_area'),
        ),
        migrations.AddConstraint(
            model_name='injection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False)), _connector='OR'), name='followup_injection_struck_by_someone'),
        ),
        migrations.AddIndex(
            model_name='dispensing',
            index=models.Index(fields=['patient', '-handed_on'], name='dispensing_of_patient'),
        ),
        migrations.AddIndex(
            model_name='dispensing',
            index=models.Index(condition=models.Q(('struck_at', None)), fields=['duty_county', 'duty_township', 'next_on'], name='dispensing_next'),
        ),
        migrations.AddConstraint(
            model_name='dispensing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False)), _connector='OR'), name='followup_dispensing_struck_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='medicineclosing',
            constraint=models.UniqueConstraint(condition=models.Q(('reopened_on', None)), fields=('medicine', 'county'), name='medicineclosing_one_open'),
        ),
        migrations.AddIndex(
            model_name='prescription',
            index=models.Index(fields=['patient', '-starts_on'], name='prescription_of_patient'),
        ),
        migrations.AddIndex(
            model_name='prescription',
            index=models.Index(condition=models.Q(('ends_on', None)), fields=['patient'], name='prescription_running'),
        ),
        migrations.AddIndex(
            model_name='prescription',
            index=models.Index(condition=models.Q(('due_on__isnull', False), ('ends_on', None)), fields=['duty_county', 'duty_township', 'due_on'], name='prescription_due'),
        ),
        migrations.AddConstraint(
            model_name='prescription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_on', None), ('stop_reason', '')), models.Q(('ends_on__gte', models.F('starts_on')), ('stop_reason__gt', '')), _connector='OR'), name='prescription_ends_with_a_reason'),
        ),
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunPython(load_shipped, migrations.RunPython.noop),
    ]
