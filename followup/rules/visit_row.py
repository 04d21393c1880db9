"""One row of a visits file read into facts and choice. Source: the outside contract's import files; codes of 表1-8."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from operator import getitem, itemgetter
from typing import Any, Final

from followup import terms
from followup.rules.facts import DANGERS, FACT_FIELDS, Choice, Drug, VisitFacts, is_dose
from registry.rules.columns import Cell
from registry.rules.table import Cells, Row, RowRefusal, code_of, listed
from registry.terms import Locked

ID_COLUMN = "身份证号"
CODED = {
    "insight": terms.Insight, "sleep": terms.State, "diet": terms.State, "self_care": terms.State,
    "housework": terms.State, "work": terms.SocialState, "learning": terms.State, "social": terms.State,
    "locked": Locked, "hospital": terms.Hospital, "lab": terms.Laboratory, "adherence": terms.Adherence,
    "side_effect": terms.SideEffect, "effect": terms.Effect, "referral": terms.Referral,
}  # fmt: skip
COLUMN = {
    "visited_on": "随访日期", "form": "随访形式", "seen": "随访对象", "level": "危险性", "symptoms": "目前症状",
    "insight": "自知力", "sleep": "睡眠", "diet": "饮食", "self_care": "个人生活料理", "housework": "家务劳动",
    "work": "生产劳动及工作", "learning": "学习能力", "social": "社会人际交往", "minor_trouble": "轻度滋事",
    "trouble": "肇事", "crime": "肇祸", "other_harm": "其他危害行为", "self_harm": "自伤",
    "suicide_attempt": "自杀未遂", "locked": "关锁情况", "hospital": "住院情况", "discharged_on": "末次出院日期",
    "lab": "实验室检查",
    "adherence": "用药依从性", "side_effect": "药物不良反应", "effect": "治疗效果", "referral": "是否转诊",
    "referral_reason": "转诊原因", "referral_to": "转诊机构", "stability": "随访分类", "next_due_on": "下次随访日期",
    "lost_reason": "失访原因", "doctor_name": "随访医生", "obvious_symptoms": "症状明显",
    "severe_side_effect": "不良反应严重", "severe_illness": "躯体疾病严重", "deviation_reason": "偏离原因",
    "drugs": "用药1", "guidance": "用药指导", "rehab": "康复措施", "case_management": "个案管理",
}  # fmt: skip
DRUG_COLUMNS = ("用药1", "用药2", "用药3", "用药4")
COLUMNS = (ID_COLUMN, *COLUMN.values(), *DRUG_COLUMNS[1:])
REQUIRED_COLUMNS = (ID_COLUMN, "随访日期", "随访形式", "随访对象", "危险性")
SAME_AS_TAKEN = ("同上", "相同", "与用药相同", "同用药情况")
CELLS_AT_MOST = 50_000  # different cells of one column whose meaning is kept
WRONG: Final = object()
AS_TAKEN: Final = object()
NO_CHOICE: Final = Choice()
VISIT_FACTS = frozenset(FACT_FIELDS)
_LEVELS = {str(level): level for level in range(6)}
DRUG_SHAPE = "应写成 药名|早|中|晚|长效周期，例如 利培酮片|1|0|2| 。"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A row that can be read. Whether it can stand is for the checks, which know the patient."""

    number: int
    id_number: str
    facts: VisitFacts
    choice: Choice

    @property
    def key(self) -> tuple[str, date, str]:
        return (self.id_number, self.facts.visited_on, self.facts.form)


def read_visit_row(row: Row, *, today: date) -> tuple[VisitRow | None, list[RowRefusal]]:
    """Facts and choice of a row, or everything in it that cannot be read."""
    cells = Cells(row, today)
    person = _person(cells)
    values = {name: read(cells) for name, read in _FACTS.items()}
    values["drugs"] = tuple(drug for column in DRUG_COLUMNS for drug in _drugs(cells, column))
    guidance = _guidance(cells)
    values["guidance"] = values["drugs"] if guidance is AS_TAKEN else guidance
    choice = Choice(**{name: read(cells) for name, read in _CHOICE.items()})
    if cells.problems or person is None:
        return None, cells.problems
    return VisitRow(row.number, person, VisitFacts(**values), choice), []


