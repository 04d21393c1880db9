"""The tab 补助 of a patient's page: the agreement, the words on duty, and for each scheme why or why not."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import can, requires
from accounts.terms import FieldGroup, Permission, Purpose
from followup.queries.incidents import subsidy_holds
from registry.doors import access_patient
from registry.models import Patient
from registry.queries.head import patient_head
from subsidy.models import Agreement, DutyRecord
from subsidy.queries.agreements import agreements_of, duty_of
from subsidy.queries.facts import facts_on
from subsidy.queries.schemes import adopted_on
from subsidy.rules.eligibility import judge
from subsidy.terms import DutyFailure, DutyResult, Met

GROUPS = (
    FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.MEDICINE,
    FieldGroup.INCIDENT, FieldGroup.GUARDIAN, FieldGroup.ASSISTANCE, FieldGroup.DISABILITY, FieldGroup.MONEY,
)  # fmt: skip
TONES = {Met.YES: "good", Met.NO: "", Met.UNKNOWN: "caution"}


@dataclass(frozen=True)
class AgreementShown:
    uuid: UUID
    title: str
    state: str
    tone: str
    facts: list[tuple[str, str]]
    scan: UUID | None
    runs: bool  # it can be ended by hand
    is_now: bool


@dataclass(frozen=True)
class SheetLine:
    label: str
    chip: str
    tone: str
    words: str
    paper: str


@dataclass(frozen=True)
class Sheet:
    title: str
    chip: str
    tone: str
    words: str
    basis: str
    lines: list[SheetLine]


@requires(Permission.VIEW_SUBSIDY)
@never_cache
@require_safe
def patient_tab(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, Permission.VIEW_SUBSIDY, purpose=Purpose.FOLLOW_UP, groups=GROUPS)
    today = timezone.localdate()
    shown = [agreement_shown(row, today) for row in agreements_of(person)]
    is_open = person.closed_on is None
    held = subsidy_holds([person], today).get(person.pk)
    context: dict[str, Any] = {
        "head": patient_head(person, request.user, today),
        "tab": "subsidy",
        "now": next((one for one in shown if one.is_now), None),
        "others": [one for one in shown if not one.is_now],
        "duty": [duty_shown(row) for row in duty_of(person)],
        "sheets": _sheets(person, today),
        "held": f"{held} 的事件还没有了结，发放暂缓，等小组认定。" if held else "",
        "may_sign": is_open and can(request.user, Permission.APPLY_SUBSIDY, person),
        "may_end": can(request.user, Permission.APPLY_SUBSIDY, person),
        "may_assess": can(request.user, Permission.ASSESS_DUTY, person),
        "may_open_scan": can(request.user, Permission.REVEAL_IDENTITY, person),
    }
    return render(request, "subsidy/patient_tab.html", context)


def agreement_shown(row: Agreement, today: date) -> AgreementShown:
    runs = row.ended_on is None and row.ends_on >= today
    is_now = row.starts_on <= today <= row.ends_on and (row.ended_on is None or row.ended_on > today)
    state, tone = _state(row, today)
    relation = f"（{row.get_relation_display()}）" if row.relation else ""
    assistants = "、".join(
        f"{one.name!s}（{one.get_relation_display()}）" if one.relation else str(one.name)
        for one in row.assistants.all()
    )
    named_by = f"{row.get_named_by_display()}{f'：{row.namer}' if row.namer else ''}"
    said = [
        ("监护人", f"{row.guardian!s}{relation}"),
        ("确定方式", named_by),
        ("协助监护人", assistants or "没有写明"),
        ("共同居住", _found_out(row.lives_together)),
        ("实际履行监护", _found_out(row.is_able)),
        ("签字", f"{row.signed_on}，{row.made_by.display_name} 登记"),
        ("终止的情况", row.end_words),
    ]
    facts = [(label, words) for label, words in said if words]
    title = f"{row.starts_on} 至 {row.ends_on}"
    return AgreementShown(row.uuid, title, state, tone, facts, row.scan.uuid if row.scan else None, runs, is_now)


def _state(row: Agreement, today: date) -> tuple[str, str]:
    if row.ended_on is not None:
        return f"{row.ended_on} 起终止，{row.get_end_reason_display()}", ""
    if row.ends_on < today:
        return "已期满", ""
    return ("还没有开始", "info") if row.starts_on > today else ("生效中", "good")


def _found_out(value: bool | None) -> str:
    return "还没有核实" if value is None else "是" if value else "否"


def duty_shown(row: DutyRecord) -> dict[str, str]:
    signers: Any = row.signers
    failures = "、".join(str(DutyFailure(code).label) for code in row.failures)
    why = "；".join(part for part in (failures, row.note) if part)
    return {
        "days": f"{row.first_on} 至 {row.last_on}",
        "chip": str(DutyResult(row.result).label),
        "tone": "good" if row.result == DutyResult.PASSED else "urgent",
        "why": why,
        "hint": f"{row.said_on} 认定，{'、'.join(signers)}签字，{row.said_by.display_name} 登记",
    }


def _sheets(person: Patient, today: date) -> list[Sheet]:
    adopted = adopted_on(person.duty_county, today)
    if not adopted:
        return []
    known = facts_on(person, today)
    found = []
    for one in adopted:
        verdict = judge(known, one.scheme, today)
        lines = [
            SheetLine(
                line.label, line.met.label, TONES[line.met], line.words, line.paper if line.met is not Met.YES else ""
            )
            for line in verdict.criteria
        ]
        found.append(
            Sheet(one.scheme.title, verdict.met.label, TONES[verdict.met], verdict.words, one.row.basis, lines)
        )
    return found
