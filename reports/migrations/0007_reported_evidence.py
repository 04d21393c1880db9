"""A reported value rests on a note or on a file; the file is never exchanged for another one."""

import accounts.models.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_ledger_walls'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportedvalue',
            name='evidence',
            field=models.CharField(blank=True, max_length=200, verbose_name='依据'),
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('form', models.CharField(max_length=4, verbose_name='格式')),
                ('size', models.PositiveIntegerField(verbose_name='大小')),
                ('sha256', models.CharField(max_length=64, verbose_name='摘要')),
                ('content', accounts.models.fields.SealedBytesField(editable=True, label='evidencefile.content', verbose_name='内容')),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='保存时间')),
                ('value', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='reports.reportedvalue', verbose_name='填报值')),
            ],
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE ON reports_evidencefile FROM app", migrations.RunSQL.noop),
    ]
