"""A printed table of counts, and the checks a clerk would do with a pencil: sums of rows, sums of columns, parts and wholes.

Source: practice notes E2 (annex table with a total row); 填表要求: 合计等于各行之和, 其中数不大于总数.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reports.rules.rates import NONE, plain

NOT_KEPT = "本系统不采集"
NO_DATA = "暂无数据"
AGAIN = "请重新打开本页；仍不相符的，把这句话报给系统管理员，核清前不要上报"
Number = Decimal | int
CellValue = Number | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """`code`: the definition behind the count, which leads to its list."""

    key: str
    head: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`area`: whose list the cells open; empty where there is none. A cell is a count, a word, or None for "—"."""

    name: str
    cells: Mapping[str, CellValue]
    area: str = ""
    is_bounded: bool = True  # False: its numbers are no part and whole (4 meetings wanted, 5 held)
    code: str = ""  # where the line, not the column, has a definition


@dataclass(frozen=True, slots=True)
class Sum:
    """In every line: `whole` is what `plus` adds up to less `minus`."""

    whole: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """In every line: the part is at most the whole."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class PaperTable:
    """`total` comes from its own count, not from adding up the lines: else the column check could never fail."""

    number: str
    title: str
    first: str  # head of the first column
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    sums: tuple[Sum, ...] = ()
    bounds: tuple[Bound, ...] = ()
    unit: str = "单位：人"
    note: str = ""
    unsummed: frozenset[str] = field(default_factory=frozenset)  # columns whose total is no sum of the lines

    @property
    def every_line(self) -> tuple[Line, ...]:
        return (*self.lines, *((self.total,) if self.total else ()))

    def head(self, key: str) -> str:
        return next(column.head for column in self.columns if column.key == key)


def printed_cell(value: CellValue) -> str:
    if value is None:
        return NONE
    return plain(value) if isinstance(value, Decimal) else str(value)


def cross_foot(table: PaperTable) -> list[str]:
    """Every place that does not come out, in a sentence that names table, line and column. Cells without a number are
    left out of bounds; a sum with one missing is not judged.
    """
    return [f"{table.number} {said}。{AGAIN}。" for said in (*_columns(table), *_sums(table), *_bounds(table))]


def checks_made(table: PaperTable) -> int:
    """How many sums and bounds were looked at."""
    columns = sum(column.key not in table.unsummed for column in table.columns) if table.total and table.lines else 0
    return columns + (len(table.sums) + len(table.bounds) + len(table.columns)) * len(table.every_line)


def _number(line: Line, key: str) -> Number | None:
    value = line.cells.get(key)
    return value if isinstance(value, (int, Decimal)) else None


def _columns(table: PaperTable) -> Iterator[str]:
    """合计 against the lines above it."""
    if table.total is None or not table.lines:
        return
    for column in table.columns:
        total, parts = _number(table.total, column.key), [_number(line, column.key) for line in table.lines]
        known = [part for part in parts if part is not None]
        if column.key in table.unsummed or total is None or len(known) < len(parts):
            continue
        if (added := sum(known)) != total:
            yield f"“{column.head}”列：各行相加是 {added}，合计行写的是 {total}，相差 {abs(total - added)}"


def _sums(table: PaperTable) -> Iterator[str]:
    for line in table.every_line:
        for rule in table.sums:
            whole = _number(line, rule.whole)
            plus, minus = ([_number(line, key) for key in keys] for keys in (rule.plus, rule.minus))
            if whole is None or None in plus or None in minus:
                continue
            came = _added(plus) - _added(minus)
            if came != whole:
                names = "＋".join(table.head(key) for key in rule.plus)
                names += "".join(f"－{table.head(key)}" for key in rule.minus)
                yield f"“{line.name}”行：{names}是 {came}，“{table.head(rule.whole)}”写的是 {whole}"


def _bounds(table: PaperTable) -> Iterator[str]:
    for line in table.every_line:
        for column in table.columns:
            value = _number(line, column.key)
            if value is not None and value < 0:
                yield f"“{line.name}”行：“{column.head}”是 {value}，小于 0"
        for rule in table.bounds if line.is_bounded else ():
            part, whole = _number(line, rule.part), _number(line, rule.whole)
            if part is not None and whole is not None and part > whole:
                yield f"“{line.name}”行：“{table.head(rule.part)}”{part} 大于“{table.head(rule.whole)}”{whole}"


def _added(values: Iterable[Number | None]) -> Number:
    return sum((value for value in values if value is not None), 0)


def table_facts(table: PaperTable) -> dict[str, Any]:
    """The table as the printed document and the workbook have it: text only."""
    total = table.total

    def cells(line: Line) -> list[str]:
        return [printed_cell(line.cells.get(column.key)) for column in table.columns]

    return {
        "number": table.number,
        "title": table.title,
        "unit": table.unit,
        "first": table.first,
        "heads": [column.head for column in table.columns],
        "rows": [{"name": line.name, "cells": cells(line)} for line in table.lines],
        "total": {"name": total.name, "cells": cells(total)} if total else None,
        "note": table.note,
    }


def document_facts(tables: Iterable[PaperTable]) -> dict[str, Any]:
    """Tables with the outcome of their checks: a document that does not come out says so itself."""
    every = tuple(tables)
    findings = [said for table in every for said in cross_foot(table)]
    looked = sum(checks_made(table) for table in every)
    verdict = f"核对了行、列合计和大小关系 {looked} 处，" + (
        f"{len(findings)} 处不相符：" if findings else "全部相符。"
    )
    return {"tables": [table_facts(table) for table in every], "verdict": verdict, "findings": findings}
