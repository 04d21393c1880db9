"""A sheet of rows with a header, and how its cells are read. Used by every import; knows nothing of patients.

Readers collect what is wrong instead of stopping at the first cell, so that one run of an import names every bad cell.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from accounts.rules.text import TextRefused, clean_text, parse_date
from registry.rules.columns import Cell, Lines, cell_of
from registry.rules.id_number import IdNumber, IdRefused, read_id_number
from registry.rules.person import EARLIEST_YEAR
from registry.rules.phone import PhoneRefused, read_phone

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

REQUIRED = "不能为空。"
AT_A_TIME = 1_000  # rows that are laid out before they are kept by columns


class TableRefused(ValueError):
    """The whole file is refused, before any row. The text names the column and the remedy."""


@dataclass(frozen=True)
class Row:
    number: int  # as the spreadsheet counts: the header is row 1
    cells: Mapping[str, Cell]  # empty cells are left out


class Rows(Sequence[Row]):
    """The rows of a sheet, kept by columns. A `Row` is made when it is asked for."""

    __slots__ = ("headers", "lines", "numbers")

    def __init__(self, headers: tuple[str, ...]) -> None:
        self.headers = headers  # "" above a column without a name, which holds nothing
        self.numbers: array[int] = array("l")
        self.lines = Lines(len(headers))

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        pairs = zip(self.headers, self.lines[index], strict=False)
        return Row(self.numbers[index], {name: value for name, value in pairs if value is not None})


@dataclass(frozen=True)
class Table:
    headers: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True)
class RowRefusal:
    """One bad cell (or, with an empty column, one bad row) for the report. `remark`: noted, but the row is in."""

    row: int
    column: str
    value: str
    reason: str
    remark: bool = False


@dataclass
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    def line(self) -> str:
        """Last line that every import command prints."""
        return f"created {self.created}, updated {self.updated}, unchanged {self.unchanged}, refused {self.refused}"


def make_table(grid: Iterable[Sequence[Any]]) -> Table:
    """Headers and rows of a grid; rows without any value are skipped. Raises: TableRefused."""
    lines = iter(grid)
    first = next(lines, None)
    if first is None:
        raise TableRefused("文件是空的。第一行应为列名。")
    headers = _headers([cell_of(cell) for cell in first])
    rows = Rows(headers)
    unnamed = [position for position, header in enumerate(headers) if not header]
    start = 2
    while some := list(islice(lines, AT_A_TIME)):
        _keep(rows, [_fitted(line, index, len(headers), unnamed) for index, line in enumerate(some, start)], start)
        start += len(some)
    return Table(headers=tuple(name for name in headers if name), rows=rows)


def _keep(rows: Rows, lines: Sequence[Sequence[Any]], start: int) -> None:
    first = len(rows.lines)
    rows.numbers.extend(range(start, start + len(lines)))
    rows.lines.extend(lines)
    for at in reversed(rows.lines.blank_since(first)):
        rows.lines.drop(at)
        del rows.numbers[at]


def _headers(first: Sequence[Cell]) -> tuple[str, ...]:
    headers = tuple(clean_header(cell) for cell in first)
    while headers and not headers[-1]:
        headers = headers[:-1]
    named = [h for h in headers if h]
    if not named:
        raise TableRefused("第一行没有列名。请把列名写在第一行。")
    for header in named:
        if named.count(header) > 1:
            raise TableRefused(f"列名“{header}”出现了不止一次。请只留一列。")
    return headers


def _fitted(cells: Sequence[Any], index: int, width: int, unnamed: Sequence[int]) -> Sequence[Any]:
    """As many cells as there are headers. Raises: TableRefused for a value without a column."""
    if len(cells) == width and not unnamed:
        return cells
    for position in (*unnamed, *range(width, len(cells))):
        if position < len(cells) and cell_of(cells[position]) is not None:
            raise TableRefused(f"第 {index} 行第 {position + 1} 列有内容，但这一列没有列名。请补上列名或删去内容。")
    return (*cells[:width], *(None,) * (width - len(cells)))


def clean_header(cell: Cell) -> str:
    """Column name without blanks, a remark in brackets, and the star that marks a required column."""
    try:
        text = clean_text("" if cell is None else cell, max_length=60)
        return re.sub(r"[（(].*?[）)]|[\s*＊]", "", text)
    except TextRefused as refusal:
        raise TableRefused(f"列名{refusal}") from None


def check_columns(table: Table, *, known: Iterable[str], required: Iterable[str]) -> None:
    """An unknown or a missing column refuses the whole file. Raises: TableRefused."""
    allowed = list(known)
    unknown = [header for header in table.headers if header not in allowed]
    if unknown:
        raise TableRefused(f"不认识的列：{'、'.join(unknown)}。请删去或改成模板里的列名，再导入。")
    missing = [name for name in required if name not in table.headers]
    if missing:
        raise TableRefused(f"缺少必需的列：{'、'.join(missing)}。请补上后再导入。")


def shown(value: Cell) -> str:
    """A cell as the report prints it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:100]


