"""Thousands of rows into a protected table: COPY into a temporary table, then INSERT ... SELECT under the policies.

COPY straight into a table with row-level security is refused by PostgreSQL (decisions A9). The rows are model
instances, so defaults, encryption and types are those of the model: bulk and single writing cannot drift apart.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from django.db import connection, models

KNOWN_AT_MOST = 20_000  # values of one column that are kept written out
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copied(value: Any) -> str:
    """One value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes | memoryview):
        return "\\\\x" + bytes(value).hex()
    if isinstance(value, list | tuple):
        return ("{" + ",".join(map(_element, value)) + "}").translate(_ESCAPES)
    return str(value).translate(_ESCAPES)


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _value(field: "models.Field[Any, Any]", instance: models.Model) -> str:
    value = field.pre_save(instance, True)
    if isinstance(field, models.JSONField):
        return copied(None if value is None else json.dumps(value, ensure_ascii=False))
    return copied(value)


def insert_models(
    instances: Sequence[models.Model], *, returning: Iterable[str] = ("id",), conflict: str = ""
) -> list[tuple[Any, ...]]:
    """Insert many instances of one model; answers the `returning` columns of the rows that went in.

    `conflict`: e.g. "ON CONFLICT (id_index) DO NOTHING"; such a row is missing in the answer. Must stand in a
    transaction. Values go in as they are in the instances: validation is the caller's.
    """
    if not instances:
        return []
    fields = _written(type(instances[0]))
    lines = ("\t".join(_value(f, row) for f in fields) for row in instances)
    return _insert(type(instances[0]), fields, lines, returning, conflict)


def insert_rows(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, returning: Iterable[str] = ("id",)
) -> list[tuple[Any, ...]]:
    """The same from plain columns (attribute name -> value), for tens of thousands of rows: no instance is made.

    Every row has the same names. What they leave out gets the model's default, the same for all: what must differ from
    row to row (a uuid) has to be given. Sealed columns only by `insert_models`, which knows the row they are bound to.
    """
    if not rows:
        return []
    fields, blank = _written(model), model()
    columns = [
        _texts(f, [row[f.attname] for row in rows]) if f.attname in rows[0] else repeat(_value(f, blank), len(rows))
        for f in fields
    ]
    return _insert(model, fields, map("\t".join, zip(*columns, strict=True)), returning, "")


class _Known(dict[Any, str]):
    """Codes, days and short words come again and again: each is written out once."""

    def __missing__(self, value: Any) -> str:
        text = copied(value)
        if len(self) < KNOWN_AT_MOST:
            self[value] = text
        return text


def _texts(field: "models.Field[Any, Any]", values: list[Any]) -> Iterable[str]:
    """One column in COPY's text format."""
    if isinstance(field, models.JSONField):
        return [copied(None if value is None else json.dumps(value, ensure_ascii=False)) for value in values]
    if isinstance(field, models.UUIDField):
        return [copied(value) for value in values]  # no two alike
    known = _Known()
    try:
        return [known[value] for value in values]
    except TypeError:  # lists have no place in a dictionary
        return [known[tuple(value)] if isinstance(value, list) else copied(value) for value in values]


def _written(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f, models.AutoField)]


def _insert(
    model: type[models.Model],
    fields: "Sequence[models.Field[Any, Any]]",
    lines: Iterable[str],
    returning: Iterable[str],
    conflict: str,
) -> list[tuple[Any, ...]]:
    table, staged = model._meta.db_table, f"staged_{model._meta.db_table}"
    names = ", ".join(f'"{f.column}"' for f in fields)
    types = ", ".join(f'"{f.column}" {f.db_type(connection)}' for f in fields)
    body = "\n".join(lines) + "\n"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{staged}"')
        cursor.execute(f'CREATE TEMPORARY TABLE "{staged}" (row_order serial, {types}) ON COMMIT DROP')
        cursor.copy_expert(f'COPY "{staged}" ({names}) FROM STDIN', io.StringIO(body))
        answer = ", ".join(returning)
        # every name comes from the model, none from outside
        write = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{staged}" ORDER BY row_order {conflict}'  # noqa: S608
        cursor.execute(f"{write} RETURNING {answer}" if answer else write)
        return list(cursor.fetchall()) if answer else []


def staged_rows(
    cursor: Any, table: str, fields: Sequence["models.Field[Any, Any]"], instances: Sequence[models.Model]
) -> None:
    """These columns of the instances in a temporary table, for an UPDATE ... FROM. Must stand in a transaction."""
    kinds = [f.rel_db_type(connection) if f.primary_key else f.db_type(connection) for f in fields]
    types = ", ".join(f'"{f.column}" {kind}' for f, kind in zip(fields, kinds, strict=True))
    body = "\n".join("\t".join(_value(f, row) for f in fields) for row in instances) + "\n"
    cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{table}"')
    cursor.execute(f'CREATE TEMPORARY TABLE "{table}" ({types}) ON COMMIT DROP')
    names = ", ".join(f'"{f.column}"' for f in fields)
    cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', io.StringIO(body))
