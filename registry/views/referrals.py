"""Referrals: the list, one slip with its steps, the papers, and the county's table of hospitals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.doors import can, requires, still_open, where
from accounts.queries.county_rules import first_county
from accounts.refusals import Denied, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.forms.referral import AcceptForm, BecauseForm, DestinationForm, ReferralForm, ReturnForm
from registry.models import Referral
from registry.queries.around import social_on
from registry.queries.person import facts_of
from registry.queries.places import address_of
from registry.queries.referrals import destination_table, hospitals_for, referral_for, referrals_for, township_agency
from registry.rules.id_number import age_on
from registry.rules.masking import mask_phones
from registry.rules.referral import OPEN, PERSON, PHONES, REFERRAL, RETURN, SLIP, category_of, needs_phones, suggest
from registry.services import referrals as steps
from registry.services.passages import set_destination
from registry.terms import DestinationCategory, DiagnosisCode, ReferralDirection, ReferralReason, ReferralState
from registry.views.stays import hospital_choices, run_form
from registry.views.who import me

PAGE = 50
SLIP_GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL)
TONES = {"proposed": "caution", "received": "info", "accepted": "info", "declined": "urgent", "returned": "good"}
STEP_URLS = {
    ReferralState.RECEIVED: "referral_receive", ReferralState.ACCEPTED: "referral_accept",
    ReferralState.DECLINED: "referral_decline", ReferralState.RETURNED: "referral_return",
    ReferralState.COMPLETED: "referral_complete", ReferralState.CANCELLED: "referral_cancel",
}  # fmt: skip
POSTED = {"referral_receive", "referral_complete"}


@requires(Permission.VIEW_REFERRAL)
@never_cache
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    rows = referrals_for(me(request)).order_by("-proposed_on", "-pk")
    only_open = request.GET.get("show") != "all"
    page = Paginator(rows.filter(state__in=OPEN) if only_open else rows, PAGE).get_page(request.GET.get("page"))
    saw((row.person for row in page.object_list), SLIP_GROUPS[:1], Purpose.LIST)
    shown = [{"row": row, "name": row.slip.get("name", ""), "tone": TONES.get(row.state, "")} for row in page]
    facts = {"page": page, "rows": shown, "only_open": only_open}
    facts["may_set"] = can(me(request), Permission.EDIT_POLICY)
    return render(request, "registry/referral_list.html", facts)


@requires(Permission.REFER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Down (by the psychiatrist or the county, for a stable person) goes to the health centre of the duty township."""
    user, today = me(request), timezone.localdate()
    person = access_patient(user, uuid, Permission.REFER_PATIENT, purpose=Purpose.REGISTER)
    saw([person.uuid], SLIP_GROUPS, Purpose.REGISTER)
    known, choices = hospital_choices(person)
    table = destination_table(person.duty_county)
    facts = facts_of([person])[person.pk]
    about = {
        "name": person.name, "sex": person.get_sex_display(), "age": str(age_on(person.birth_on, today) or ""),
        "number": f"{person.number:05d}", "address": address_of(person), "phone": facts.phone or "",
        "guardian": " ".join(part for part in (facts.guardian_name, facts.guardian_phone) if part),
    }  # fmt: skip
    held = [row.kind for row in social_on(person, today) if row.holds]
    first = {
        "on": today.isoformat(), "category": category_of(held).value, "sender": user.display_name,
        "impression": DiagnosisCode(facts.diagnosis).label if facts.diagnosis else "",
    }  # fmt: skip
    form = ReferralForm(request.POST or None, hospitals=choices, initial=first)

    def act() -> str:
        said = form.cleaned_data
        down = said["reason"] == ReferralReason.STABLE
        advice = suggest([said["category"]], table, today=today)
        to = township_agency(person.duty_township) if down else known.get(said["to"] or "")
        name, why = said["to_name"] or "", ""
        if to is None and not name and not down:
            to = next((agency for agency in known.values() if agency.pk == advice.agency), None)
            name, why = "" if to else advice.name, advice.because
        row = steps.propose_referral(
            patient=person, on=said["on"], direction=ReferralDirection.DOWN if down else ReferralDirection.UP,
            reason=said["reason"], category=said["category"], slip=about | form.slip(), by=user, to_agency=to,
            to_name=name, urgent=said["urgent"],
        )  # fmt: skip
        return f"转诊单已发给{row.destination}。{why}"

    notes = [advice.because for code in DestinationCategory if (advice := suggest([code], table, today=today)).name]
    page = {
        "title": "转诊", "verb": "发出转诊单", "crumb": person.name, "notes": list(dict.fromkeys(notes)),
        "back": reverse("registry:patient_stays", args=[person.uuid]),
        "lead": "转入单位只看得到转诊单上的内容。病情稳定转回基层的，发给管理乡镇的卫生院。",
    }  # fmt: skip
    return run_form(request, form, act, page)


