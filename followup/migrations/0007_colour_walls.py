"""动态分色: the walls of what each person has, of its changes and proposals."""

from django.db import migrations

from accounts.walls import ChildPlace, Protect, ProtectHistory

TABLES = ("followup_patientcolour", "followup_colourchange", "followup_colourfall")

# A change is written once; a proposal and a table stay; what a person has now goes with the last table.
RIGHTS = """
REVOKE UPDATE, DELETE ON followup_colourchange FROM app;
REVOKE DELETE ON followup_colourfall, followup_colourtable FROM app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0006_medicine_walls"),
    ]
    operations = [
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        ProtectHistory("followup_colourfallhistoryevent"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
