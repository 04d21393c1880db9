"""One record to read or print, and the patient page's tab with all of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import can, requires
from accounts.rules.day_words import long_day, short_day
from accounts.terms import Permission, Purpose
from followup.doors import GROUPS, access_visit, versions_of
from followup.models import Attempt, Visit
from followup.queries.about import about
from followup.queries.prompts import dangers_in_words, prompts
from followup.queries.visits import attempts_of, current_visits
from followup.queries.window_lists import decided
from followup.rules.facts import VisitFacts
from followup.terms import LostReason
from followup.views.form_page import head
from followup.views.paper import paper
from followup.views.questions import answered, contact_words
from followup.views.windows import window_lines
from followup.views.words import Chip, class_chip, due_words, moment
from registry.doors import access_patient
from registry.models import Patient
from registry.queries.head import patient_head


@dataclass(frozen=True)
class Event:
    """One entry of the timeline: the outcome first."""

    on: str
    icon: str
    tone: str
    lead: str
    text: str
    hint: str
    uuid: UUID | None = None
    strike_url: str = ""


@requires(Permission.VIEW_VISIT)
@require_safe
def visit(request: HttpRequest, visit: UUID) -> HttpResponse:
    found = access_visit(request.user, visit, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP)
    today, facts = timezone.localdate(), VisitFacts.of(found)
    context = {
        "visit": found,
        "patient": found.patient,
        "uuid": found.root.uuid,
        "chip": class_chip(found.stability),
        "contact": contact_words(facts),
        "answers": [(label, words) for _name, label, words in answered(facts)],
        "next": f"{long_day(found.next_due_on, today)}前" if found.next_due_on else "",
        "versions": versions_of(request.user, found.root),
        "may_correct": can(request.user, Permission.CORRECT_VISIT, found.patient),
        "dangers": dangers_in_words(found) if _asks(request, found) else "",
        "incident_new": about(found.patient).incident_new,
        **head(found.patient, None, today),
    }
    return render(request, "followup/visit_detail.html", context)


def _asks(request: HttpRequest, visit: Visit) -> bool:
    return can(request.user, Permission.RECORD_INCIDENT, visit.patient) and prompts(visit)


@requires(Permission.VIEW_VISIT)
@require_safe
def visit_print(request: HttpRequest, visit: UUID) -> HttpResponse:
    """表1-8 on paper. What is ours alone is not printed."""
    found = access_visit(request.user, visit, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP)
    context: dict[str, Any] = {"visit": found, "patient": found.patient, **paper(found)}
    return render(request, "followup/visit_print.html", context)


@requires(Permission.VIEW_VISIT)
@require_safe
def patient_tab(request: HttpRequest, patient: UUID) -> HttpResponse:
    """All records and tries of a patient, newest first: a tab of the patient page, or a page of its own."""
    found = access_patient(request.user, patient, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP, groups=GROUPS)
    today = timezone.localdate()
    visits = current_visits(found)
    context = {
        "patient": found,
        "events": timeline(
            found,
            visits,
            attempts_of(found),
            today,
            may_strike=can(request.user, Permission.CORRECT_VISIT, found),
        ),
        "levels": [(v.level, short_day(v.visited_on, today)) for v in reversed(visits[:12]) if v.level is not None],
        "windows": window_lines(decided(found, today), today),
        "may_decide_loss": can(request.user, Permission.EDIT_PATIENT, found) and found.closed_on is None,
        "may_take_off": can(request.user, Permission.RECORD_VISIT, found) and found.closed_on is None,
        **head(found, None, today),
        "head": patient_head(found, request.user, today),
        "tab": "visits",
    }
    # the tab of the patient's page takes its part out of the whole page, so that the head and tabs stay true
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") != "tab"
    return render(request, "followup/_patient_visits.html" if part else "followup/patient_visits.html", context)


def timeline(
    patient: Patient, visits: list[Visit], attempts: list[Attempt], today: date, *, may_strike: bool = False
) -> list[Event]:
    dated = [(visit.visited_on, visit.root_id, _visit_event(visit, today)) for visit in visits]
    dated += [(attempt.attempted_on, 0, _attempt_event(attempt, today, may_strike=may_strike)) for attempt in attempts]
    if patient.closed_on is None and patient.next_due_on and patient.next_due_on < today:
        late, _ = due_words(patient.next_due_on, today)
        event = Event(short_day(patient.next_due_on, today), "clock", "caution", "随访到期，未完成", "", late)
        dated.append((patient.next_due_on, 1 << 62, event))
    return [event for _day, _order, event in sorted(dated, key=lambda row: row[:2], reverse=True)]


def _visit_event(visit: Visit, today: date) -> Event:
    facts = VisitFacts.of(visit)
    if not facts.is_complete:
        reason = "已去世" if facts.died_on else f"失访：{LostReason(facts.lost_reason).label}"
        lead, icon = reason, "home-x"
    else:
        chip: Chip | None = class_chip(visit.stability)
        level = "住院中" if visit.level is None else f"{visit.level} 级"
        lead, icon = "，".join(part for part in (level, chip.text if chip else "") if part), "edit"
    more = [visit.due_reason, visit.doctor_name or visit.entered_by.display_name]
    if visit.version > 1:
        more.append(f"更正 {visit.version - 1} 次")
    tone = "caution" if visit.level is not None and visit.level >= 3 else ""
    day, hint = short_day(visit.visited_on, today), "。".join(filter(None, more))
    return Event(day, icon, tone, lead, contact_words(facts), hint, visit.root.uuid)


def _attempt_event(attempt: Attempt, today: date, *, may_strike: bool) -> Event:
    day, reason, who = (
        short_day(attempt.attempted_on, today),
        attempt.get_reason_display(),
        attempt.entered_by.display_name,
    )
    if attempt.struck_by is not None:
        words: Any = attempt.struck_words or {}
        hint = f"{who}。{attempt.struck_by.display_name} {moment(attempt.struck_at)} 作废：{words.get('because', '')}"
        return Event(day, "home-x", "", "未访到（已作废，不计算）", reason, hint)
    url = reverse("followup:attempt_strike", args=[attempt.uuid]) if may_strike else ""
    return Event(day, "home-x", "", "未访到", reason, who, strike_url=url)
