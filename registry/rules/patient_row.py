"""One row of a patients file read into PersonFacts. Source: the outside contract's import files; codes of 表1-7."""

import re
from datetime import date
from functools import cache
from typing import Any

from accounts.rules.text import TextRefused, clean_name
from registry.rules.person import LABELS, PersonFacts, check_person
from registry.rules.table import Cells, Row, RowRefusal
from registry.terms import (
    EDUCATION_ALIASES,
    ETHNICITIES,
    DeathCause,
    DiagnosisCode,
    Education,
    Employment,
    HouseholdKind,
    Locked,
    Marital,
    Relation,
)

# Fields of PersonFacts that have no column of their own in the file.
_NO_COLUMN = {"sex", "birth_on", "icd10", "consent_signer"}
COLUMNS = tuple(label for name, label in LABELS.items() if name not in _NO_COLUMN)
# What our own files carry besides: read past, so that a corrected copy or an export goes in again.
IGNORED_COLUMNS = ("结果", "序号", "内部编号", "临时编号", "性别", "出生日期", "备注")
REQUIRED_COLUMNS = ("姓名", "身份证号", "现住地区划代码", "确诊日期", "诊断", "建档日期")

DIAGNOSIS_ALIASES = {
    "双相障碍": "04", "双相情感障碍": "04", "偏执性精神病": "03", "持久的妄想性障碍": "03", "妄想性障碍": "03",
    "分裂情感障碍": "02", "精神分裂": "01", "癫痫所致精神病": "05", "精神发育迟滞": "06", "抑郁症": "07",
    "其他精神障碍": "99",
}  # fmt: skip
MARITAL_ALIASES = {"未说明": "90", "不详": "90", "有配偶": "20", "丧偶的": "30", "离异": "40"}
RELATION_ALIASES = {
    "丈夫": "1", "妻子": "1", "夫妻": "1", "父亲": "2", "母亲": "2", "父": "2", "母": "2", "儿子": "3", "女儿": "3",
    "哥哥": "4", "弟弟": "4", "姐姐": "4", "妹妹": "4", "兄弟": "4", "姐妹": "4", "近亲属": "5", "村委会": "6",
    "居委会": "6", "村居": "6", "单位": "6",
}  # fmt: skip
_LOCKED = {str(member.value): str(member.label) for member in Locked}
_POOR = {"1": "贫困", "2": "非贫困"}


@cache
def _labels(choices: Any) -> dict[str, str]:
    return {str(member.value): str(member.label) for member in choices}


def ethnicity_of(text: str) -> str | None:
    """The official name, given with or without 族."""
    for name in (text, f"{text}族"):
        if name in ETHNICITIES:
            return name
    return None


def read_patient_row(row: Row, *, today: date) -> tuple[PersonFacts | None, list[RowRefusal]]:
    """Facts of a row, or everything that is wrong with it."""
    cells = Cells(row, today)
    person = cells.id_number(LABELS["id_number"])
    facts = PersonFacts(
        name=_name(cells, "name", required=True),
        id_number=person.number if person else None,
        sex=person.sex if person else None,
        birth_on=person.birth_on if person else None,
        no_id_reason=cells.text(LABELS["no_id_reason"], max_length=100),
        **_contact(cells),
        **_codes(cells),
        **_guardian(cells),
        **_illness(cells),
        **_file(cells),
    )
    if not cells.problems:
        for problem in check_person(facts, today=today):
            cells.refuse(LABELS[problem.field], problem.message)
    return (None if cells.problems else facts), cells.problems


def _name(cells: Cells, field: str, *, required: bool = False) -> str | None:
    text = cells.text(LABELS[field], required=required, max_length=50)
    try:
        return clean_name(text) if text else None
    except TextRefused as refusal:
        cells.refuse(LABELS[field], str(refusal))
        return None


def _division(cells: Cells, field: str, lengths: tuple[int, ...], *, required: bool = False) -> str | None:
    text = cells.text(LABELS[field], required=required)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]+", text) or len(text) not in lengths:
        wanted = "、".join(map(str, lengths))
        cells.refuse(LABELS[field], f"区划代码应为 {wanted} 位数字。请核对代码。")
        return None
    return text


def _contact(cells: Cells) -> dict[str, Any]:
    return {
        "residence_code": _division(cells, "residence_code", (9, 12), required=True),
        "household_code": _division(cells, "household_code", (2, 4, 6, 9, 12)),
        "residence_address": cells.text(LABELS["residence_address"]),
        "household_address": cells.text(LABELS["household_address"]),
        "phone": cells.phone(LABELS["phone"]),
    }


def _codes(cells: Cells) -> dict[str, Any]:
    ethnicity = cells.text(LABELS["ethnicity"])
    known = ethnicity_of(ethnicity) if ethnicity else None
    if ethnicity and known is None:
        cells.refuse(LABELS["ethnicity"], "不是民族名称。请写全称，例如“土家族”。")
    return {
        "ethnicity": known,
        "household_kind": cells.code(LABELS["household_kind"], _labels(HouseholdKind), aliases={"农业": "2"}),
        "education": cells.code(LABELS["education"], _labels(Education), aliases=EDUCATION_ALIASES),
        "marital": cells.code(LABELS["marital"], _labels(Marital), aliases=MARITAL_ALIASES),
        "employment": cells.code(LABELS["employment"], _labels(Employment)),
    }


def _guardian(cells: Cells) -> dict[str, Any]:
    person = cells.id_number(LABELS["guardian_id_number"])
    return {
        "guardian_name": _name(cells, "guardian_name"),
        "guardian_relation": cells.code(LABELS["guardian_relation"], _labels(Relation), aliases=RELATION_ALIASES),
        "guardian_phone": cells.phone(LABELS["guardian_phone"]),
        "guardian_id_number": person.number if person else None,
    }


def _illness(cells: Cells) -> dict[str, Any]:
    locked = cells.code(LABELS["past_locked"], _LOCKED)
    return {
        "onset_on": cells.day(LABELS["onset_on"]),
        "diagnosed_on": cells.day(LABELS["diagnosed_on"], required=True),
        "diagnosing_hospital": cells.text(LABELS["diagnosing_hospital"], max_length=100),
        "diagnosis": cells.code(LABELS["diagnosis"], _labels(DiagnosisCode), aliases=DIAGNOSIS_ALIASES, required=True),
        "past_danger": cells.whole(LABELS["past_danger"], low=0, high=5),
        "past_locked": int(locked) if locked else None,
        "past_admissions": cells.whole(LABELS["past_admissions"], low=0, high=999),
        "disability_number": cells.identifier(LABELS["disability_number"]),
    }


def _file(cells: Cells) -> dict[str, Any]:
    poor = cells.code(LABELS["poor"], _POOR)
    return {
        "consent": cells.flag(LABELS["consent"]),
        "consent_on": cells.day(LABELS["consent_on"]),
        "opened_on": cells.day(LABELS["opened_on"], required=True),
        "poor": None if poor is None else poor == "1",
        "died_on": cells.day(LABELS["died_on"]),
        "death_cause": cells.code(LABELS["death_cause"], _labels(DeathCause)),
        "moved_out_on": cells.day(LABELS["moved_out_on"]),
        "excluded_on": cells.day(LABELS["excluded_on"]),
    }
