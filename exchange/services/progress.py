"""How far the preparation is, for others to see while its transaction is still open: on a connection of its own.

Numbers only. It decides nothing: whether a package is prepared stands in the package, and a worker that died leaves a
line here that grows old and is overwritten by the next.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils import timezone

_TELL = """
INSERT INTO exchange_packagerun (package, began_at, seen_at, done, total)
SELECT package, %s, %s, %s, %s FROM unnest(%s::uuid[]) AS package
ON CONFLICT (package) DO UPDATE SET seen_at = excluded.seen_at, done = excluded.done, total = excluded.total,
  began_at = CASE WHEN excluded.done = 0 THEN excluded.began_at ELSE exchange_packagerun.began_at END
"""


class Progress:
    """`total` people to read. Inside somebody else's transaction (a test's, a command's) it is silent."""

    def __init__(self, packages: Sequence[UUID], total: int, *, watched: bool) -> None:
        self.packages, self.total, self.done = list(packages), total, 0
        self.beside = connection.copy() if watched else None
        if self.beside is not None:
            with self.beside.cursor() as cursor:
                cursor.execute("SET synchronous_commit = off")  # a number that a crash loses was of no use any more
        self._tell()

    def step(self, people: int) -> None:
        self.done += people
        self._tell()

    def _tell(self) -> None:
        if self.beside is None:
            return
        now = timezone.now()
        with self.beside.cursor() as cursor:
            cursor.execute(_TELL, [now, now, self.done, self.total, self.packages])

    def close(self) -> None:
        if self.beside is not None:
            self.beside.close()
