"""One row of an agency's list, from cells to words in one form. Pure: the places of the county are handed in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import chain
from typing import Any

from accounts.rules.text import TextRefused, clean_digits, clean_name
from exchange.rules.inbound_kinds import Kind
from exchange.terms import InboundItem
from registry.rules.id_number import read_id_number
from registry.rules.table import Cells, Row, RowRefusal, Table, check_columns

I = InboundItem  # noqa: E741
SEXES = {"1": "男", "2": "女"}
GRADES = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
LEVELS = {str(level): f"{level}级" for level in range(6)}
NOT_HERE = "不是本县的乡镇（街道）。外县人员请送当地；本县的请写乡镇名称或 9 位区划代码。"
FORMULA = "像是公式，没有收。请写成文字或数字，不要用公式。"
FORMULA_STARTS = ("=", "@")
WHO = "没有身份证号的，请填写出生日期和性别，或者填写所属乡镇，否则无法核对是谁。"


@dataclass(frozen=True)
class TheirRow:
    """One person of the list. `said`: item -> words in one form; `township`: key of the place, when it was named."""

    number: int
    said: Mapping[str, str]
    township: int | None = None

    def word(self, item: InboundItem) -> str:
        return self.said.get(item.value, "")

    @property
    def name(self) -> str:
        return self.word(I.NAME)

    @property
    def id_number(self) -> str:
        return self.word(I.ID_NUMBER)

    @property
    def person(self) -> tuple[str, str, str]:
        """Who it is without an ID number; all three or no use."""
        return self.name, self.word(I.BIRTH_ON), self.word(I.SEX)

    def as_content(self) -> dict[str, Any]:
        return {"row": self.number, "said": dict(self.said), "township": self.township}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "TheirRow":
        return cls(content["row"], content["said"], content["township"])


@dataclass(frozen=True)
class Reading:
    """What a file says: rows that can be compared, and for every other row why not. Together all rows of the file."""

    rows: tuple[TheirRow, ...]
    refusals: tuple[RowRefusal, ...]

    @property
    def refused(self) -> int:
        return len({one.row for one in self.refusals})

    @property
    def total(self) -> int:
        return len(self.rows) + self.refused


def read_rows(table: Table, kind: Kind, *, towns: Mapping[str, int], today: date) -> Reading:
    """Raises: TableRefused for an unknown or missing column; bad rows are named, the good ones stay.

    Source: issue 4, Build 6 (schema checked). `towns`: code or name of a township of the county -> its key.
    """
    check_columns(
        table, known=map(kind.header, kind.columns), required=[kind.header(item) for item in kind.required]
    )  # fmt: skip
    rows: list[TheirRow] = []
    refusals: list[RowRefusal] = []
    seen: dict[tuple[str, ...], int] = {}
    for raw in table.rows:
        cells = Cells(raw, today)
        row = _row(raw, cells, kind, towns)
        if not cells.problems and (first := seen.setdefault(_key(row), row.number)) != row.number:
            cells.refuse(kind.header(I.NAME), f"与第 {first} 行是同一个人。请只留一行。")
        if cells.problems:
            refusals += cells.problems
        else:
            rows.append(row)
    return Reading(tuple(rows), tuple(refusals))


def _key(row: TheirRow) -> tuple[str, ...]:
    return (row.id_number,) if row.id_number else (*row.person, str(row.township or ""))


def _row(raw: Row, cells: Cells, kind: Kind, towns: Mapping[str, int]) -> TheirRow:
    said: dict[str, str] = {}
    for item in kind.columns:
        value = READERS[item](cells, kind.header(item), item in kind.required)
        if value:
            said[item.value] = value
    if number := said.get(I.ID_NUMBER):
        known = read_id_number(number, today=cells.today)
        said.setdefault(I.BIRTH_ON.value, known.birth_on.isoformat())
        said.setdefault(I.SEX.value, SEXES[known.sex])
    place = said.get(I.TOWNSHIP)
    township = towns.get(place[:9] if place[:9].isdigit() else place) if place else None
    if place and township is None:
        cells.refuse(kind.header(I.TOWNSHIP), NOT_HERE)
    row = TheirRow(raw.number, said, township)
    if row.name and not row.id_number and not all(row.person) and row.township is None and not cells.problems:
        cells.refuse(kind.header(I.ID_NUMBER), WHO)
    return row


def _words(cells: Cells, column: str, required: bool, *, max_length: int = 200) -> str:
    text = cells.text(column, required=required, max_length=max_length) or ""
    if text.startswith(FORMULA_STARTS):  # would run in whatever table it is copied into
        cells.refuse(column, FORMULA)
        return ""
    return text


def _name(cells: Cells, column: str, required: bool) -> str:
    text = _words(cells, column, required, max_length=50)
    try:
        return clean_name(text) if text else ""
    except TextRefused as refusal:
        cells.refuse(column, str(refusal))
        return ""


def _id(cells: Cells, column: str, required: bool) -> str:
    found = cells.id_number(column, required=required)
    return found.number if found else ""


def _day(cells: Cells, column: str, required: bool) -> str:
    found = cells.day(column, required=required)
    return found.isoformat() if found else ""


def _day_to_come(cells: Cells, column: str, required: bool) -> str:
    """A measure may end later than today."""
    found = cells.day(column, required=required, future=True)
    return found.isoformat() if found else ""


def _digits(cells: Cells, column: str, required: bool) -> str:
    text = cells.text(column, required=required, max_length=60)
    return clean_digits(text) if text else ""


def _coded(labels: Mapping[str, str], extra: Mapping[str, str] | None = None) -> "Reader":
    def read(cells: Cells, column: str, required: bool) -> str:
        code = cells.code(column, labels, aliases=extra, required=required)
        return labels[code] if code else ""

    return read


Reader = Callable[[Cells, str, bool], str]
READERS: dict[InboundItem, Reader] = {
    **dict.fromkeys(InboundItem, _words),
    I.NAME: _name,
    I.GUARDIAN_NAME: _name,
    I.ID_NUMBER: _id,
    I.SEX: _coded(SEXES, {"男性": "1", "女性": "2"}),
    I.BIRTH_ON: _day,
    I.DIED_ON: _day,
    I.CAME_ON: _day,
    I.RELEASED_ON: _day_to_come,
    I.PHONE: _digits,
    I.GUARDIAN_PHONE: _digits,
    I.CERTIFICATE_NUMBER: _digits,
    I.LEVEL: _coded(LEVELS),
    I.CERTIFICATE_GRADE: _coded(GRADES),
}


def fingerprint(kind: str, period: str, rows: Iterable[TheirRow], refusals: Sequence[RowRefusal]) -> str:
    """The same list again, however the file was saved: kind, period and every row, in whatever order they stand."""
    lines = sorted("\x1f".join(f"{name}={word}" for name, word in sorted(row.said.items())) for row in rows)
    refused = sorted(f"{one.column}\x1f{one.value}" for one in refusals)
    return sha256("\x1e".join(chain((kind, period), lines, ("",), refused)).encode()).hexdigest()
