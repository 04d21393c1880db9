"""表1-5, 表1-6 and 表1-7 as they lie on paper, filled in for a person or blank."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models.enums import Choices

from registry.models import Consent, Diagnosis, Guardian, Patient
from registry.queries.person import newest
from registry.queries.places import address_of
from registry.rules.masking import mask_id, mask_phone
from registry.rules.paper_rows import PaperRow, picked
from registry.rules.sheets import QUESTIONS, SheetQuestion
from registry.terms import (
    ConsentPath,
    DiagnosisCode,
    Education,
    Employment,
    HouseholdKind,
    Locked,
    Marital,
    Relation,
    Sex,
    Signer,
)

BLANK = "　　　　　　"


def coded(label: str, codes: type[Choices], value: Any = None) -> PaperRow:
    return picked(label, codes.choices, (value,))


def day(value: date | None) -> str:
    return value.isoformat() if value else f"{BLANK}年　　月　　日"


def basics_rows(person: Patient | None) -> list[PaperRow]:
    """The columns of 表1-6 ahead of its own questions. Numbers are masked: they are completed by hand."""
    p = person
    number = mask_id(_text(p.id_number)) if p else ""
    return [
        coded("性别", Sex, p.sex if p else None),
        PaperRow("出生日期", text=day(p.birth_on if p else None)),
        PaperRow("身份证号", text=number or (p.no_id_reason if p else "")),
        PaperRow("本人电话", text=mask_phone(_text(p.phone)) if p else ""),
        PaperRow("现住址", text=address_of(p) if p else ""),
        PaperRow("户籍地址", text=p.household_address if p else ""),
        PaperRow("民族", text=p.ethnicity if p else ""),
        coded("文化程度", Education, p.education if p else None),
        coded("职业（就业情况）", Employment, p.employment if p else None),
        coded("婚姻状况", Marital, p.marital if p else None),
    ]


def supplement_rows(person: Patient | None, poor: bool | None = None) -> list[PaperRow]:
    """The columns of 表1-7 ahead of its own questions."""
    guardian = newest(Guardian, [person.pk]).get(person.pk) if person else None
    diagnosis = newest(Diagnosis, [person.pk]).get(person.pk) if person else None
    consent = newest(Consent, [person.pk]).get(person.pk) if person else None
    p, money = person, (("1", "贫困，在当地贫困线标准以下"), ("2", "非贫困"))
    agreed = (("1", "同意参加管理"), ("0", "不同意参加管理"))
    stays = "" if p is None or p.past_admissions is None else f"{p.past_admissions} 次"
    return [
        PaperRow("监护人姓名", text=guardian.name if guardian else ""),
        coded("与患者关系", Relation, guardian.relation if guardian else None),
        PaperRow("监护人住址", text=_text(guardian.address) or "" if guardian else ""),
        PaperRow("监护人电话", text=mask_phone(_text(guardian.phone)) if guardian else ""),
        coded("户别", HouseholdKind, p.household_kind if p else None),
        coded("就业情况", Employment, p.employment if p else None),
        picked("知情同意", agreed, (None if consent is None else "1" if consent.agreed else "0",)),
        PaperRow("签字时间", text=day(consent.starts_on if consent else None)),
        PaperRow("初次发病时间", text=day(p.onset_on if p else None)),
        coded("既往关锁情况", Locked, p.past_locked if p else None),
        PaperRow("既往住院", text=stays),
        coded("目前诊断", DiagnosisCode, diagnosis.code if diagnosis else None),
        PaperRow("确诊医院", text=(diagnosis.hospital if diagnosis else "") or (p.diagnosing_hospital if p else "")),
        PaperRow("确诊日期", text=day(p.diagnosed_on if p else None)),
        picked("经济状况", money, (None if poor is None else "1" if poor else "2",)),
    ]


def sheet_rows(sheet: str, answers: Mapping[str, Any]) -> list[PaperRow]:
    return [_row(question, answers.get(question.key)) for question in QUESTIONS[sheet]]


def _row(question: SheetQuestion, value: Any) -> PaperRow:
    if question.kind == "counts":
        counts = value or {}
        said = [f"{code} {words} {counts.get(code, '　')} 次" for code, words in question.options]
        return PaperRow("危险行为", text="　".join([*said, "7 无"]))
    if not question.options:
        return PaperRow(question.label, text=str(value or ""))
    return picked(question.label, question.options, value if isinstance(value, list | tuple) else (value,))


def consent_rows(row: Consent | None) -> list[PaperRow]:
    """What stands below the text of 表1-5: who signed what, when, before whom."""
    return [
        coded("本人（或监护人）意见", ConsentPath, row.way.value if row and not row.is_unsigned else None),
        coded("签字人", Signer, row.signer if row else None),
        coded("与患者关系", Relation, row.relation if row else None),
        PaperRow("患者签字"),
        PaperRow("监护人签字"),
        PaperRow("签字日期", text=day(row.starts_on if row else None)),
        PaperRow("谈话医生签字", text=row.doctor if row else ""),
        PaperRow("备注", text=row.reason if row else ""),
    ]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
