"""How far the preparation is, for others to see while its transaction is still open: on a connection of its own.

Numbers only. It decides nothing: whether a package is prepared stands in the package, and a worker that died leaves a
line here that grows old and is overwritten by the next.
"""

from uuid import UUID

from django.db import connection
from django.utils import timezone

_TELL = """
INSERT INTO exchange_packagerun (package, began_at, seen_at, done, total) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (package) DO UPDATE SET seen_at = excluded.seen_at, done = excluded.done, total = excluded.total,
  began_at = CASE WHEN excluded.done = 0 THEN excluded.began_at ELSE exchange_packagerun.began_at END
"""


class Progress:
    """`total` people to read. Inside somebody else's transaction (a test's, a command's) it is silent."""

    def __init__(self, package: UUID, total: int, *, watched: bool) -> None:
        self.package, self.total, self.done = package, total, 0
        self.beside = connection.copy() if watched else None
        self._tell()

    def step(self, people: int) -> None:
        self.done += people
        self._tell()

    def _tell(self) -> None:
        if self.beside is None:
            return
        now = timezone.now()
        with self.beside.cursor() as cursor:
            cursor.execute(_TELL, [self.package, now, now, self.done, self.total])

    def close(self) -> None:
        if self.beside is not None:
            self.beside.close()