@dataclass
class Cells:
    """Reads one row. Every reader returns None for an empty or a refused cell; refusals stand in `problems`."""

    row: Row
    today: date
    problems: list[RowRefusal] = field(default_factory=list)

    def refuse(self, column: str, reason: str) -> None:
        self.problems.append(RowRefusal(self.row.number, column, shown(self.row.cells.get(column)), reason))

    def value(self, column: str, *, required: bool = False) -> Cell:
        value = self.row.cells.get(column)
        if value is None and required:
            self.refuse(column, REQUIRED)
        return value

    def known(self, column: str, values: Mapping[str, Any]) -> Any:
        """What `values` says of the cell as it stands; None for any other: the short way for a file's usual codes."""
        found = self.row.cells.get(column)
        return values.get(found) if isinstance(found, str) else None

    def text(self, column: str, *, required: bool = False, max_length: int = 200, lines: bool = False) -> str | None:
        value = self.value(column, required=required)
        if value is None:
            return None
        try:
            return clean_text(_plain(value), max_length=max_length, lines=lines) or None
        except TextRefused as refusal:
            self.refuse(column, str(refusal))
            return None

    def many(self, column: str) -> list[str] | None:
        """Values joined by a semicolon of either width; None when the cell is empty."""
        text = self.text(column, max_length=1000, lines=True)
        if text is None:
            return None
        return [part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";") if part.strip()]

    def code(
        self,
        column: str,
        labels: Mapping[str, str],
        *,
        aliases: Mapping[str, str] | None = None,
        required: bool = False,
    ) -> str | None:
        """A code of `labels` (code -> label), given as code or as label."""
        text = self.text(column, required=required)
        if text is None:
            return None
        found = code_of(text, labels, aliases)
        if found is None:
            self.refuse(column, f"应为下列之一：{listed(labels)}。")
            return None
        return found

    def whole(self, column: str, *, low: int, high: int, required: bool = False) -> int | None:
        text = self.text(column, required=required)
        if text is None:
            return None
        if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
            self.refuse(column, f"应为 {low} 至 {high} 的整数。")
            return None
        return int(text)

    def flag(self, column: str) -> bool | None:
        """1 / 0, 是 / 否."""
        text = self.text(column)
        if text is None:
            return None
        known = {
            **dict.fromkeys(("1", "是", "有", "同意", "true"), True),
            **dict.fromkeys(("0", "否", "无", "不同意", "false"), False),
        }
        if text.lower() not in known:
            self.refuse(column, "应为 1 或 0。")
            return None
        return known[text.lower()]

    def day(self, column: str, *, required: bool = False, future: bool = False) -> date | None:
        """YYYY-MM-DD, YYYY/M/D or a real spreadsheet date; never without its year. `future` allows days to come."""
        value = self.value(column, required=required)
        if value is None:
            return None
        found = _day(value, self.today)
        if found is None:
            self.refuse(column, "不是一个日期。请写成 2026-03-09，或把单元格设为日期格式。")
            return None
        if found > self.today and not future:
            self.refuse(column, "不能晚于今天。请核对日期。")
            return None
        if found.year < EARLIEST_YEAR:
            self.refuse(column, "年份太早。请核对日期。")
            return None
        return found

    def id_number(self, column: str, *, required: bool = False) -> IdNumber | None:
        value = self.value(column, required=required)
        if value is None:
            return None
        try:
            if isinstance(value, str):
                value = clean_text(value, max_length=60)
            return read_id_number(value, today=self.today)
        except (IdRefused, TextRefused) as refusal:
            self.refuse(column, str(refusal))
            return None

    def identifier(self, column: str, *, max_length: int = 40) -> str | None:
        """A long number kept as text; typed as a number its last digits are lost, so that is refused."""
        value = self.value(column)
        if isinstance(value, float) and abs(value) >= 1e15:
            self.refuse(
                column, "被表格软件存成了数字，末几位可能已经变成 0。请先把这一列的格式设为“文本”，再重新填写。"
            )
            return None
        text = self.text(column, max_length=max_length)
        return text.replace(" ", "").upper() if text else None

    def phone(self, column: str) -> str | None:
        value = self.value(column)
        if value is None:
            return None
        try:
            return read_phone(value)
        except PhoneRefused as refusal:
            self.refuse(column, str(refusal))
            return None


def _plain(value: Cell) -> str:
    """A whole number typed as a number reads as its digits: 1.0 is 1."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _day(value: Cell, today: date) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None  # a bare number has lost its date format; guessing a calendar would be worse
    text = value.strip()
    if _ISO.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if sum(c.isdigit() for c in text) < 6:
        return None  # a day without its year
    try:
        return parse_date(text, today)
    except TextRefused:
        return None


def code_of(text: str, labels: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> str | None:
    """The code that a code, its label or an alias names; a leading zero may be missing."""
    if text in labels:
        return text
    for code, label in labels.items():
        if text == label or text.lstrip("0") == code.lstrip("0") != "":
            return code
    return (aliases or {}).get(text)


def listed(labels: Mapping[str, str]) -> str:
    return "，".join(f"{code} {label}" for code, label in labels.items())