def _rows(fields: Any, values: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"label": label, "value": (values or {}).get(name, "")} for name, label in fields]


def _person(request: HttpRequest, row: Referral, *, on_paper: bool) -> list[dict[str, str]]:
    """The person's fields, the numbers for whoever needs them."""
    full = needs_phones(
        receives=steps.receives(row, me(request)), writes=steps.may_ask(row, me(request)), on_paper=on_paper,
        is_open=row.state in OPEN,
    )  # fmt: skip
    said = {name: value if full or name not in PHONES else mask_phones(value) for name, value in row.slip.items()}
    return _rows(PERSON, said)


def _seen(request: HttpRequest, uuid: UUID, permission: Permission = Permission.VIEW_REFERRAL) -> Referral:
    row = referral_for(me(request), uuid, permission)
    saw([row.person], SLIP_GROUPS, Purpose.REGISTER)
    return row


@requires(Permission.VIEW_REFERRAL)
@never_cache
@require_safe
def referral(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, row = me(request), _seen(request, uuid)
    answers, asks = steps.may_answer(row, user), steps.may_ask(row, user)
    doors = []
    for step in REFERRAL.from_state(row.state):
        if answers if step.who is Permission.ANSWER_REFERRAL else asks:
            name = STEP_URLS[step.after]
            doors.append(
                {"verb": step.verb, "href": reverse(f"registry:{name}", args=[row.uuid]), "post": name in POSTED}
            )
    moments = [
        ("提出", row.entered_at, row.proposed_by), ("签收", row.received_at, row.received_by),
        ("不收" if row.state == ReferralState.DECLINED else "接诊", row.answered_at, row.answered_by),
        ("回转", row.returned_at, row.returned_by),
        ("取消" if row.state == ReferralState.CANCELLED else "完成", row.ended_at, row.ended_by),
    ]  # fmt: skip
    knows = can(user, Permission.VIEW_PATIENT, row)
    facts = {
        "row": row, "name": row.slip.get("name", ""), "tone": TONES.get(row.state, ""), "doors": doors,
        "slip": _person(request, row, on_paper=False) + _rows(SLIP, row.slip),
        "back_slip": _rows(RETURN, row.return_slip) if row.return_slip else [],
        "moments": [{"what": what, "at": at, "who": who} for what, at, who in moments if at],
        "patient_href": reverse("registry:patient_stays", args=[row.person]) if knows else "",
    }  # fmt: skip
    return render(request, "registry/referral.html", facts)


def _still_open(request: HttpRequest, row: Referral, after: ReferralState) -> None:
    still_open(request, REFERRAL, row.state, after, back="registry:referral", of=row.uuid)


def _step_page(row: Referral, title: str, verb: str, lead: str = "") -> dict[str, Any]:
    back = reverse("registry:referral", args=[row.uuid])
    return {"title": title, "verb": verb, "lead": lead, "back": back, "crumb": f"转诊单 {row.slip.get('name', '')}"}


def _at_once(request: HttpRequest, row: Referral, service: Any, done: str) -> HttpResponse:
    """A step without a form. A step that somebody else has just made is said, not shown as an error page."""
    try:
        service(referral=row, by=me(request))
        messages.success(request, done)
    except Denied:
        raise
    except Refused as refusal:
        messages.warning(request, refusal.message)
    return redirect("registry:referral", row.uuid)


@requires(Permission.ANSWER_REFERRAL)
@require_POST
def referral_receive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid, Permission.ANSWER_REFERRAL)
    return _at_once(request, row, steps.receive_referral, "已签收转诊单。")


