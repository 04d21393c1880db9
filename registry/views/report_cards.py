"""患者报告卡: the hospital's form, the township's acceptance, the county's desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import can, requires, still_open
from accounts.models import Agency
from accounts.reach import Reach
from accounts.refusals import Conflict, NotHere, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import patients_for
from registry.forms.hospital import CardForm
from registry.forms.receiving import AddressForm, CorrectForm, HoldForm, SettleForm
from registry.models import Patient, ReportCard
from registry.models.card import AnyPaper
from registry.queries.cards import cards_for, discharges_for, hospitals_in, townships_of_county
from registry.queries.clocks import clocks
from registry.queries.clues import clues_for, whole_report
from registry.queries.places import division_of, homes_in
from registry.rules.cards import CARDS
from registry.rules.clues import card_of_clue
from registry.services.cards import (
    accept_card,
    accept_new,
    correct_card,
    save_card,
    settle_correction,
)
from registry.services.county_papers import address_paper, end_paper_elsewhere, hold_paper
from registry.services.papers import county_of
from registry.terms import CardState, ClueState, Held
from registry.views.filing import EDITED, add_refusal
from registry.views.intake import intake_form
from registry.views.paper_words import paper_row, shown
from registry.views.who import me

PAGE = 50
GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.MEDICINE)
NEUTRAL = "该身份证号已在册，或需县级核对。报告卡已转县精防办，办结后会通知。"
METHODS = ["GET", "HEAD", "POST"]
Act = Callable[[Any], None]


def look_at(paper: AnyPaper) -> None:
    patient = paper.patient
    saw([paper.uuid, *([patient.uuid] if patient else [])], GROUPS, Purpose.REGISTER)


def access_card(request: HttpRequest, uuid: UUID, permission: Permission) -> ReportCard:
    """Raises: NotHere, for another hospital's or township's card as for none."""
    card = cards_for(me(request), permission).filter(uuid=uuid).first()
    if card is None:
        raise NotHere
    look_at(card)
    return card


def listing(request: HttpRequest, rows: QuerySet[Any], **more: Any) -> HttpResponse:
    """One page of papers, those that wait first."""
    waiting = request.GET.get("all", "") != "1"
    if waiting:
        rows = rows.exclude(state__in=["accepted", "withdrawn", "elsewhere"])
    page = Paginator(rows.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    saw((paper.uuid for paper in page.object_list), GROUPS[:1], Purpose.LIST)
    has = clocks(timezone.localdate())
    found = [paper_row(paper, has) for paper in page.object_list]
    facts = {
        "rows": found, "page": page, "waiting": waiting, "warnings": sorted({row.warning for row in found if row.warning}),
        "can_report": can(me(request), Permission.REPORT_CARD), **more,
    }  # fmt: skip
    return render(request, "registry/received_list.html", facts)


@requires(Permission.VIEW_CARD)
@never_cache
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    return listing(
        request, cards_for(me(request)), kind="card", title="报告卡", new="registry:card_new", verb="报告患者"
    )


def _hospitals(request: HttpRequest) -> dict[str, Agency] | None:
    """Only the county enters papers in a hospital's name; a hospital enters its own."""
    if not can(me(request), Permission.ADDRESS_CARD):
        return None
    return {str(one.uuid): one for one in hospitals_in(county_of(me(request)))}


def _card_form(
    request: HttpRequest, card: ReportCard | None, first: dict[str, Any], kept: dict[str, Any]
) -> tuple[CardForm, Any]:
    hospitals = _hospitals(request)
    offered = None if hospitals is None else [(key, one.name) for key, one in hospitals.items()]
    places = homes_in(Reach(counties=frozenset({county_of(me(request)).pk})))
    form = CardForm(request.POST or None, places=places, hospitals=offered, initial=first, kept=kept)
    return form, hospitals


def _edit(
    request: HttpRequest, card: ReportCard | None, first: dict[str, Any], kept: dict[str, Any] | None = None
) -> HttpResponse:
    form, hospitals = _card_form(request, card, first, card.said if card else kept or {})
    send = "draft" not in request.POST
    if request.method == "POST" and form.is_valid():
        said = form.said()
        unit = said.get("unit")
        hospital = hospitals.get(unit) if hospitals and unit else me(request).agency if hospitals is not None else None
        try:
            saved = save_card(
                said=said, form_id=form.cleaned_data["form_id"], by=me(request), send=send, hospital=hospital, card=card,
                version=_version(request) if card else None,
            )  # fmt: skip
        except Conflict:
            form.add_error(None, "您打开以后，别人先保存了这张卡。请记下改动，重新打开再改。")
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            where = saved.township.name if saved.township else "县精防办"
            words = f"报告卡 {saved.number} 已送到{where}。" if send else "已暂存。报告前只有本单位看得到。"
            messages.success(request, words)
            return redirect("registry:card", saved.uuid)
    facts: dict[str, Any] = {"form": form, "card": card, "version": card.version if card else 0}
    if card:
        facts["shown"] = shown(card, me(request), clocks(timezone.localdate()))
    return render(request, "registry/card_edit.html", facts, status=400 if form.errors else 200)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")[:9]
    return int(text) if text.isascii() and text.isdecimal() else None


