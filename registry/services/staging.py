"""Thousands of rows into a protected table: COPY into a temporary table, then INSERT ... SELECT under the policies.

COPY straight into a table with row-level security is refused by PostgreSQL (decisions A9). The rows are model
instances, so defaults, encryption and types are those of the model: bulk and single writing cannot drift apart.
"""

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

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
    model = type(instances[0])
    fields = [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f, models.AutoField)]
    table, staged = model._meta.db_table, f"staged_{model._meta.db_table}"
    names = ", ".join(f'"{f.column}"' for f in fields)
    types = ", ".join(f'"{f.column}" {f.db_type(connection)}' for f in fields)
    body = "\n".join("\t".join(_value(f, row) for f in fields) for row in instances) + "\n"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{staged}"')
        cursor.execute(f'CREATE TEMPORARY TABLE "{staged}" (row_order serial, {types}) ON COMMIT DROP')
        cursor.copy_expert(f'COPY "{staged}" ({names}) FROM STDIN', io.StringIO(body))
        answer = ", ".join(returning)
        # every name comes from the model, none from outside
        write = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{staged}" ORDER BY row_order {conflict}'  # noqa: S608
        cursor.execute(f"{write} RETURNING {answer}")
        return list(cursor.fetchall())


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
