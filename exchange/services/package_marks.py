"""What a recipient holds beside what stands now, row by row in temporary tables: memory does not grow with the county.

A mark is list, key and digest of a row. The tables live for the transaction that prepares the package, are seen by its
connection alone and hold no cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

PIECE = 1_000
Mark = tuple[str, str, str | None]  # list, key, digest; None: the row was taken back

_MAKE = """
DROP TABLE IF EXISTS pg_temp.{held}, pg_temp.{now};
CREATE TEMPORARY TABLE {held} (list text, key text, digest text, place bigserial, PRIMARY KEY (list, key)) ON COMMIT DROP;
CREATE TEMPORARY TABLE {now} (list text, key text, digest text) ON COMMIT DROP
"""
_MARKS = "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) AS mark(list, key, digest)"


class Marks:
    """Of one package while it is prepared. `held`: of every row that the recipient got, in the order in which it got them."""

    def __init__(self, package: int, held: Iterable[Mark]) -> None:
        self.held, self.now = f"package_held_{package}", f"package_now_{package}"
        self.waiting: list[Mark] = []
        self._ask(_MAKE)
        marks = iter(held)
        while piece := list(islice(marks, PIECE)):
            self._hold(piece)

    def _ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(held=self.held, now=self.now), values or None)
            return list(cursor.fetchall()) if cursor.description else []

    def _hold(self, piece: Sequence[Mark]) -> None:
        """The last word about a row holds."""
        last = {(kind, key): digest for kind, key, digest in piece}
        gone = [(kind, key, None) for (kind, key), digest in last.items() if digest is None]
        kept = [(kind, key, digest) for (kind, key), digest in last.items() if digest is not None]
        same = "WHERE held.list = mark.list AND held.key = mark.key"
        self._ask(f"DELETE FROM {{held}} held USING ({_MARKS}) mark {same}", *_columns(gone))  # noqa: S608
        again = "ON CONFLICT (list, key) DO UPDATE SET digest = excluded.digest"
        self._ask(f"INSERT INTO {{held}} (list, key, digest) {_MARKS} {again}", *_columns(kept))

    def see(self, kind: str, key: str, digest: str) -> None:
        """A row as it stands now."""
        self.waiting.append((kind, key, digest))
        if len(self.waiting) >= PIECE:
            self._write()

    def _write(self) -> None:
        self._ask(f"INSERT INTO {{now}} (list, key, digest) {_MARKS}", *_columns(self.waiting))
        self.waiting = []

    def were(self, kind: str, keys: Sequence[str]) -> dict[str, str]:
        """Key -> digest of those of these rows that the recipient holds."""
        return dict(self._ask("SELECT key, digest FROM {held} WHERE list = %s AND key = ANY (%s)", kind, list(keys)))

    def gone(self, kind: str) -> list[str]:
        """Keys that the recipient holds and that stand no longer, in the order in which it got them."""
        self._write()
        away = "NOT EXISTS (SELECT 1 FROM {now} now WHERE now.list = held.list AND now.key = held.key)"
        rows = self._ask(f"SELECT key FROM {{held}} held WHERE list = %s AND {away} ORDER BY place", kind)  # noqa: S608
        return [key for (key,) in rows]

    def compared(self, kind: str) -> dict[str, int]:
        """One list beside what the recipient holds of it."""
        self._write()
        rows = self._ask(
            "SELECT count(now.key), count(*) FILTER (WHERE held.key IS NULL), count(*) FILTER (WHERE now.key IS NULL),"
            " count(*) FILTER (WHERE now.digest <> held.digest) FROM (SELECT * FROM {now} WHERE list = %s) now"
            " FULL JOIN (SELECT * FROM {held} WHERE list = %s) held ON held.key = now.key", kind, kind,
        )  # fmt: skip
        return dict(zip(("rows", "new", "gone", "changed"), rows[0], strict=True))


def _columns(marks: Sequence[Mark]) -> Iterator[list[str | None]]:
    for place in range(3):
        yield [mark[place] for mark in marks]
