"""Differences: the township's list and its card for one person, the county's review."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import can, requires, still_open
from accounts.queries.places import townships_under
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Purpose
from accounts.terms import Permission as P
from exchange.doors import access_difference, access_inbound
from exchange.forms.inbound import FindingForm, PlaceForm, ReturnForm, WhoForm
from exchange.models import Difference
from exchange.queries.differences import (
    Beside,
    alike_groups,
    candidates_of,
    concluded,
    name_of,
    of_list,
    offered_for,
    open_differences,
    why,
)
from exchange.queries.inbound import kinds
from exchange.queries.inbound_people import our_person, shown
from exchange.rules.differences import DIFFERENCES
from exchange.rules.inbound_matching import OurPerson, differing
from exchange.services.differences import (
    accept_differences,
    answer_difference,
    place_difference,
    return_difference,
    settle_unsure,
)
from exchange.terms import DifferenceState, InboundItem, InboundKind, RowClass
from exchange.views.who import me

S = DifferenceState
GROUPS = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT)
WHO = (InboundItem.NAME, InboundItem.SEX, InboundItem.BIRTH_ON, InboundItem.ADDRESS)  # of somebody whom the list lacks


def _see(rows: Iterable[Difference]) -> None:
    saw((row.patient.uuid if row.patient else row.uuid for row in rows), GROUPS, Purpose.EXCHANGE)


@requires(P.WORK_DIFFERENCE)
@never_cache
@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    rows = open_differences(me(request))
    _see(rows)
    today = timezone.localdate()
    lines = [{"row": row, "name": name_of(row), "why": why(row), "late": row.due_on < today} for row in rows]
    late = sum(row.due_on < today for row in rows)
    groups = [{"row": one.first, "number": one.number, "why": why(one.first)} for one in alike_groups(rows)]
    return render(request, "exchange/difference_list.html", {"lines": lines, "late": late, "groups": groups})


def _beside(row: Difference, person: OurPerson | None) -> list[Beside]:
    """Their word and ours, what differs first; of somebody without a file only theirs."""
    kind = kinds()[InboundKind(row.inbound.kind)]
    their = row.theirs
    wrong = differing(kind, their, person) if person and their else ()
    said = {item.value: word for item, word in kind.says.items()} | dict(their.said) if their else {}
    wanted = [item for item in InboundItem if said.get(item.value) or (their is None and item in WHO)]
    lines = [
        Beside(
            label=str(item.label), theirs=shown(item, said.get(item.value, "")),
            ours=shown(item, person.said.get(item.value, "")) if person else "", differs=item in wrong,
        )
        for item in wanted
    ]  # fmt: skip
    return sorted(lines, key=lambda line: not line.differs)


def _context(request: HttpRequest, row: Difference) -> dict[str, Any]:
    user, today = me(request), timezone.localdate()
    person = our_person(row.patient, row.county, today) if row.patient else None
    found = RowClass(row.found)
    return {
        "row": row, "name": name_of(row), "why": why(row), "said": concluded(row), "lines": _beside(row, person), "has_file": bool(person),
        "is_unsure": found is RowClass.UNSURE and row.state == S.OPEN, "late": row.due_on < today,
        "is_open": row.state == S.OPEN, "may_close": row.patient is not None and can(user, P.CLOSE_PATIENT, row.patient),
        "may_open": row.patient is not None and can(user, P.VIEW_PATIENT, row.patient),
        "may_return": row.state == S.ANSWERED and can(user, P.REVIEW_DIFFERENCE, row),
    }  # fmt: skip


@requires(P.WORK_DIFFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_difference(me(request), uuid, P.WORK_DIFFERENCE)
    context = _context(request, row)
    form: forms.Form
    if context["is_unsure"]:
        return _who(request, row, context)
    form = FindingForm(request.POST or None, offered=offered_for(row, of_death=row.of_death))
    if request.method == "POST" and carried_out(
        request, form, lambda: answer_difference(difference=row, finding=form.finding(), by=me(request)),
        "已提交，等县精防办审核。",
    ):  # fmt: skip
        return redirect("exchange:differences")
    context["form"] = form
    return render(request, "exchange/difference.html", context, status=400 if form.errors else 200)


def _who(request: HttpRequest, row: Difference, context: dict[str, Any]) -> HttpResponse:
    """An undecided row: first who is meant, then as any other."""
    people = {one.uuid: one for one in candidates_of(row, me(request))}
    saw(people, GROUPS, Purpose.EXCHANGE)
    offered = [
        (str(uuid), f"{one.name}，{one.birth_on or '出生日期不详'}，{one.village.usual_name if one.village else ''}")
        for uuid, one in people.items()
    ]
    form = WhoForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            done = settle_unsure(difference=row, patient=people[chosen] if chosen else None, by=me(request))
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            if done.state == S.LAPSED:
                messages.success(request, "已认定。两方一致，或者不需要再核实。")
                return redirect("exchange:differences")
            messages.success(request, "已认定。请接着核实下面的内容。")
            return redirect("exchange:difference", row.uuid)
    context["form"] = form
    return render(request, "exchange/difference.html", context, status=400 if form.errors else 200)


@requires(P.REVIEW_DIFFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def differences_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What townships have answered, to be accepted together or returned one by one; and what has no township yet."""
    user = me(request)
    inbound = access_inbound(user, uuid, P.REVIEW_DIFFERENCE)
    if request.method == "POST":
        return _accept(request, uuid)
    rows = list(of_list(inbound, user))
    answered = [row for row in rows if row.state == S.ANSWERED]
    homeless = [row for row in rows if row.state == S.OPEN and row.township is None]
    _see([*answered, *homeless])
    waiting: dict[str, int] = {}
    for row in rows:
        if row.state == S.OPEN and row.township is not None:
            waiting[row.township.name] = waiting.get(row.township.name, 0) + 1
    towns = [(town.code, town.name) for town in townships_under(inbound.county)]
    context = {
        "inbound": inbound, "answered": [
            {"row": row, "name": name_of(row), "why": why(row), "said": concluded(row)} for row in answered
        ],
        "homeless": [
            {"row": row, "name": name_of(row), "why": why(row), "form": PlaceForm(offered=towns, prefix=str(row.uuid))}
            for row in homeless
        ],
        "waiting": waiting.items(), "you": user.pk,
    }  # fmt: skip
    return render(request, "exchange/differences_review.html", context)


