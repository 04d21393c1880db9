"""One row of a visits file read into facts and choice. Source: the outside contract's import files; codes of 表1-8."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from followup import terms
from followup.rules.facts import DANGERS, Choice, Drug, VisitFacts, is_dose
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
    person = cells.id_number(ID_COLUMN, required=True)
    values: dict[str, Any] = {
        "visited_on": cells.day(COLUMN["visited_on"], required=True),
        "form": cells.code(COLUMN["form"], _labels(terms.Contact), required=True),
        "seen": _codes(cells, "seen", terms.Seen, required=True),
        "level": _level(cells),
        "symptoms": tuple(int(code) for code in _codes(cells, "symptoms", terms.Symptom)),
        "rehab": tuple(int(code) for code in _codes(cells, "rehab", terms.Rehab)),
        "discharged_on": cells.day(COLUMN["discharged_on"]),
        "lost_reason": cells.code(COLUMN["lost_reason"], _labels(terms.LostReason)) or "",
        "doctor_name": cells.text(COLUMN["doctor_name"], max_length=60) or "",
        "referral_reason": cells.text(COLUMN["referral_reason"], max_length=200) or "",
        "referral_to": cells.text(COLUMN["referral_to"], max_length=100) or "",
        "case_management": cells.text(COLUMN["case_management"], max_length=200) or "",
        **{name: _code(cells, name) for name in CODED},
        **{name: _times(cells, name) for name in DANGERS},
        **{
            name: cells.flag(COLUMN[name]) or False
            for name in ("obvious_symptoms", "severe_side_effect", "severe_illness")
        },
    }
    values["drugs"] = tuple(drug for column in DRUG_COLUMNS for drug in _drugs(cells, column))
    values["guidance"] = _guidance(cells, values["drugs"])
    choice = Choice(
        _number(cells.code(COLUMN["stability"], _labels(terms.Stability))),
        cells.day(COLUMN["next_due_on"], future=True),
        cells.text(COLUMN["deviation_reason"], max_length=200) or "",
    )
    if cells.problems or person is None:
        return None, cells.problems
    return VisitRow(row.number, person.number, VisitFacts(**values), choice), []


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


def _guidance(cells: Cells, drugs: tuple[Drug, ...]) -> tuple[Drug, ...]:
    text = cells.text(COLUMN["guidance"], max_length=500)
    if text in SAME_AS_TAKEN:
        return drugs
    return _drugs(cells, COLUMN["guidance"])


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
