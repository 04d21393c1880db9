"""Long-acting injections: write one down; the month of a township."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.rules.day_words import short_day
from accounts.rules.places import usual_name
from accounts.terms import FieldGroup, Permission, Purpose
from followup.doors import MEDICINE_GROUPS
from followup.forms.medicine import InjectionForm
from followup.models import Injection, Prescription
from followup.queries.medicine_lists import Entry, given_elsewhere, injection_month, town_names
from followup.queries.prescriptions import drug_of, injection_policy, long_acting_of
from followup.rules.injections import due_words
from followup.rules.prescriptions import dose_words, due_of
from followup.services.injections import record_injection
from followup.terms import DueState
from followup.views.medicine_page import form_page
from registry.doors import access_patient

P = Permission.RECORD_MEDICINE
BACK = 92  # days in which an injection under an ended prescription may still be entered
TONES = {DueState.DUE: "info", DueState.GIVEN: "good", DueState.MISSED: "urgent"}
MOST = 300


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def injection_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, P, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS)
    today = timezone.localdate()
    policy = injection_policy(person.duty_county, today)
    rows = long_acting_of(person, since=today - timedelta(days=BACK))
    choices = [(str(row.uuid), _choice(row)) for row in rows]
    begin = {
        "form_id": uuid4(), "given_on": today, "given_by": request.user.display_name,
        "prescription": choices[0][0] if choices else "", "dose": drug_of(rows[0]).each if rows else "",
    }  # fmt: skip
    form = InjectionForm(request.POST or None, initial=begin, prescriptions=choices)

    def act() -> str:
        data = form.cleaned_data
        row = record_injection(
            patient=person, prescription=UUID(data["prescription"]), facts=form.facts(), form_id=data["form_id"],
            by=request.user,
        )  # fmt: skip
        return f"已登记 {short_day(row.given_on, today)} 的注射。{_next(row, rows, today)}"

    def _next(row: Injection, rows: list[Prescription], today: date) -> str:
        starts = [one.starts_on for one in rows if one.name == row.name and one.ends_on is None]
        due = due_of(starts[0], row.interval_days, row.given_on) if starts else None
        return f"{due_words(due, today, policy)}。" if due else "处方已停用，不再提醒下次注射。"

    dues = [f"{row.name}：{due_words(row.due_on, today, policy)}" for row in rows if row.due_on and row.ends_on is None]
    return form_page(
        request, patient=person, form=form, act=act, title="登记注射", verb="保存注射记录", none=not rows, dues=dues,
        lead="打完针以后登记。早于间隔的，要写明哪位医师的医嘱。",
    )  # fmt: skip


def _choice(row: Prescription) -> str:
    ended = f"（{row.ends_on} 起停用）" if row.ends_on else ""
    return f"{row.name} {dose_words(drug_of(row), row.unit)}{ended}"


@dataclass(frozen=True)
class Tally:
    key: int
    name: str
    due: int
    given: int
    missed: int


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def injection_calendar(request: HttpRequest) -> HttpResponse:
    """A month: due, given, missed, per township; the people below."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    entries = injection_month(request.user, first, last, today)
    tallies = _tallies(entries)
    asked = request.GET.get("township", "")
    township = next((tally for tally in tallies if str(tally.key) == asked), None)
    rows = [one for one in entries if township is None or one.township == township.key][:MOST]
    saw({row.person for row in rows}, (FieldGroup.IDENTITY, FieldGroup.MEDICINE), Purpose.LIST)
    context = {
        "first": first,
        "months": [(f"{day:%Y-%m}", label) for day, label in _around(first)],
        "tallies": tallies,
        "township": township,
        "rows": [(row, short_day(row.on, today), row.state.label, TONES[row.state]) for row in rows],
        "total": len([one for one in entries if township is None or one.township == township.key]),
        "may": can(request.user, P),
        "elsewhere": given_elsewhere(request.user, last, township.key if township else None),
    }
    return render(request, "followup/injection_calendar.html", context)


def _month(text: str, today: date) -> date:
    """The first day of the month asked for; what cannot be meant is this month."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return day if abs(day.year - today.year) <= 10 else today.replace(day=1)


def _around(first: date) -> list[tuple[date, str]]:
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return [(day, f"{day.year} 年 {day.month} 月") for day in (before, first, after)]


def _tallies(entries: list[Entry]) -> list[Tally]:
    keys = {one.township for one in entries}
    names = town_names(keys)
    found = []
    for key in keys:
        states = [one.state for one in entries if one.township == key]
        due, given, missed = (states.count(state) for state in DueState)
        found.append(Tally(key, usual_name(names.get(key, "")), due, given, missed))
    return sorted(found, key=lambda tally: (-tally.missed, -tally.due, tally.name))
