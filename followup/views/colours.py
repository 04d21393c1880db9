"""A person's colour: what it is and why, who should be there by when, how it may fall, what it was before."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import requires
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission, Purpose
from followup.doors import CARE_GROUPS
from followup.forms.colour import AssessForm, SettleForm
from followup.models import ColourChange, ColourFall, PatientColour
from followup.queries.colours import changes_of, colour_now, falls_of, open_fall
from followup.rules.colour_falls import OPEN
from followup.rules.colour_table import OFFICES, Table
from followup.rules.colours import earlier, reason_words
from followup.services.colour_falls import assess_fall, may_approve, may_assess, settle_fall
from followup.terms import Aside, ColourWay, FallState
from registry.doors import access_patient
from registry.models import Patient
from registry.queries.head import COLOURS
from registry.terms import Colour

DUE_COLUMNS = {f"{office}_on": name for office, name in OFFICES.items()}


def colour_chip(code: str, aside: str = "") -> tuple[str, str]:
    """Words and tone: the word always stands beside the tone."""
    if not code:
        return "未分色", ""
    words = f"{Colour(code).label}（{Aside(aside).label}）" if aside else str(Colour(code).label)
    return words, COLOURS[Colour(code)]


def due_rows(row: PatientColour, norm_on: date | None) -> list[tuple[str, date, str]]:
    """Office, day, and which of both rules set the day."""
    found = []
    for column, name in DUE_COLUMNS.items():
        on = getattr(row, column)
        if on is None:
            continue
        by_norm = column in ("village_on", "township_on") and norm_on is not None and norm_on < on
        due = earlier(on, norm_on) if by_norm else on
        found.append((name, due or on, "按随访规范，早于分色表" if by_norm else "按分色表"))
    return found


def change_rows(changes: list[ColourChange]) -> list[tuple[ColourChange, str, str]]:
    """The change, its words, and what spoke for it."""
    found = []
    for one in changes:
        before, _tone = colour_chip(one.before)
        after, _tone = colour_chip(one.after, one.aside)
        words = "不再分色" if one.way == ColourWay.END else f"{before} → {after}" if one.before else after
        reasons = "；".join(reason_words(one.reasons, months=one.months)) if one.after else ""
        found.append((one, words, reasons))
    return found


def _person(request: HttpRequest, patient: UUID, permission: Permission) -> Patient:
    return access_patient(request.user, patient, permission, purpose=Purpose.FOLLOW_UP, groups=CARE_GROUPS)


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def colour(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Without a table in force and without a history there is nothing here."""
    return _page(request, _person(request, patient, Permission.VIEW_VISIT))


@requires(Permission.MANAGE_PLAN)
@require_POST
def colour_assess(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = _person(request, patient, Permission.MANAGE_PLAN)
    fall, form = open_fall(person), AssessForm(request.POST)

    def act(fall: ColourFall) -> str:
        to = FallState(form.cleaned_data["to"])
        assess_fall(fall=fall, to=to, words=form.cleaned_data["words"], by=request.user)
        return "评估已保存，等待另一人批准。" if to == FallState.ASSESSED else "已记下：评估后维持现在的颜色。"

    return _done(request, person, fall, form, act)


@requires(Permission.APPROVE_COLOUR)
@require_POST
def colour_settle(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = _person(request, patient, Permission.APPROVE_COLOUR)
    fall, form = open_fall(person), SettleForm(request.POST)

    def act(fall: ColourFall) -> str:
        to = FallState(form.cleaned_data["to"])
        settle_fall(fall=fall, to=to, because=form.cleaned_data["because"], by=request.user)
        return "已批准降级，从今天起按新的颜色。" if to == FallState.APPROVED else "已记下：不同意降级，颜色不变。"

    return _done(request, person, fall, form, act)


def _done(
    request: HttpRequest, person: Patient, fall: ColourFall | None, form: Any, act: Callable[[ColourFall], str]
) -> HttpResponse:
    """Carry out and go back; what was typed stays beside a refusal. Somebody may have been first."""
    if fall is None or _form(request, fall, person).__class__ is not form.__class__:
        messages.error(request, "现在没有等您办理的降级。情况可能已经有了变化，请看下面的记录。")
        return redirect("followup:colour", person.uuid)
    if form.is_valid():
        try:
            messages.success(request, act(fall))
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            return redirect("followup:colour", person.uuid)
    return _page(request, person, form)


def _form(request: HttpRequest, fall: ColourFall | None, person: Patient) -> Any:
    """The form that this person may fill in now; None where nothing waits for them."""
    user = request.user
    if fall is None:
        return None
    if fall.state == FallState.PROPOSED and may_assess(user, person):
        return AssessForm()
    if fall.state == FallState.ASSESSED and may_approve(user, person) and fall.assessed_by_id != user.pk:
        return SettleForm()
    return None


def _page(request: HttpRequest, person: Patient, filled: Any = None) -> HttpResponse:
    now, changes, falls = colour_now(person), changes_of(person), falls_of(person)
    if now is None and not changes:
        raise NotHere
    fall = falls[0] if falls and falls[0].state in OPEN else None
    form = filled or _form(request, fall, person)
    context = {
        "patient": person,
        "now": now,
        "chip": colour_chip(person.colour, now.aside if now else ""),
        "held": colour_chip(now.held)[0] if now and now.aside and now.held else "",
        "reasons": reason_words(now.reasons, months=Table.of(now.table.content).incident_months) if now else (),
        "suggested": colour_chip(now.suggested)[0] if now and now.suggested != now.held else "",
        "dues": due_rows(now, person.next_due_on) if now else [],
        "fall": fall,
        "fall_words": fall and f"{colour_chip(fall.before)[0]} → {colour_chip(fall.after)[0]}",
        "form": form,
        "settled": [one for one in falls if one.state not in (*OPEN, FallState.LAPSED)],
        "changes": change_rows(changes),
        "today": timezone.localdate(),
    }
    return render(request, "followup/colour.html", context, status=400 if filled else 200)
