"""Statements whose planning costs more than their running, planned once a connection (PREPARE; docs/adr/0021).

The row walls make every table of a statement carry three conditions: planning the windows' statement took twice as long
as running it. The plan is made without looking at the values: only for statements about one person, and for the list
of a place, whose one index serves whatever the values.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# per connection of the driver: the statements it knows; a new connection knows none
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Planned:
    """`statement` as psycopg2 wants it, with %s or %(name)s; every value has a cast or a column that tells its type."""

    def __init__(self, name: str, statement: str) -> None:
        self.name = name
        self.names: list[str] = []
        self.statement = statement % _Marks(self.names) if "%(" in statement else _numbered(statement)

    def execute(self, cursor: Any, values: Sequence[Any] | Mapping[str, Any]) -> None:
        """Run it on a cursor inside a transaction. Raises: whatever the database raises."""
        given = [values[name] for name in self.names] if isinstance(values, Mapping) else list(values)
        known = _known.setdefault(connection.connection, set())
        if self.name not in known:
            cursor.execute(f"PREPARE {self.name} AS {self.statement}")
            known.add(self.name)
        marks = ", ".join(["%s"] * len(given))
        cursor.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {self.name} ({marks})", given)


class _Marks(Mapping[str, str]):
    """%(name)s → $n, the same n wherever the name stands."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def __getitem__(self, name: str) -> str:
        if name not in self.names:
            self.names.append(name)
        return f"${self.names.index(name) + 1}"

    def __iter__(self) -> Any:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _numbered(statement: str) -> str:
    numbers = count(1)
    first, *rest = statement.split("%s")
    return first + "".join(f"${next(numbers)}{part}" for part in rest)