class VisitReader:
    """Reads the rows of one file: what a cell of a column says is worked out once for every different cell.

    It says nothing of a row in which something is wrong: `read_visit_row` names it.
    """

    def __init__(self, headers: tuple[str, ...], today: date) -> None:
        readers = _readers()
        self._columns = [_Column(header, *readers.get(header, ("", _nothing)), today) for header in headers]
        self._lacks = any(column not in headers for column in REQUIRED_COLUMNS)
        names = [column.name for column in self._columns]
        self.at = {name: at for at, name in enumerate(names)}
        self.names = [name for name in names if name in VISIT_FACTS]
        self._values = itemgetter(*(self.at[name] for name in self.names)) if not self._lacks else tuple
        self.drugs = [name for name in DRUG_COLUMNS if name in names]
        self.choices = {name: self.at[name] for name in _CHOICE if name in names}
        blank = Cells(Row(0, {}), today)
        self._blank = {name: read(blank) for name, read in _FACTS.items()} | {"drugs": (), "guidance": ()}

    @property
    def columns(self) -> "Sequence[Mapping[Cell, Any]]":
        return self._columns

    def _said(self, line: tuple[Cell, ...]) -> list[Any] | None:
        said = list(map(getitem, self._columns, line))
        return None if self._lacks or WRONG in said else said

    def key(self, line: tuple[Cell, ...]) -> tuple[str, date, str] | None:
        """Person, day and form; None when something in the row cannot be read."""
        said = self._said(line)
        at = self.at
        return None if said is None else (said[at["person"]], said[at["visited_on"]], said[at["form"]])

    def read(self, number: int, line: tuple[Cell, ...]) -> VisitRow | None:
        said = self._said(line)
        if said is None:
            return None
        values = self._blank.copy()
        values.update(zip(self.names, self._values(said), strict=True))
        if self.drugs:
            values["drugs"] = tuple([drug for name in self.drugs for drug in said[self.at[name]]])
        if values["guidance"] is AS_TAKEN:
            values["guidance"] = values["drugs"]
        choice = Choice(**{name: said[at] for name, at in self.choices.items()}) if self.choices else NO_CHOICE
        return VisitRow(number, said[self.at["person"]], VisitFacts(**values), choice)


class _Column(dict[Cell, Any]):
    """cell -> what it says, or WRONG. Numbers are read every time: 1, 1.0 and True are one key."""

    def __init__(self, header: str, name: str, read: Callable[[Cells], Any], today: date) -> None:
        super().__init__()
        self.name, self._header, self._read, self._today = name, header, read, today

    def __missing__(self, cell: Cell) -> Any:
        cells = Cells(Row(0, {} if cell is None else {self._header: cell}), self._today)
        said = self._read(cells)
        if cells.problems:
            said = WRONG
        if len(self) < CELLS_AT_MOST and not isinstance(cell, bool | float):
            self[cell] = said
        return said


def _nothing(_cells: Cells) -> None:
    """A column of another purpose."""


def _readers() -> dict[str, tuple[str, Callable[[Cells], Any]]]:
    """column -> name and reader of what stands in it."""
    found: dict[str, tuple[str, Callable[[Cells], Any]]] = {ID_COLUMN: ("person", _person)}
    found |= {COLUMN[name]: (name, read) for name, read in (_FACTS | _CHOICE).items()}
    found |= {column: (column, partial(_drugs, column=column)) for column in DRUG_COLUMNS}
    return found | {COLUMN["guidance"]: ("guidance", _guidance)}


def fields_of(headers: tuple[str, ...]) -> frozenset[str]:
    """The facts that a file speaks of: what it has no column for, a correction leaves as it is."""
    return frozenset(name for name, column in COLUMN.items() if column in headers)


@cache
def _labels(codes: Any) -> dict[str, str]:
    return {str(member.value): str(member.label) for member in codes}


def _code(cells: Cells, field: str) -> int | None:
    """Most cells say a code or its label just as it is; only the others are read with care."""
    if cells.row.cells.get(COLUMN[field]) is None:
        return None
    found = cells.known(COLUMN[field], _numbers(field))
    return found if found is not None else _number(cells.code(COLUMN[field], _labels(CODED[field])))


@cache
def _numbers(field: str) -> dict[str, int]:
    codes: list[Any] = list(CODED[field])
    return {str(word): int(code.value) for code in codes for word in (code.value, code.label)}


def _times(cells: Cells, field: str) -> int:
    if cells.row.cells.get(COLUMN[field]) is None:
        return 0
    return cells.whole(COLUMN[field], low=0, high=999) or 0


def _number(code: str | None) -> int | None:
    return None if code is None else int(code)


