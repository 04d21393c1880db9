"""草稿 of the visit form, behind the wall of the township and a second one: only its writer changes or removes it."""

from django.db import migrations

from accounts.walls import ChildPlace, Protect

TABLE = "followup_draft"
OWN = "kept_by_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint"
WRITERS = f"""
CREATE POLICY own_new ON {TABLE} AS RESTRICTIVE FOR INSERT TO app WITH CHECK ({OWN});
CREATE POLICY own_text ON {TABLE} AS RESTRICTIVE FOR UPDATE TO app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY own_end ON {TABLE} AS RESTRICTIVE FOR DELETE TO app USING ({OWN} OR expires_at <= now());
"""


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0003_window_walls"),
    ]
    operations = [
        Protect(TABLE),
        ChildPlace(TABLE),
        migrations.RunSQL(WRITERS, migrations.RunSQL.noop),
    ]
