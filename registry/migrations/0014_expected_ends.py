from django.db import migrations


class Migration(migrations.Migration):
    """The expected return of a running journey may be said anew."""

    dependencies = [("registry", "0013_papers_follow")]
    operations = [
        migrations.RunSQL(
            "GRANT UPDATE (expected_until) ON registry_temporaryfile TO app;", migrations.RunSQL.noop
        )
    ]