@requires(Permission.REFER_PATIENT)
@require_POST
def referral_complete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid, Permission.REFER_PATIENT)
    return _at_once(request, row, steps.complete_referral, "已签收回转单，转诊办结。")


@requires(Permission.ANSWER_REFERRAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid, Permission.ANSWER_REFERRAL)
    _still_open(request, row, ReferralState.ACCEPTED)
    form = AcceptForm(request.POST or None)

    def act() -> str:
        said = form.cleaned_data
        steps.accept_referral(referral=row, by=me(request), admitted_on=said["admitted_on"], kind=said["kind"] or "")
        return "已登记接诊。"

    return run_form(request, form, act, _step_page(row, "接诊", "登记接诊", "收住院的，转出单位会收到提醒去登记住院。"))


@requires(Permission.ANSWER_REFERRAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_decline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid, Permission.ANSWER_REFERRAL)
    _still_open(request, row, ReferralState.DECLINED)
    form = BecauseForm(request.POST or None)

    def act() -> str:
        steps.decline_referral(referral=row, by=me(request), because=form.cleaned_data["because"])
        return "已退回转出单位。"

    return run_form(request, form, act, _step_page(row, "不收", "不收并退回", "请写明原因，转出单位据此另行安排。"))


@requires(Permission.ANSWER_REFERRAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_return(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid, Permission.ANSWER_REFERRAL)
    _still_open(request, row, ReferralState.RETURNED)
    form = ReturnForm(request.POST or None, initial={"doctor": me(request).display_name})

    def act() -> str:
        slip = form.slip()
        steps.return_referral(referral=row, by=me(request), slip=slip, discharged_on=form.cleaned_data["discharged_on"])
        return "回转单已发回转出单位。"

    return run_form(request, form, act, _step_page(row, "回转单", "发回转出单位"))


@requires(Permission.REFER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid, Permission.REFER_PATIENT)
    _still_open(request, row, ReferralState.CANCELLED)
    form = BecauseForm(request.POST or None)

    def act() -> str:
        steps.cancel_referral(referral=row, by=me(request), because=form.cleaned_data["because"])
        return "转诊单已取消。"

    return run_form(request, form, act, _step_page(row, "取消转诊", "取消转诊单", "转入单位会看到已取消和原因。"))


@requires(Permission.VIEW_REFERRAL)
@never_cache
@require_safe
def referral_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _seen(request, uuid)
    return _paper(request, row)


@requires(Permission.VIEW_REFERRAL)
@require_safe
def referral_blank(request: HttpRequest) -> HttpResponse:
    return _paper(request, None)


def _paper(request: HttpRequest, row: Referral | None) -> HttpResponse:
    facts = {
        "row": row, "person": _person(request, row, on_paper=True) if row else _rows(PERSON, None),
        "slip": _rows(SLIP, row.slip if row else None),
        "back_slip": _rows(RETURN, row.return_slip if row else None), "name": row.slip.get("name", "") if row else "",
    }  # fmt: skip
    return render(request, "registry/referral_print.html", facts)


@requires(Permission.EDIT_POLICY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def destinations(request: HttpRequest) -> HttpResponse:
    county = first_county(where(me(request), Permission.EDIT_POLICY).counties)
    known = {str(agency.uuid): agency for agency in hospitals_for(county.pk)}
    form = DestinationForm(request.POST or None, hospitals=[(uuid, one.name) for uuid, one in known.items()])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            set_destination(
                county=county, category=said["category"], starts_on=said["starts_on"], by=me(request),
                agency=known.get(said["hospital"] or ""), name=said["hospital_name"] or "", basis=said["basis"] or "",
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("hospital_name" if refusal.field == "name" else refusal.field or None, refusal.message)
        else:
            messages.success(request, "已登记，从开始日期起按它提示。")
            return redirect("registry:destinations")
    facts = {"form": form, "rows": destination_table(county.pk), "county": county}
    return render(request, "registry/destination_list.html", facts, status=400 if form.errors else 200)
