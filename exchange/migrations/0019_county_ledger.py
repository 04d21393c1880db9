"""The ledger's window for the county's privacy officer and auditor. Neither reaches a person's row; this shows them lines."""

import django.contrib.postgres.fields
from django.db import migrations, models

WHO = "nullif(current_setting('app.user', true), '')::bigint"
# Who looks is asked of the assignments themselves: the two roles have no reach that a policy could compare. A name comes
# masked to its first character, and to the privacy officer only; an auditor's row has neither name nor case number.
VIEW = f"""
CREATE VIEW exchange_countydisclosure WITH (security_barrier=true) AS
  SELECT l.uuid, l.at, l.act, l.person, p.duty_county AS county_id, l.recipient, l.recipient_name, l.fields, l.basis,
         l.citation, l.actor_name,
         CASE WHEN a.id IS NOT NULL THEN 'alert' WHEN c.id IS NOT NULL THEN 'notice' WHEN j.id IS NOT NULL THEN 'joint'
              WHEN k.id IS NOT NULL THEN 'package' WHEN q.id IS NOT NULL THEN 'phone' ELSE '' END AS way,
         coalesce(a.number, c.number, k.uuid::text, '') AS number,
         coalesce(k.situation, '') AS situation, coalesce(k.period, '') AS period, k.version,
         coalesce(k.archive_sha256, '') AS archive_sha256,
         coalesce(e.withdrawn_at, a.closed_at, c.ended_at, CASE WHEN k.state = 'recalled' THEN k.ended_at END) AS ended_at,
         CASE WHEN mine.by_name THEN left(p.name, 1) || '＊' END AS masked_name,
         CASE WHEN mine.by_name THEN p.number END AS case_number
  FROM exchange_disclosure l JOIN registry_patient p ON p.uuid = l.person
  JOIN (SELECT s.division_id, bool_or(s.role = 'privacy_officer') AS by_name
        FROM accounts_assignment s JOIN accounts_user u ON u.id = s.user_id
        WHERE u.id = {WHO} AND u.is_active AND s.role IN ('privacy_officer', 'auditor')
          AND (now() AT TIME ZONE 'Asia/Shanghai')::date BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
        GROUP BY s.division_id) mine ON mine.division_id = p.duty_county
  LEFT JOIN exchange_alert a ON a.uuid = l.alert LEFT JOIN exchange_alertentry e ON e.uuid = l.entry
  LEFT JOIN exchange_personnoticecopy c ON c.uuid = l.alert LEFT JOIN exchange_jointvisit j ON j.uuid = l.alert
  LEFT JOIN exchange_package k ON k.uuid = l.release LEFT JOIN exchange_emergencyrequest q ON q.uuid = l.release;
REVOKE ALL ON exchange_countydisclosure FROM app;
GRANT SELECT ON exchange_countydisclosure TO app;
"""  # noqa: S608


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0018_person_notice_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountyDisclosure',
            fields=[
                ('uuid', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('act', models.CharField(choices=[('disclosed', '通报'), ('opened', '查看'), ('recalled', '收回'), ('collected', '领取')], max_length=9)),
                ('person', models.UUIDField()),
                ('county_id', models.IntegerField()),
                ('recipient', models.UUIDField()),
                ('recipient_name', models.CharField(max_length=80)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ('basis', models.CharField(choices=[('statutory_duty', '履行法定职责'), ('emergency', '紧急情况'), ('consent', '本人同意')], max_length=16)),
                ('citation', models.CharField(max_length=120)),
                ('actor_name', models.CharField(max_length=60)),
                ('way', models.CharField(choices=[('alert', '预警'), ('notice', '单人告知'), ('joint', '协同随访'), ('package', '交换包'), ('phone', '现场紧急查询')], max_length=7)),
                ('number', models.CharField(max_length=36)),
                ('situation', models.CharField(choices=[('quarterly', '季度信息交换'), ('standard', '综治数据（GB/T 31000—2015）'), ('standard_full', '综治数据（含诊断、治疗）'), ('half_yearly', '半年信息交换'), ('urgent', '单人紧急通报'), ('discharge', '出院告知'), ('flow', '流动告知'), ('sudden_change', '病情突变告知'), ('lost_report', '失访（死亡）登记表')], max_length=14)),
                ('period', models.CharField(max_length=6)),
                ('version', models.PositiveSmallIntegerField(null=True)),
                ('archive_sha256', models.CharField(max_length=64)),
                ('ended_at', models.DateTimeField(null=True)),
                ('masked_name', models.CharField(max_length=2, null=True)),
                ('case_number', models.PositiveIntegerField(null=True)),
            ],
            options={
                'db_table': 'exchange_countydisclosure',
                'managed': False,
            },
        ),
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
    ]
