"""A migration operation that makes several tables at once.

Django draws every model that hangs together anew after each single operation, and here nearly all of them hang on the
patient: 680 operations took more than a minute. One operation for an app's tables has them drawn once (ADR 0015). A
CreateModel in it stands as it ends up, with its foreign keys (also to tables that come after it, or back to itself),
indexes, constraints and pgtrigger's triggers (option `triggers`, installed by pgtrigger's own create_model).
"""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation, OperationCategory


class CreateTables(Operation):
    """For migrations that make tables; what changes tables that are there are Django's own operations, one by one."""

    category = OperationCategory.ADDITION
    serialization_expand_args = ["tables"]

    def __init__(self, tables: list[migrations.CreateModel]) -> None:
        self.tables = tables

    def deconstruct(self) -> Any:
        return type(self).__name__, [], {"tables": self.tables}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # drawn again when first asked for, with all tables, not after each of them
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.tables)} tables"

    @property
    def migration_name_fragment(self) -> str:
        return "tables"
