"""Statements of the product taken down once and run again by hand: as another role, or in another database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.db import connection

Taken = list[tuple[str, Any]]


@contextmanager
def taking_down(into: Taken) -> Iterator[None]:
    """Every statement that the block sends, with its values."""

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        into.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


def reads(taken: Taken) -> Taken:
    """Without the savepoints and settings around them."""
    return [(sql, params) for sql, params in taken if not sql.lstrip().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]


class Player:
    """One connection of its own that stays in one transaction; `play` answers the rows of the last statement."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg2.connect(url)

    def play(self, taken: Taken) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            for sql, params in taken:
                cursor.execute(sql, params)
            return list(cursor.fetchall())

    def prepare(self, taken: Taken) -> None:
        """What stands before the statement that is timed: the reach."""
        with self._connection.cursor() as cursor:
            for sql, params in taken:
                cursor.execute(sql, params)

    def close(self) -> None:
        self._connection.close()
