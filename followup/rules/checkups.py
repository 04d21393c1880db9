"""Laboratory and 年度健康体检: what is measured, which numbers can be a measurement at all, who is due. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from followup.rules.choice import Problem
from followup.rules.prescriptions import DayLimits, day_problems
from followup.terms import CheckupKind, CheckupOutcome, Ecg, ExamState


@dataclass(frozen=True, slots=True)
class Item:
    """One result. `low` and `high` bound what can be a measurement, not what is healthy: that is the doctor's word."""

    code: str
    label: str
    unit: str
    low: Decimal
    high: Decimal
    group: str


def _item(code: str, label: str, unit: str, low: str, high: str, group: str) -> Item:
    return Item(code, label, unit, Decimal(low), Decimal(high), group)


BODY, BLOOD, LIVER, SUGAR, LEVELS = "一般检查", "血常规", "肝肾功能", "血糖血脂", "血药浓度等"
ITEMS: tuple[Item, ...] = (
    _item("height", "身高", "cm", "50", "250", BODY),
    _item("weight", "体重", "kg", "10", "350", BODY),
    _item("waist", "腰围", "cm", "30", "250", BODY),
    _item("systolic", "收缩压", "mmHg", "40", "300", BODY),
    _item("diastolic", "舒张压", "mmHg", "20", "200", BODY),
    _item("pulse", "脉率", "次/分", "20", "250", BODY),
    _item("wbc", "白细胞", "×10⁹/L", "0.1", "300", BLOOD),
    _item("neutrophil", "中性粒细胞", "×10⁹/L", "0", "200", BLOOD),
    _item("hb", "血红蛋白", "g/L", "20", "260", BLOOD),
    _item("plt", "血小板", "×10⁹/L", "1", "2000", BLOOD),
    _item("alt", "丙氨酸氨基转移酶 ALT", "U/L", "1", "10000", LIVER),
    _item("ast", "天门冬氨酸氨基转移酶 AST", "U/L", "1", "10000", LIVER),
    _item("creatinine", "肌酐", "μmol/L", "5", "3000", LIVER),
    _item("glucose", "空腹血糖", "mmol/L", "0.5", "80", SUGAR),
    _item("cholesterol", "总胆固醇", "mmol/L", "0.5", "40", SUGAR),
    _item("triglyceride", "甘油三酯", "mmol/L", "0.1", "80", SUGAR),
    _item("prolactin", "泌乳素", "ng/mL", "0.1", "1000", LEVELS),
    _item("lithium", "血锂", "mmol/L", "0", "6", LEVELS),
)
BY_CODE = {item.code: item for item in ITEMS}
# 规范第三版 健康体检: 一般体格检查、血压、体重、血常规（含白细胞分类）、转氨酶、血糖、心电图
YEARLY_ITEMS = ("systolic", "diastolic", "weight", "wbc", "neutrophil", "alt", "glucose", "ecg")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckupFacts:
    """`values`: numbers as text, by item code. Units: those of the item."""

    kind: str
    checked_on: date
    outcome: str = CheckupOutcome.DONE
    values: Mapping[str, str]
    ecg: str = ""
    ecg_text: str = ""
    place: str = ""
    summary: str = ""
    reason: str = ""

    def as_content(self) -> dict[str, object]:
        texts = {n: getattr(self, n) for n in ("ecg", "ecg_text", "place", "summary", "reason")}
        return {"values": dict(self.values), **texts}


def checkup_problems(facts: CheckupFacts, limits: DayLimits) -> list[Problem]:
    """What cannot be a result. Source: 规范2018 实验室检查; 规范第三版 健康体检; ranges of shape are design."""
    found = day_problems("checked_on", "检查日期", facts.checked_on, limits)
    if facts.outcome != CheckupOutcome.DONE:
        if facts.kind != CheckupKind.YEARLY:
            found.append(Problem("outcome", "只有年度健康体检可以登记为不能检查。"))
        if not facts.reason:
            found.append(Problem("reason", "没有体检的，请写明原因。"))
        if facts.values or facts.ecg:
            found.append(Problem("outcome", "填了结果，就是已检查。没有检查的请清空结果。"))
        return found
    for code, text in facts.values.items():
        if problem := _value_problem(BY_CODE[code], text):
            found.append(problem)
    if facts.ecg == Ecg.ABNORMAL and not facts.ecg_text:
        found.append(Problem("ecg_text", "心电图异常的，请写明所见。"))
    low, high = facts.values.get("diastolic"), facts.values.get("systolic")
    if low and high and not found and Decimal(low) >= Decimal(high):
        found.append(Problem("diastolic", "舒张压应低于收缩压，请核对。"))
    if not facts.values and not facts.ecg and not facts.summary:
        found.append(Problem("summary", "请至少填一项结果，或写明检查情况。"))
    return found


def _value_problem(item: Item, text: str) -> Problem | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Problem(item.code, f"{item.label}：请填数字。")
    if not number.is_finite() or not item.low <= number <= item.high or number != round(number, 3):
        return Problem(
            item.code, f"{item.label}：{text} 不像是测得的数，应在 {item.low} 到 {item.high} {item.unit} 之间。"
        )
    return None


def still_missing(facts: CheckupFacts) -> tuple[str, ...]:
    """Items of the yearly examination that have no result: a prompt, never a refusal. Source: 规范第三版 健康体检."""
    if facts.kind != CheckupKind.YEARLY or facts.outcome != CheckupOutcome.DONE:
        return ()
    has = {*facts.values, *(["ecg"] if facts.ecg else [])}
    return tuple("心电图" if code == "ecg" else BY_CODE[code].label for code in YEARLY_ITEMS if code not in has)


def exam_state(
    *, today: date, opened_on: date, agreed: bool, last_done_on: date | None, excused_this_year: bool
) -> ExamState:
    """Who is due for the yearly examination: once a calendar year, with consent, if the condition allows.

    LATE: on the register since before last year began, and not examined last year either.
    Source: 规范2018 健康体检 (每年至少 1 次，征得监护人和（或）患者同意). Units: calendar years.
    """
    if last_done_on is not None and last_done_on.year >= today.year:
        return ExamState.DONE
    if not agreed:
        return ExamState.NOT_ASKED
    if excused_this_year:
        return ExamState.EXCUSED
    year = last_done_on.year if last_done_on is not None else 0
    return ExamState.LATE if year < today.year - 1 and opened_on < date(today.year - 1, 1, 1) else ExamState.DUE