@requires(Permission.REPORT_CARD)
@never_cache
@require_http_methods(METHODS)
def card_new(request: HttpRequest) -> HttpResponse:
    """Empty, or begun from a discharge notice or a confirmed clue whose person has no card yet."""
    first: dict[str, Any] = {"diagnosing_hospital": me(request).agency.name}
    if asked := request.GET.get("clue", "")[:40]:
        return _edit(request, None, *_of_clue(request, asked, first))
    asked = request.GET.get("discharge", "")[:40]
    try:
        notice = discharges_for(me(request), Permission.REPORT_CARD).filter(uuid=UUID(asked)).first()
    except ValueError:
        notice = None
    if notice:
        look_at(notice)
        names = set(CardForm.base_fields) - {"form_id", "filled_on", "id_number"}
        first |= {name: value for name, value in notice.said.items() if name in names} | {"source": "2"}
    return _edit(request, None, first, notice.said if notice else None)


def _of_clue(request: HttpRequest, asked: str, first: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a confirmed clue says already, and its numbers, which are kept without standing in the page."""
    try:
        clue = clues_for(me(request)).filter(uuid=UUID(asked), state=ClueState.CONFIRMED).first()
    except ValueError:
        clue = None
    if clue is None:
        return first, {}
    saw([clue.uuid], GROUPS, Purpose.REGISTER)
    told = whole_report(clue)
    said = card_of_clue(told, clue.survey, clue.village.code if clue.village else "")
    return first | said, {"id_number": told.get("id_number"), "contact_phone": told.get("contact_phone")}


@requires(Permission.REPORT_CARD)
@never_cache
@require_http_methods(METHODS)
def card_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    card = access_card(request, uuid, Permission.REPORT_CARD)
    if card.state != CardState.DRAFT:
        return redirect("registry:card", card.uuid)
    return _edit(request, card, CardForm.shown(card.said))


@requires(Permission.VIEW_CARD)
@never_cache
@require_safe
def card(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_card(request, uuid, Permission.VIEW_CARD)
    facts = {"shown": shown(found, me(request), clocks(timezone.localdate())), "kind": "card", "title": "报告卡"}
    facts["sees_file"] = can(me(request), Permission.VIEW_PATIENT) and found.patient is not None
    return render(request, "registry/paper_detail.html", facts)


def run(
    request: HttpRequest, paper: AnyPaper, form: forms.Form, act: Act, *, title: str, done: str, lead: str = ""
) -> HttpResponse:
    """One page for the steps of both papers: form, service, answer."""
    is_card = isinstance(paper, ReportCard)
    back = "registry:card" if is_card else "registry:discharge"
    if carried_out(request, form, lambda: act(form.cleaned_data), done):
        return redirect("registry:cards" if is_card else "registry:discharges")
    facts = {"form": form, "shown": shown(paper, me(request), clocks(timezone.localdate())), "title": title,
             "back": back, "lead": lead}  # fmt: skip
    return render(request, "registry/paper_step.html", facts, status=400 if form.errors else 200)


def known_file(request: HttpRequest, paper: AnyPaper) -> Patient | None:
    """The file with the paper's number, within the person's own reach."""
    if paper.id_index is None:
        return None
    return patients_for(me(request), Permission.EDIT_PATIENT).filter(id_index=paper.id_index).first()


def first_of(card: ReportCard) -> dict[str, Any]:
    """What the card says, for the form that opens the file; what it leaves open stays open, consent too."""
    said = card.said
    same = (
        "name sex birth_on residence_code residence_address household_address household_code ethnicity education marital "
        "employment onset_on diagnosis icd10 diagnosed_on diagnosing_hospital past_danger past_locked past_admissions "
        "consent consent_on"
    ).split()
    first = {name: said[name] for name in same if said.get(name) is not None}
    first |= {"guardian_name": said.get("contact"), "guardian_relation": said.get("contact_relation")}
    if said.get("household_kind") in ("1", "2"):
        first["household_kind"] = said["household_kind"]
    if said.get("id_kind") != "01":
        kinds = dict(CardForm.base_fields["id_kind"].choices)
        first["no_id_reason"] = f"报告卡上的证件是{kinds.get(said.get('id_kind'), '')}"  # its number stays in the card
    return first


@requires(Permission.RECEIVE_CARD)
@never_cache
@require_http_methods(METHODS)
def card_accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Into the file that has this number, or by opening one from the card."""
    found = access_card(request, uuid, Permission.RECEIVE_CARD)
    if found.state != CardState.SENT:
        messages.info(request, "这张卡现在不能接收。")
        return redirect("registry:card", found.uuid)
    known = known_file(request, found)
    if known is not None:
        saw([known.uuid], GROUPS[:1], Purpose.REGISTER)
        lead = f"证件号在册：{known.name}，内部编号 {known.number:05d}。核对是同一个人后接收，卡归入这份档案。"
        form = forms.Form(request.POST or None)
        return run(
            request, found, form, lambda _said: accept_card(card=found, patient=known, by=me(request)), title="接收",
            done="已接收，卡归入在册档案。", lead=lead,
        )  # fmt: skip
    said = found.said
    is_citizen = said.get("id_kind") == "01"
    kept = {
        "id_number": said.get("id_number", "") if is_citizen else "",
        "guardian_phone": said.get("contact_phone", ""),
    }
    form = intake_form(request, first_of(found), kept)
    if request.method == "POST" and form.is_valid():
        try:
            person = accept_new(card=found, facts=form.facts(), by=me(request))
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            if person is None:
                messages.warning(request, NEUTRAL)
                return redirect("registry:cards")
            saw([person.uuid], EDITED, Purpose.REGISTER)
            messages.success(request, f"已接收并为 {person.name} 建档，内部编号 {person.number:05d}。请按期首次随访。")
            return redirect(person)
    facts = {"form": form, "shown": shown(found, me(request), clocks(timezone.localdate())),
             "only_informed": said.get("report_type") == "1"}  # fmt: skip
    return render(request, "registry/card_accept.html", facts, status=400 if form.errors else 200)


@requires(Permission.RECEIVE_CARD)
@never_cache
@require_http_methods(METHODS)
def card_hold(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_card(request, uuid, Permission.RECEIVE_CARD)
    still_open(request, CARDS, found.state, CardState.AT_COUNTY, back="registry:card", of=uuid)
    form = HoldForm(request.POST or None, initial={"because": Held.ADDRESS.value})

    def act(said: dict[str, Any]) -> None:
        hold_paper(paper=found, because=Held(said["because"]), reason=said["reason"], by=me(request))

    return run(request, found, form, act, title="退回县级", done="已退回县精防办，由县级核对后改派。")


def address_form(request: HttpRequest, known: Patient | None) -> AddressForm:
    acts = [("send", "改派乡镇"), ("elsewhere", "外县在册，已转告")]
    if known is not None:
        acts.insert(0, ("link", f"关联在册档案：{known.name}，{known.number:05d}"))
    return AddressForm(request.POST or None, towns=townships_of_county(county_of(me(request))), acts=acts)


@requires(Permission.ADDRESS_CARD)
@never_cache
@require_http_methods(METHODS)
def card_address(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, user = access_card(request, uuid, Permission.ADDRESS_CARD), me(request)
    ways = (CardState.ELSEWHERE,)
    still_open(request, CARDS, found.state, *ways, back="registry:card", of=uuid, verb="县级处理")
    known = known_file(request, found)

    def act(said: dict[str, Any]) -> None:
        if said["act"] == "link" and known is not None:
            accept_card(card=found, patient=known, by=user)
        elif said["act"] == "send":
            address_paper(paper=found, township=division_of(said["to"]), by=user)
        else:
            end_paper_elsewhere(paper=found, reason=said["reason"] or "", by=user)

    return run(request, found, address_form(request, known), act, title="县级处理", done="已办理。")


@requires(Permission.REPORT_CARD)
@never_cache
@require_http_methods(METHODS)
def card_correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_card(request, uuid, Permission.REPORT_CARD)
    ways = (CardState.CORRECTING, CardState.WITHDRAWN) if found.state != CardState.CORRECTING else ()
    still_open(request, CARDS, found.state, *ways, back="registry:card", of=uuid, verb="更正或撤销")
    form = CorrectForm(request.POST or None, initial={"on": timezone.localdate().isoformat()})

    def act(said: dict[str, Any]) -> None:
        correct_card(card=found, by=me(request), on=said["on"], reason=said["reason"], evidence=said["evidence"] or "")

    lead = "再次诊断或鉴定不是严重精神障碍的，在这里更正；乡镇据此把患者从在册名单中排除。"
    return run(request, found, form, act, title="更正或撤销", done="已提交。", lead=lead)


@requires(Permission.RECEIVE_CARD)
@never_cache
@require_http_methods(METHODS)
def card_settle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_card(request, uuid, Permission.RECEIVE_CARD)
    ways = (CardState.WITHDRAWN,) if found.state == CardState.CORRECTING else ()
    still_open(request, CARDS, found.state, *ways, back="registry:card", of=uuid, verb="按更正结案")
    form = SettleForm(request.POST or None, initial={"on": timezone.localdate().isoformat()})

    def act(said: dict[str, Any]) -> None:
        settle_correction(card=found, on=said["on"], by=me(request))

    lead = "患者按“排除”结案，依据是报告医院的更正。记录都会保留，误结案可以恢复。"
    return run(request, found, form, act, title="按更正结案", done="已按更正结案。", lead=lead)
