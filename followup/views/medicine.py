"""The tab 用药 of a patient's page: what is taken, injected, handed out, and measured."""

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
from accounts.rules.day_words import short_day
from accounts.terms import Permission, Purpose
from followup.doors import MEDICINE_GROUPS
from followup.models import Checkup, Dispensing, Injection, Prescription, Visit
from followup.queries import medicine_tab
from followup.queries.prescriptions import drug_of, injection_policy, injections_of, prescriptions_of
from followup.rules.adherence import said_of, trend_of
from followup.rules.checkups import BY_CODE, CheckupFacts, still_missing
from followup.rules.facts import VisitFacts
from followup.rules.injections import InjectionPolicy, due_words, given_words, state_on
from followup.rules.prescriptions import Running, change_of, dose_words
from followup.rules.supplies import collection_words, gaps
from followup.terms import CheckupKind, CheckupOutcome, DoseUnit, DueState, Ecg, InjectionSite
from registry.doors import access_patient
from registry.models import Patient
from registry.queries.admitted import inside_words
from registry.queries.head import patient_head


@dataclass(frozen=True)
class Line:
    """One line of a list: what it is, a hint below, a chip; `kind` and `uuid` lead to striking it."""

    text: str
    hint: str = ""
    chip: str = ""
    tone: str = ""
    uuid: UUID | None = None
    kind: str = ""


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def medicine(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(
        request.user, patient, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS
    )
    today = timezone.localdate()
    policy = injection_policy(person.duty_county, today)
    prescriptions, injections = prescriptions_of(person), injections_of(person)
    handed, checkups = medicine_tab.dispensings_of(person), medicine_tab.checkups_of(person)
    records = medicine_tab.last_records(person)
    running = [row for row in prescriptions if row.ends_on is None]
    may, inside = can(request.user, Permission.RECORD_MEDICINE, person), _inside(person)
    context = {
        "head": patient_head(person, request.user, today),
        "tab": "medicine",
        "may": may,
        "open": person.closed_on is None,
        "running": [_prescription(row, today) for row in running],
        "ended": [_prescription(row, today) for row in prescriptions if row.ends_on is not None],
        "differs": _differs(running, records, today),
        "inside": inside,
        "due": [_due(row, today, policy, inside) for row in running if row.due_on is not None],
        "injections": [_injection(row, today, policy) for row in injections],
        "collect": _collect(handed, running, today, inside),
        "handed": [_handed(row, today) for row in handed],
        "checkups": [_checkup(row, today) for row in checkups],
        "yearly": _yearly(medicine_tab.last_yearly_on(checkups), today),
        **trend_context(records, handed, today),
    }
    return render(request, "followup/patient_medicine.html", context)


def _prescription(row: Prescription, today: date) -> Line:
    since = f"{short_day(row.starts_on, today)} 起，{row.prescriber or '医师未写'} 开"
    if row.ends_on is not None:
        since = f"{short_day(row.starts_on, today)} 至 {short_day(row.ends_on, today)}，{row.get_stop_reason_display()}"
    chip = ("长效针剂" if row.interval_days else "") or (row.medicine.get_kind_display() if row.medicine else "词典外")
    return Line(f"{row.name} {dose_words(drug_of(row), row.unit)}", since, chip, "", row.uuid)


def _differs(running: list[Prescription], records: list[Visit], today: date) -> str:
    """What the last record says otherwise than the prescriptions, in words; "" while they agree."""
    if not records:
        return ""
    last = records[-1]
    held = [Running(row.pk, drug_of(row), row.starts_on) for row in running if row.unit == DoseUnit.MG]
    facts = VisitFacts.of(last)
    if change_of(held, facts) is None:
        return ""
    said = "；".join(drug.words for drug in facts.guidance or facts.drugs) or "医嘱勿需用药"
    return f"{short_day(last.visited_on, today)} 的随访（{last.doctor_name}）写的用药与处方不同：{said}。请核对。"


def _inside(person: Patient) -> str:
    """Said while a hospital or a place of custody gives the medicine: nobody here is late with it."""
    found = inside_words(person)
    return f"正在{found}，由所在单位给药：不提醒注射和领药，回来后按出院医嘱或新的处方登记。" if found else ""


def _due(row: Prescription, today: date, policy: InjectionPolicy, inside: str) -> Line:
    assert row.due_on is not None  # noqa: S101  (the caller chose those that have one)
    if inside:
        return Line(f"{row.name}：原定 {short_day(row.due_on, today)}", "", "由所在单位给药", "info")
    missed = state_on(row.due_on, today, policy) == DueState.MISSED
    tone = "urgent" if missed else "caution" if row.due_on <= today else "info"
    chip = "漏打" if missed else "该打" if row.due_on <= today else "未到"
    return Line(f"{row.name}：{due_words(row.due_on, today, policy)}", "", chip, tone)


def _injection(row: Injection, today: date, policy: InjectionPolicy) -> Line:
    site = InjectionSite(row.site).label
    text = f"{short_day(row.given_on, today)} {row.name} {row.dose.normalize():f} {row.get_unit_display()}"
    hint = f"{site}，批号 {row.batch}，{row.given_by} 注射；{given_words(row.was_due_on, row.given_on, policy, early=row.early)}"
    words: Any = row.words or {}
    if row.early and words.get("early_doctor"):
        hint += f"（{words['early_doctor']}：{words.get('early_reason', '')}）"
    if words.get("note"):
        hint += f"；{words['note']}"
    return _line(row, text, hint, "injection", today)


def _handed(row: Dispensing, today: date) -> Line:
    words: Any = row.words or {}
    who = words.get("name", "")
    relation = words.get("relation", "")
    receiver = f"{row.get_receiver_display()}{f' {who}' if who else ''}{f'（{relation}）' if relation else ''}领"
    text = f"{short_day(row.handed_on, today)} {row.name} {row.amount.normalize():f} {row.get_pack_display()}，够 {row.days} 天"
    hint = f"批号 {row.batch}，{receiver}，{row.handed_by} 发{'；更正过' if row.corrects else ''}"
    return _line(row, text, f"{hint}{'；' + words['note'] if words.get('note') else ''}", "dispensing", today)


def _line(row: Injection | Dispensing | Checkup, text: str, hint: str, kind: str, today: date) -> Line:
    """With the reason once it is struck; it can be struck only once."""
    if row.struck_at is None or row.struck_by is None:
        return Line(text, hint, "", "", row.uuid, kind)
    words: Any = row.struck_words or {}
    on = short_day(timezone.localdate(row.struck_at), today)
    return Line(text, f"{hint}。{on} {row.struck_by.display_name} 作废：{words.get('because', '')}", "作废")


def _collect(rows: list[Dispensing], running: list[Prescription], today: date, inside: str) -> list[Line]:
    """The next collection of every drug that was handed out and is still prescribed."""
    if inside:
        return []
    held = {row.name for row in running}
    newest: dict[str, Dispensing] = {}
    for row in rows:
        if row.struck_at is None and (row.name in held or not held):
            newest.setdefault(row.name, row)
    found = []
    for name, row in newest.items():
        late = row.next_on < today
        found.append(Line(f"{name}：{collection_words(row.next_on, today)}", "", "该领" if late else "", "caution"))
    return found


def _checkup(row: Checkup, today: date) -> Line:
    content: Any = row.content
    label = f"{short_day(row.checked_on, today)} {row.get_kind_display()}"
    if row.outcome != CheckupOutcome.DONE:
        return _line(row, f"{label}：{row.get_outcome_display()}", content.get("reason", ""), "checkup", today)
    said = [f"{BY_CODE[code].label} {value} {BY_CODE[code].unit}" for code, value in content["values"].items()]
    if content.get("ecg"):
        said.append(f"心电图{Ecg(content['ecg']).label}{'：' + content['ecg_text'] if content.get('ecg_text') else ''}")
    if content.get("summary"):
        said.append(content["summary"])
    facts = CheckupFacts(kind=row.kind, checked_on=row.checked_on, values=content["values"], ecg=content.get("ecg", ""))
    lacks = still_missing(facts)
    place = f"（{content['place']}）" if content.get("place") else ""
    hint = f"还缺：{'、'.join(lacks)}" if lacks else ""
    return _line(row, f"{label}{place}：{'；'.join(said)}", hint, "checkup", today)


def _yearly(last_on: date | None, today: date) -> str:
    if last_on is not None and last_on.year == today.year:
        return f"今年已于 {short_day(last_on, today)} 体检"
    return f"今年还没有体检{f'，上次 {last_on}' if last_on else ''}"


def trend_context(records: list[Visit], handed: list[Dispensing], today: date) -> dict[str, Any]:
    """The drawing, its table, and the days on which no free drug was in the house."""
    taken = medicine_tab.taken_of(records)
    rows = [(short_day(one.on, today), said_of(one), one.side_effect or "—") for one in reversed(taken)]
    without = [
        f"{name}：{short_day(supply.until, today)} 起 {days} 天没有领药"
        for name, supplies in medicine_tab.supplies_of(handed).items()
        for supply, days in gaps(supplies, today)
    ]
    return {"trend": trend_of(taken), "taken": rows, "without": without, "kinds": CheckupKind.choices}
