"""Stays in hospital, referrals both ways, the emergency channel, help with admission; and the walls around them."""

import accounts.history
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
        Protect("registry_admission"),
        ChildPlace("registry_admission"),
        ProtectHistory("registry_admissionhistoryevent"),
    ]
