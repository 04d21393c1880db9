"""Thousands of rows into a protected table: COPY into a temporary table, then INSERT ... SELECT under the policies.

COPY straight into a table with row-level security is refused by PostgreSQL (decisions A9). Defaults, types
and encryption are those of the model: bulk and single writing cannot drift apart.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
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


class Json(str):
    """A value of a JSON column that is written out already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row."""

    value: Any


def insert_columns(
    model: type[models.Model],
    count: int,
    columns: Mapping[str, Sequence[Any] | Same],
    *,
    returning: Iterable[str] = (),
) -> list[tuple[Any, ...]]:
    """The same from plain columns (attribute name -> value of each row), for tens of thousands of rows: no instance is
    made.

    A column left out gets the model's default, the same for all: what must differ from row to row (a uuid) has to be
    given. Sealed columns only by `insert_models`, which knows the row they are bound to. Answers come in the order of
    the rows.
    """
    if not count:
        return []
    fields, blank = _written(model), model()
    if "id" in columns:
        fields = [model._meta.get_field("id"), *fields]  # type: ignore[list-item]
    written: dict[str | None, Iterable[str]] = {}
    same: dict[str | None, Any] = {}
    for f in fields:
        values = columns.get(f.attname, None)
        if values is None:
            same[f.column] = _plain(f, f.pre_save(blank, True))
        elif isinstance(values, Same):
            same[f.column] = _plain(f, values.value)
        else:
            written[f.column] = _texts(f, values)
    lines = map("\t".join, zip(*written.values(), strict=True))
    return _insert(model, fields, lines, returning, "", copied_names=list(written), same=same)


class Known(dict[Any, str]):
    """Codes, days and short words come again and again: each is written out once."""

    def __missing__(self, value: Any) -> str:
        text = copied(value)
        if len(self) < KNOWN_AT_MOST:
            self[value] = text
        return text


_days = Known()


def texts(kind: str, values: Iterable[Any]) -> Iterable[str]:
    """One column of an SQL type in COPY's text format. 1, 1.0 and True are one key: a column holds values of one kind."""
    if kind == "uuid":
        return map(str, values)  # no two alike
    if kind in ("bigint", "integer", "bigserial"):
        return ["\\N" if value is None else str(value) for value in values]
    return map((_days if kind == "date" else Known()).__getitem__, values)


def _dumped(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _texts(field: "models.Field[Any, Any]", values: Sequence[Any]) -> Iterable[str]:
    if isinstance(field, models.JSONField):
        return map(Known().__getitem__, [v if type(v) is Json else _dumped(v) for v in values])
    return texts(field.rel_db_type(connection) or "", values)


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    """One value as the driver takes it."""
    if isinstance(field, models.JSONField):
        return value if type(value) is Json else _dumped(value)
    return list(value) if isinstance(value, tuple) else value


def _written(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f, models.AutoField)]


def _insert(
    model: type[models.Model],
    fields: "Sequence[models.Field[Any, Any]]",
    lines: Iterable[str],
    returning: Iterable[str],
    conflict: str,
    *,
    copied_names: Sequence[str | None] = (),
    same: Mapping[str | None, Any] = MappingProxyType({}),
) -> list[tuple[Any, ...]]:
    """`same`: columns that hold one value in every row; the staged table has it as its default, and nobody writes it
    out and reads it again."""
    table, staged = model._meta.db_table, f"staged_{model._meta.db_table}"
    names = ", ".join(f'"{f.column}"' for f in fields)
    types = ", ".join(
        f'"{f.column}" {f.rel_db_type(connection)}{" DEFAULT %s" if f.column in same else ""}' for f in fields
    )
    defaults = [same[f.column] for f in fields if f.column in same]
    written = ", ".join(f'"{name}"' for name in copied_names) or names
    body = io.BytesIO(("\n".join(lines) + "\n").encode())
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{staged}"')
        made = f'CREATE TEMPORARY TABLE "{staged}" (row_order serial, {types}) ON COMMIT DROP'
        cursor.execute(made, defaults or None)
        cursor.copy_expert(f'COPY "{staged}" ({written}) FROM STDIN', body, 1 << 20)
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