def _level(cells: Cells) -> int | None:
    known = cells.known(COLUMN["level"], _LEVELS)
    if known is not None:
        return int(known)
    text = cells.text(COLUMN["level"])
    if text is None:
        return None
    digit = text.removesuffix("级").strip()
    if digit not in ("0", "1", "2", "3", "4", "5"):
        cells.refuse(COLUMN["level"], "应为 0 至 5 级。")
        return None
    return int(digit)


def _codes(cells: Cells, field: str, codes: Any, *, required: bool = False) -> tuple[str, ...]:
    """Several codes in one cell, in the order of the paper."""
    column, labels = COLUMN[field], _labels(codes)
    if required:
        cells.value(column, required=True)
    if cells.row.cells.get(column) is None:
        return ()
    if cells.known(column, labels) is not None:  # one code, as it is
        return (str(cells.row.cells[column]),)
    found = []
    for text in cells.many(column) or []:
        code = code_of(text, labels)
        if code is None:
            cells.refuse(column, f"“{text[:20]}”不认识。应为下列各项，多项用分号隔开：{listed(labels)}。")
            return ()
        found.append(code)
    return tuple(sorted(set(found), key=int))


def _guidance(cells: Cells) -> Any:
    text = cells.text(COLUMN["guidance"], max_length=500)
    return AS_TAKEN if text in SAME_AS_TAKEN else _drugs(cells, COLUMN["guidance"])


def _drugs(cells: Cells, column: str) -> tuple[Drug, ...]:
    found = []
    for text in cells.many(column) or []:
        drug = _drug(text)
        if drug is None:
            cells.refuse(column, DRUG_SHAPE)
            return ()
        found.append(drug)
    return tuple(found)


def _drug(text: str) -> Drug | None:
    """药名|早|中|晚|长效周期. Of a long-acting drug the first dose given is what each injection holds."""
    parts = [part.strip() for part in text.replace("｜", "|").split("|")]
    parts += [""] * (5 - len(parts))
    name, *doses = parts
    if len(parts) > 5 or not name or len(name) > 60 or not all(map(_is_dose, doses)):
        return None
    morning, noon, evening, weeks = doses
    if weeks:
        return Drug.of({"name": name, "every_weeks": weeks, "each": morning or noon or evening})
    return Drug.of({"name": name, "morning": morning, "noon": noon, "evening": evening})


def _is_dose(text: str) -> bool:
    if not text:
        return True
    try:
        return text.isascii() and is_dose(Decimal(text))
    except InvalidOperation:
        return False


def _person(cells: Cells) -> str | None:
    found = cells.id_number(ID_COLUMN, required=True)
    return found.number if found else None


def _text(name: str, most: int) -> Callable[[Cells], str]:
    return lambda cells: cells.text(COLUMN[name], max_length=most) or ""


def _flag(name: str) -> Callable[[Cells], bool]:
    return lambda cells: cells.flag(COLUMN[name]) or False


# In the order in which what is wrong is told. Each reads cells of its own column only: VisitReader rests on that.
_FACTS: dict[str, Callable[[Cells], Any]] = {
    "visited_on": lambda cells: cells.day(COLUMN["visited_on"], required=True),
    "form": lambda cells: cells.code(COLUMN["form"], _labels(terms.Contact), required=True),
    "seen": lambda cells: _codes(cells, "seen", terms.Seen, required=True),
    "level": _level,
    "symptoms": lambda cells: tuple(int(code) for code in _codes(cells, "symptoms", terms.Symptom)),
    "rehab": lambda cells: tuple(int(code) for code in _codes(cells, "rehab", terms.Rehab)),
    "discharged_on": lambda cells: cells.day(COLUMN["discharged_on"]),
    "lost_reason": lambda cells: cells.code(COLUMN["lost_reason"], _labels(terms.LostReason)) or "",
    "doctor_name": _text("doctor_name", 60),
    "referral_reason": _text("referral_reason", 200),
    "referral_to": _text("referral_to", 100),
    "case_management": _text("case_management", 200),
    **{name: partial(_code, field=name) for name in CODED},
    **{name: partial(_times, field=name) for name in DANGERS},
    **{name: _flag(name) for name in ("obvious_symptoms", "severe_side_effect", "severe_illness")},
}
_CHOICE: dict[str, Callable[[Cells], Any]] = {
    "stability": lambda cells: _number(cells.code(COLUMN["stability"], _labels(terms.Stability))),
    "next_due_on": lambda cells: cells.day(COLUMN["next_due_on"], future=True),
    "deviation_reason": _text("deviation_reason", 200),
}
