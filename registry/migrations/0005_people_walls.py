"""The walls of the people around the patient and their papers."""

from django.db import migrations

from accounts.walls import COUNTIES, TOWNS, ChildPlace, Protect, ProtectHistory

CHILDREN = (
    "registry_scan",
    "registry_companion",
    "registry_guardianship",
    "registry_socialfact",
    "registry_formsheet",
    "registry_guardiantraining",
)
TRACKED = ("registry_companion", "registry_guardianship", "registry_socialfact")

# A kept paper and a used text are never taken away; a paper's place still moves with the patient.
KEEP = """
REVOKE DELETE ON registry_scan FROM app;
REVOKE UPDATE, DELETE ON registry_consenttext FROM app;
"""

# Teams and staff hold names and phones of people who serve: whoever works in the place sees them, nobody else.
DIVISIONS = f"""(SELECT d.id FROM accounts_division d LEFT JOIN accounts_division up ON up.id = d.parent_id
  WHERE d.id = ANY ({TOWNS}) OR d.parent_id = ANY ({TOWNS})
     OR d.id = ANY ({COUNTIES}) OR d.parent_id = ANY ({COUNTIES}) OR up.parent_id = ANY ({COUNTIES}))"""  # noqa: S608
TEAM_WALLS = {
    "registry_caregroup": f"division_id IN {DIVISIONS}",
    "registry_groupmember": "group_id IN (SELECT g.id FROM registry_caregroup g)",
    "registry_staffmember": f"township_id IN {DIVISIONS}",
    "registry_staffyear": f"township_id IN {DIVISIONS}",
}


def team_wall(table: str) -> str:
    """Row-level security of one table without a patient."""
    inside = TEAM_WALLS[table]
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON {table} FOR ALL TO app USING ({inside}) WITH CHECK ({inside});
CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_card_walls"),
    ]
    operations = [
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        *(ProtectHistory(f"{table}historyevent") for table in TRACKED),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        *(migrations.RunSQL(team_wall(table), migrations.RunSQL.noop) for table in TEAM_WALLS),
    ]
