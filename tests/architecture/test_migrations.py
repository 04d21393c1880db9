"""What a migration may cost: Django draws every model anew after each operation, half a second each (ADR 0015)."""

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from pgtrigger.migrations import AddTrigger

OURS = {"accounts", "registry", "followup", "rehab", "subsidy", "reports", "exchange"}
FOLDED = (migrations.AddField, migrations.AddConstraint, migrations.AddIndex, AddTrigger)
FILES = {
    f"{app}.{name}": migration
    for (app, name), migration in MigrationLoader(None).disk_migrations.items()
    if app in OURS
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_tables_are_made_as_they_end_up(name):
    """What belongs to a table that the same migration makes stands in its CreateModel, and several in one CreateTables."""
    operations = FILES[name].operations
    made = {one.name_lower for one in operations if isinstance(one, migrations.CreateModel)}
    later = [one.describe() for one in operations if isinstance(one, FOLDED) and one.model_name.lower() in made]
    assert later == [], "fold them into the CreateModel (docs/adr/0015)"
    assert len(made) <= 1, "put them into one accounts.tables.CreateTables (docs/adr/0015)"
