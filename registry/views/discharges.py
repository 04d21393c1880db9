"""出院信息单: the hospital's form, the township's inbox, the county's desk."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.doors import can, requires, still_open
from accounts.reach import Reach
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission, Purpose
from registry.forms.hospital import DischargeForm
from registry.forms.receiving import HoldForm
from registry.models import DischargeNotice
from registry.queries.cards import discharges_for
from registry.queries.clocks import clocks
from registry.queries.places import division_of, homes_in
from registry.rules.discharges import DISCHARGES
from registry.services.county_papers import address_paper, end_paper_elsewhere, hold_paper
from registry.services.discharges import (
    accept_discharge,
    ask_for_card,
    send_discharge,
)
from registry.services.papers import county_of
from registry.terms import DischargeState, Held
from registry.views.paper_words import shown
from registry.views.report_cards import GROUPS, METHODS, address_form, known_file, listing, look_at, run
from registry.views.who import me


def access_discharge(request: HttpRequest, uuid: UUID, permission: Permission) -> DischargeNotice:
    """Raises: NotHere, for another hospital's or township's notice as for none."""
    notice = discharges_for(me(request), permission).filter(uuid=uuid).first()
    if notice is None:
        raise NotHere
    look_at(notice)
    return notice


@requires(Permission.VIEW_CARD)
@never_cache
@require_safe
def discharges(request: HttpRequest) -> HttpResponse:
    rows = discharges_for(me(request))
    return listing(request, rows, kind="discharge", title="出院信息单", new="registry:discharge_new", verb="报告出院")


@requires(Permission.REPORT_CARD)
@never_cache
@require_http_methods(METHODS)
def discharge_new(request: HttpRequest) -> HttpResponse:
    places = homes_in(Reach(counties=frozenset({county_of(me(request)).pk})))
    form = DischargeForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            saved = send_discharge(said=form.said(), form_id=form.cleaned_data["form_id"], by=me(request))
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            where = saved.township.name if saved.township else "县精防办"
            messages.success(request, f"出院信息单 {saved.number} 已送到{where}。")
            return redirect("registry:discharge", saved.uuid)
    return render(request, "registry/discharge_new.html", {"form": form}, status=400 if form.errors else 200)


@requires(Permission.VIEW_CARD)
@never_cache
@require_safe
def discharge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_discharge(request, uuid, Permission.VIEW_CARD)
    facts = {
        "shown": shown(found, me(request), clocks(timezone.localdate())),
        "kind": "discharge",
        "title": "出院信息单",
    }
    facts["sees_file"] = can(me(request), Permission.VIEW_PATIENT) and found.patient is not None
    return render(request, "registry/paper_detail.html", facts)


@requires(Permission.RECEIVE_CARD)
@never_cache
@require_http_methods(METHODS)
def discharge_accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Into the file that has this number; without one, a report card is asked for first."""
    found, user = access_discharge(request, uuid, Permission.RECEIVE_CARD), me(request)
    ways = (DischargeState.ACCEPTED, DischargeState.NEEDS_CARD)
    still_open(request, DISCHARGES, found.state, *ways, back="registry:discharge", of=uuid)
    known, form = known_file(request, found), forms.Form(request.POST or None)
    if known is not None:
        saw([known.uuid], GROUPS[:1], Purpose.REGISTER)
        lead = f"证件号在册：{known.name}，内部编号 {known.number:05d}。接收后请在期限内首次随访。"
        return run(
            request, found, form, lambda _said: accept_discharge(notice=found, patient=known, by=user), title="接收",
            done="已接收。首次随访已列入今日工作。", lead=lead,
        )  # fmt: skip
    lead = "您的辖区内没有这个证件号的在册档案。可以请医院先报报告卡，卡接收后这张出院单自动归入档案；地址不对的，请退回县级。"
    return run(
        request, found, form, lambda _said: ask_for_card(notice=found, by=user), title="请医院先报卡",
        done="已请医院补报告卡。卡接收后，出院单自动归入档案。", lead=lead,
    )  # fmt: skip


@requires(Permission.RECEIVE_CARD)
@never_cache
@require_http_methods(METHODS)
def discharge_hold(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_discharge(request, uuid, Permission.RECEIVE_CARD)
    still_open(request, DISCHARGES, found.state, DischargeState.AT_COUNTY, back="registry:discharge", of=uuid)
    form = HoldForm(request.POST or None, initial={"because": Held.ADDRESS.value})

    def act(said: dict[str, Any]) -> None:
        hold_paper(paper=found, because=Held(said["because"]), reason=said["reason"], by=me(request))

    return run(request, found, form, act, title="退回县级", done="已退回县精防办，由县级核对后改派。")


@requires(Permission.ADDRESS_CARD)
@never_cache
@require_http_methods(METHODS)
def discharge_address(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, user = access_discharge(request, uuid, Permission.ADDRESS_CARD), me(request)
    ways = (DischargeState.ELSEWHERE,)
    still_open(request, DISCHARGES, found.state, *ways, back="registry:discharge", of=uuid, verb="县级处理")
    known = known_file(request, found)
    form = address_form(request, known)
    if found.state == DischargeState.AT_COUNTY and known is None:
        form.fields["act"].choices = [*form.fields["act"].choices, ("card", "请医院先报卡")]

    def act(said: dict[str, Any]) -> None:
        if said["act"] == "link" and known is not None:
            accept_discharge(notice=found, patient=known, by=user)
        elif said["act"] == "send":
            address_paper(paper=found, township=division_of(said["to"]), by=user)
        elif said["act"] == "card":
            ask_for_card(notice=found, by=user)
        else:
            end_paper_elsewhere(paper=found, reason=said["reason"] or "", by=user)

    return run(request, found, form, act, title="县级处理", done="已办理。")
