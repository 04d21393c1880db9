"""One view of a package for its office: its file and its receipts were two views of the same row."""

from django.db import migrations, models

from accounts.walls import OFFICES

VIEW = f"""
DROP VIEW exchange_inboxpackage;
DROP VIEW exchange_mypackage;
CREATE VIEW exchange_mypackage WITH (security_barrier=true) AS
  SELECT p.id, p.uuid, p.agency_id, g.name AS agency_name, p.county_id, d.name AS county_name, p.situation, p.period,
         p.version, p.corrects_id IS NOT NULL AS is_correction, p.state, p.released_at, p.ended_at, p.archive_sha256,
         p.rows, t.sections, o.expires_at, o.most,
         (SELECT count(*)::int FROM exchange_packagedownload w WHERE w.offer_id = o.id) AS used,
         l.lists, l.sent, coalesce(r.matched, 0) AS matched, coalesce(r.unmatched, 0) AS unmatched,
         coalesce(r.refused, 0) AS refused, coalesce(r.pending, l.sent) AS pending, coalesce(r.number, 0) AS receipts,
         c.closed_at
  FROM exchange_package p JOIN accounts_agency g ON g.id = p.agency_id JOIN accounts_division d ON d.id = p.county_id
  JOIN exchange_recipienttemplate t ON t.id = p.template_id
  CROSS JOIN LATERAL package_lists(t.sections, p.counts) l
  LEFT JOIN LATERAL (SELECT x.* FROM exchange_packagereceipt x WHERE x.package_id = p.id
                     ORDER BY x.number DESC LIMIT 1) r ON true
  LEFT JOIN exchange_packageclosing c ON c.package_id = p.id
  LEFT JOIN exchange_packageoffer o ON o.package_id = p.id AND o.ended_at IS NULL
  WHERE p.agency_id = ANY ({OFFICES}) AND p.released_at IS NOT NULL
    AND p.state IN ('released', 'collected', 'recalled');
REVOKE ALL ON exchange_mypackage FROM app;
GRANT SELECT ON exchange_mypackage TO app, app_partner;
"""  # noqa: S608
FILE = {
    "is_correction": models.BooleanField(),
    "ended_at": models.DateTimeField(null=True),
    "rows": models.PositiveIntegerField(),
    "sections": models.JSONField(),
    "expires_at": models.DateTimeField(null=True),
    "most": models.PositiveSmallIntegerField(null=True),
    "used": models.PositiveIntegerField(),
}


class Migration(migrations.Migration):
    dependencies = [("exchange", "0013_signing_keys")]
    operations = [
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
        migrations.DeleteModel("InboxPackage"),
        *(migrations.AddField("MyPackage", name, field) for name, field in FILE.items()),
    ]
