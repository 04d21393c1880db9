"""The county's ledger says of a cancelled joint visit that its sheets were taken back."""

from django.db import migrations

WHO = "nullif(current_setting('app.user', true), '')::bigint"
# As in 0019; a joint visit that was cancelled has taken its sheets back, and says since when.
VIEW = f"""
CREATE OR REPLACE VIEW exchange_countydisclosure WITH (security_barrier=true) AS
  SELECT l.uuid, l.at, l.act, l.person, p.duty_county AS county_id, l.recipient, l.recipient_name, l.fields, l.basis,
         l.citation, l.actor_name,
         CASE WHEN a.id IS NOT NULL THEN 'alert' WHEN c.id IS NOT NULL THEN 'notice' WHEN j.id IS NOT NULL THEN 'joint'
              WHEN k.id IS NOT NULL THEN 'package' WHEN q.id IS NOT NULL THEN 'phone' ELSE '' END AS way,
         coalesce(a.number, c.number, k.uuid::text, '') AS number,
         coalesce(k.situation, '') AS situation, coalesce(k.period, '') AS period, k.version,
         coalesce(k.archive_sha256, '') AS archive_sha256,
         coalesce(e.withdrawn_at, a.closed_at, c.ended_at, CASE WHEN k.state = 'recalled' THEN k.ended_at END,
                  CASE WHEN j.state = 'cancelled' THEN (SELECT max(m.revoked_at) FROM exchange_jointmember m
                                                        WHERE m.joint_id = j.id) END) AS ended_at,
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
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0021_more_agency_kinds"),
    ]

    operations = [
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
    ]
