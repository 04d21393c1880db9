"""The walls of report cards and discharge notices, and the cards' numbers."""

from django.db import migrations

from accounts.walls import COUNTIES, OFFICES, TOWNS

WHO = "nullif(current_setting('app.user', true), '')::bigint"

# A paper is seen by the hospital that wrote it, by the township it was sent to and by the county. What is not sent yet
# is its writer's alone; a paper card is entered by the county under the hospital's name.
SEEN = (
    f"hospital_id = ANY ({OFFICES}) OR entered_by_id = {WHO} OR county_id = ANY ({COUNTIES}) "
    f"OR (sent_on IS NOT NULL AND township_id = ANY ({TOWNS}))"
)


def wall(table: str) -> migrations.RunSQL:
    statements = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY see ON {table} FOR ALL TO app USING ({SEEN}) WITH CHECK ({SEEN})",
        f"CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true)",
        f"REVOKE DELETE ON {table} FROM app",
    )
    return migrations.RunSQL(list(statements), migrations.RunSQL.noop)


NUMBERS = """
CREATE SEQUENCE registry_card_number;
GRANT USAGE ON SEQUENCE registry_card_number TO app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_clue_walls"),
    ]
    operations = [
        wall("registry_reportcard"),
        wall("registry_dischargenotice"),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
    ]
