"""The walls of prescriptions, injections, dispensing and examinations, and the shipped dictionary of drugs."""

from pathlib import Path
from typing import Any

from django.db import migrations

from accounts.walls import ChildPlace, Protect
from followup.rules.medicines import read_dictionary

TABLES = ("followup_prescription", "followup_injection", "followup_dispensing", "followup_checkup")

# Nothing is removed. A prescription is ended, what was given or measured is struck through; neither is rewritten.
RIGHTS = """
REVOKE DELETE ON followup_medicine, followup_medicineclosing FROM app;
REVOKE UPDATE, DELETE ON followup_prescription, followup_injection, followup_dispensing, followup_checkup FROM app;
GRANT UPDATE (ends_on, stop_reason, ended_by_id, due_on) ON followup_prescription TO app;
GRANT UPDATE (struck_at, struck_by_id, struck_words) ON followup_injection TO app;
GRANT UPDATE (struck_at, struck_by_id, struck_words) ON followup_dispensing TO app;
GRANT UPDATE (struck_at, struck_by_id, struck_words) ON followup_checkup TO app;
"""
SHIPPED = Path(__file__).parent.parent / "medicines" / "cn-2026.toml"


def load_shipped(apps: Any, schema_editor: Any) -> None:
    version, entries = read_dictionary(SHIPPED.read_text(encoding="utf-8"))
    Medicine = apps.get_model("followup", "Medicine")
    Medicine.objects.bulk_create(
        Medicine(
            code=one.code, name=one.name, aliases=list(one.aliases), kind=one.kind, form=one.form, unit=one.unit,
            long_acting=one.long_acting, interval_days=one.interval_days, essential=one.essential, version=version,
        )
        for one in entries
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0005_incident_walls"),
    ]
    operations = [
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunPython(load_shipped, migrations.RunPython.noop),
    ]
