"""The first tab of a patient's page: what is due, what is on file, which papers are missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from accounts.rules.day_words import long_day
from registry.models import Consent, Diagnosis, EconomicStatus, Guardian, Patient
from registry.queries.person import Known, newest
from registry.rules.consent import UNSIGNED
from registry.rules.masking import mask_phone
from registry.rules.papers import PaperKind, PaperState


@dataclass(frozen=True)
class Due:
    when: str
    late: str
    why: str
    is_late: bool = False


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Paper:
    name: str
    on: str
    note: str


@dataclass(frozen=True)
class GuardianLine:
    name: str
    relation: str
    phone: str  # masked
    since: str


@dataclass(frozen=True)
class Overview:
    due: Due
    illness: list[Fact]
    person: list[Fact]
    papers: list[Paper]
    papers_done: int
    guardian: GuardianLine | None
    consent: str


def due_of(patient: Patient, today: date) -> Due:
    """The next visit in words."""
    day = patient.next_due_on
    if patient.closed_on is not None:
        return Due("不再安排", "", f"档案已于 {patient.closed_on:%Y-%m-%d} 结案。")
    if day is None:
        return Due("还没有安排", "", "第一次随访保存后，系统会给出下次随访日期。")
    days = (today - day).days
    late = f"逾期 {days} 天" if days > 0 else "今天到期" if days == 0 else f"还有 {-days} 天"
    when = f"{long_day(day, today)}前"
    return Due(when, late, patient.due_reason, is_late=days > 0)


def known_of(patient: Patient, guardian: Guardian | None, consent: Consent | None) -> Known:
    """Guardian and consent come from the head."""
    return Known(
        guardian,
        consent,
        newest(Diagnosis, [patient.pk]).get(patient.pk),
        newest(EconomicStatus, [patient.pk]).get(patient.pk),
    )


def overview(patient: Patient, known: Known, states: Sequence[PaperState], today: date) -> Overview:
    """What is known now and what the four forms look at."""
    guardian, consent, diagnosis, economy = known
    papers = _papers(patient, states, consent)
    return Overview(
        due=due_of(patient, today),
        illness=_illness(patient, diagnosis),
        person=_person(patient, economy),
        papers=papers,
        papers_done=sum(state.is_there for state in states),
        guardian=_guardian(guardian),
        consent=_consent(consent),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _said(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.value]


def _illness(patient: Patient, diagnosis: Diagnosis | None) -> list[Fact]:
    name = diagnosis.get_code_display() if diagnosis else ""
    coded = f"{name}（{diagnosis.icd10}）" if diagnosis and diagnosis.icd10 else name
    danger = "" if patient.past_danger is None else f"{patient.past_danger} 级"
    stays = "" if patient.past_admissions is None else f"{patient.past_admissions} 次"
    return _said([
        Fact("目前诊断", coded),
        Fact("确诊日期", _day(patient.diagnosed_on)),
        Fact("确诊医院", patient.diagnosing_hospital),
        Fact("初次发病", _day(patient.onset_on)),
        Fact("既往危险性", danger),
        Fact("既往关锁", patient.get_past_locked_display() or ""),
        Fact("既往住院", stays),
    ])  # fmt: skip


def _person(patient: Patient, economy: EconomicStatus | None) -> list[Fact]:
    poor = "" if economy is None else "贫困" if economy.poor else "非贫困"
    return _said([
        Fact("出生日期", _day(patient.birth_on)),
        Fact("民族", patient.ethnicity),
        Fact("户别", patient.get_household_kind_display()),
        Fact("文化程度", patient.get_education_display()),
        Fact("婚姻状况", patient.get_marital_display()),
        Fact("就业情况", patient.get_employment_display()),
        Fact("经济状况", poor),
        Fact("残疾证", "已登记" if patient.disability_number else ""),
        Fact("建档日期", _day(patient.opened_on)),
        Fact("无证件原因", patient.no_id_reason),
    ])  # fmt: skip


def _papers(patient: Patient, states: Iterable[PaperState], consent: Consent | None) -> list[Paper]:
    """必备表格. Source: 管理治疗工作规范 2018: 知情同意书, 个人基本信息表, 个人信息补充表, 首次随访."""
    days = {PaperKind.CONSENT: _day(consent.starts_on) if consent else "", PaperKind.FIRST_VISIT: "已有"}
    return [
        Paper(state.name, days.get(state.kind, _day(patient.opened_on)), "、".join(state.missing)) for state in states
    ]


def _guardian(row: Guardian | None) -> GuardianLine | None:
    if row is None:
        return None
    return GuardianLine(
        row.name, row.get_relation_display(), mask_phone(cast("str | None", row.phone)), _day(row.starts_on)
    )


def _consent(row: Consent | None) -> str:
    if row is None:
        return ""
    signer = f"，{row.get_signer_display()}签字" if row.signer else f"，{UNSIGNED}" if row.is_unsigned else ""
    return f"{row.starts_on:%Y-%m-%d} {'同意参加管理' if row.agreed else '不同意参加管理'}{signer}"
