"""Rows for an UPDATE ... FROM: COPY into a temporary table that falls away with the transaction."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from registry.services.staging import texts


def stage(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """`columns`: name -> SQL type; every row has its values in that order, arrays as
    tuples. Must stand in a transaction."""
    written = [texts(kind, values) for kind, values in zip(columns.values(), zip(*rows, strict=True), strict=False)]
    body = "\n".join(map("\t".join, zip(*written, strict=True)))
    described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({described}) ON COMMIT DROP")
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(body + "\n" if body else ""), 1 << 20
        )
