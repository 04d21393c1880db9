"""Queries that every request asks. Django builds a query's SQL anew each time, which takes several times as long as the
database's answer: here it is built once in a process, and only the values change."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Prepared(Generic[Row]):
    """`make(*marks)` is the query; called with other values for the marks it gives the rows, related ones with them.

    The marks must be values that stand nowhere else in the query, of the kind that the values will have.
    """

    def __init__(self, make: Callable[..., QuerySet[Row]], *marks: Any) -> None:
        self.make, self.marks = make, marks

    @cached_property
    def _compiled(self) -> tuple[str, list[tuple[bool, Any]], Any, dict[int, Any]]:
        compiler = self.make(*self.marks).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, found = compiler.as_sql()
        order = [(value in self.marks, self.marks.index(value) if value in self.marks else value) for value in found]
        if {place for is_mark, place in order if is_mark} != set(range(len(self.marks))):
            raise ValueError(f"a mark is missing in {sql}")
        return sql, order, compiler, compiler.get_converters([column for column, _sql, _alias in compiler.select])

    def __call__(self, *values: Any) -> list[Row]:
        sql, order, compiler, converters = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[said] if is_mark else said for is_mark, said in order])
            rows = [list(row) for row in cursor.fetchall()]
        for row in rows:
            for place, (steps, column) in converters.items():
                for step in steps:
                    row[place] = step(row[place], column, connection)
        return [_instance(compiler.klass_info, compiler.select, row) for row in rows]


def _instance(kind: dict[str, Any], columns: Sequence[Any], row: list[Any]) -> Any:
    """A row of the model and of the models that it names; None where it names none."""
    places = kind["select_fields"]
    names = [columns[place][0].target.attname for place in places]
    if row[places[names.index(kind["model"]._meta.pk.attname)]] is None:
        return None
    made = kind["model"].from_db(DEFAULT_DB_ALIAS, names, [row[place] for place in places])
    for other in kind.get("related_klass_infos", ()):
        other["local_setter"](made, _instance(other, columns, row))
    return made
