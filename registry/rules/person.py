"""Everything a form, a file row or a program may say about one patient, in one shape; and what cannot be true of it.

Source: 个人信息补充表 (规范第三版), national interface: 出生 ≤ 初次发病 ≤ 确诊 ≤ 今天.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from registry.rules.id_number import age_on


@dataclass(frozen=True)
class PersonFacts:
    """None means "not said". Codes as in registry.terms; places by division code; numbers already normalised."""

    name: str | None = None
    id_number: str | None = None
    no_id_reason: str | None = None
    sex: str | None = None
    birth_on: date | None = None
    residence_code: str | None = None
    household_code: str | None = None
    residence_address: str | None = None
    household_address: str | None = None
    phone: str | None = None
    ethnicity: str | None = None
    household_kind: str | None = None
    education: str | None = None
    marital: str | None = None
    employment: str | None = None
    guardian_name: str | None = None
    guardian_relation: str | None = None
    guardian_phone: str | None = None
    guardian_id_number: str | None = None
    onset_on: date | None = None
    diagnosed_on: date | None = None
    diagnosing_hospital: str | None = None
    diagnosis: str | None = None
    icd10: str | None = None
    consent: bool | None = None
    consent_on: date | None = None
    consent_signer: str | None = None
    opened_on: date | None = None
    poor: bool | None = None
    past_danger: int | None = None
    past_locked: int | None = None
    past_admissions: int | None = None
    disability_number: str | None = None
    died_on: date | None = None
    death_cause: str | None = None
    moved_out_on: date | None = None
    excluded_on: date | None = None

    def merged(self, changes: Mapping[str, Any]) -> "PersonFacts":
        return replace(self, **changes)


NAMES = tuple(f.name for f in fields(PersonFacts))
SEALED = frozenset({"id_number", "phone", "guardian_phone", "guardian_id_number", "disability_number"})
ENDINGS = ("excluded_on", "moved_out_on", "died_on")  # of two on one day, the later in this order wins
EARLIEST_YEAR = 1880  # an earlier day is a slip of the hand: nobody on file lived then
NEEDED = ("name", "residence_code", "diagnosed_on", "diagnosis", "opened_on")

LABELS = {
    "name": "姓名", "id_number": "身份证号", "no_id_reason": "无证件原因", "sex": "性别", "birth_on": "出生日期",
    "residence_code": "现住地区划代码", "household_code": "户籍地区划代码", "residence_address": "现住详址",
    "household_address": "户籍详址", "phone": "联系电话", "ethnicity": "民族", "household_kind": "户别",
    "education": "文化程度", "marital": "婚姻状况", "employment": "就业情况", "guardian_name": "监护人姓名",
    "guardian_relation": "与患者关系", "guardian_phone": "监护人电话", "guardian_id_number": "监护人身份证号",
    "onset_on": "初次发病日期", "diagnosed_on": "确诊日期", "diagnosing_hospital": "确诊医院", "diagnosis": "诊断",
    "icd10": "ICD-10", "consent": "知情同意", "consent_on": "知情同意日期", "consent_signer": "知情同意签字人",
    "opened_on": "建档日期", "poor": "经济状况", "past_danger": "既往危险性", "past_locked": "既往关锁",
    "past_admissions": "既往住院次数", "disability_number": "残疾证号", "died_on": "死亡日期",
    "death_cause": "死亡原因", "moved_out_on": "迁出日期", "excluded_on": "排除日期",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    field: str
    message: str


def check_person(facts: PersonFacts, *, today: date) -> list[Problem]:
    """What is missing or impossible in the whole of the facts; empty when the file can be opened so."""
    found = [Problem(name, "不能为空。") for name in NEEDED if getattr(facts, name) is None]
    if facts.id_number is None and not facts.no_id_reason:
        found.append(Problem("id_number", "不能为空；确实没有证件的，请填写无证件原因。"))
    if facts.guardian_name is None and (facts.guardian_phone or facts.guardian_id_number or facts.guardian_relation):
        found.append(Problem("guardian_name", "填了监护人的其他内容，姓名也要填。"))
    if facts.consent is None and facts.consent_on is not None:
        found.append(Problem("consent", "填了知情同意日期，请同时填写是否同意（1 或 0）。"))
    if facts.death_cause and facts.died_on is None:
        found.append(Problem("died_on", "填了死亡原因，请同时填写死亡日期。"))
    return found + _dates(facts, today)


def _dates(facts: PersonFacts, today: date) -> list[Problem]:
    found = []
    born = facts.birth_on
    for name in ("birth_on", "onset_on", "diagnosed_on", "consent_on", "opened_on", *ENDINGS):
        day = getattr(facts, name)
        if day is None:
            continue
        if day > today:
            found.append(Problem(name, "不能晚于今天。请核对日期。"))
        elif day.year < EARLIEST_YEAR:
            found.append(Problem(name, "年份太早。请核对日期。"))
        elif born is not None and day < born:
            found.append(Problem(name, f"不能早于出生日期 {born}。请核对日期。"))
    if facts.onset_on and facts.diagnosed_on and facts.diagnosed_on < facts.onset_on:
        found.append(Problem("diagnosed_on", f"不能早于初次发病日期 {facts.onset_on}。请核对两个日期。"))
    for name in ENDINGS:
        day = getattr(facts, name)
        if day and facts.opened_on and day < facts.opened_on:
            found.append(Problem(name, f"不能早于建档日期 {facts.opened_on}。请核对两个日期。"))
    if born and (age_on(born, today) or 0) > 130:
        found.append(Problem("birth_on", "年龄超过 130 岁。请核对出生日期。"))
    return found


def differences(before: PersonFacts, said: PersonFacts, *, clearable: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What `said` changes: name -> new value. What is not said changes nothing, unless the form could clear it."""
    changes: dict[str, Any] = {}
    for name in NAMES:
        new, old = getattr(said, name), getattr(before, name)
        if (new is not None or name in clearable) and new != old and not _less_exact(name, old, new):
            changes[name] = new
    if "consent" not in changes and said.consent is None:
        changes.pop("consent_on", None)
        changes.pop("consent_signer", None)
    return changes


def _less_exact(name: str, old: Any, new: Any) -> bool:
    """A township's code says nothing against the village already known inside it."""
    return name == "residence_code" and isinstance(old, str) and isinstance(new, str) and old.startswith(new)
