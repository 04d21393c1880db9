"""The database's own functions that judge, note and answer in one call: what an office's pages reach rows through."""

from typing import Any

from django.db import connection


def call(function: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """Every row that the function returns. Its name is ours, the arguments are bound."""
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({marks})", arguments)  # noqa: S608 - names are ours, values are bound
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