def _accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    inbound = access_inbound(me(request), uuid, P.REVIEW_DIFFERENCE)
    chosen = []
    for text in request.POST.getlist("row"):
        try:
            chosen.append(UUID(text))
        except ValueError:
            continue
    try:
        done = accept_differences(row=inbound, chosen=chosen, by=me(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if done:
            messages.success(request, f"审核通过 {done} 件。")
        else:
            messages.info(request, "没有选中待审核的。请勾选后再通过。")
    return redirect("exchange:differences_review", uuid)


@requires(P.REVIEW_DIFFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def difference_return(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_difference(me(request), uuid, P.REVIEW_DIFFERENCE)
    still_open(request, DIFFERENCES, row.state, S.OPEN, back="exchange:difference", of=uuid)
    form = ReturnForm(request.POST or None)

    def act() -> Difference:
        return return_difference(difference=row, because=form.cleaned_data["because"], by=me(request))

    if carried_out(request, form, act, "已退回，乡镇的今日工作里会再出现。"):
        return redirect("exchange:differences_review", row.last_inbound.uuid)
    context = {"row": row, "name": name_of(row), "why": why(row), "said": concluded(row), "form": form}
    return render(request, "exchange/difference_return.html", context, status=400 if form.errors else 200)


@require_POST
@requires(P.REVIEW_DIFFERENCE)
def difference_place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_difference(me(request), uuid, P.REVIEW_DIFFERENCE)
    towns = {town.code: town for town in townships_under(row.county)}
    form = PlaceForm(request.POST, offered=[(code, town.name) for code, town in towns.items()], prefix=str(row.uuid))
    if form.is_valid():
        try:
            place_difference(difference=row, township=towns[form.cleaned_data["township"]], by=me(request))
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "已分派。")
    else:
        messages.error(request, "请选择乡镇（街道）。")
    return redirect("exchange:differences_review", row.last_inbound.uuid)
