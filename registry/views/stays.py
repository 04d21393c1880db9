"""One patient's stays in hospital, the emergency channel and help with admission."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import can, requires, still_open
from accounts.models import Agency
from accounts.rules.day_words import long_day
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.forms.referral import AdmitForm, DischargeForm, HelpForm, HelpStepForm, PassageForm, PastStayForm
from registry.models import Patient
from registry.queries.head import patient_head
from registry.queries.referrals import (
    bed_day_rule,
    help_for,
    hospitals_for,
    passage_for,
    referrals_for,
    stays_of,
    told_by_referral,
)
from registry.rules.admission_help import HELP, duty_of
from registry.rules.green_channel import prompts
from registry.rules.stays import Stay, bed_days
from registry.services.admissions import admit, discharge, record_stay
from registry.services.passages import ask_for_help, move_help, passage_of, record_passage
from registry.terms import HelpState
from registry.views.who import me

CLINICAL = (FieldGroup.IDENTITY, FieldGroup.CLINICAL)
Act = Callable[[], str]


def run_form(request: HttpRequest, form: forms.Form, act: Act, page: dict[str, Any]) -> HttpResponse:
    """One page for these acts: form, service, answer. `page`: title, lead, verb, back, crumb."""
    if carried_out(request, form, act):
        return redirect(page["back"])
    return render(request, "registry/care_form.html", {"form": form, **page}, status=400 if form.errors else 200)


def hospital_choices(patient: Patient) -> tuple[dict[str, Agency], list[tuple[str, str]]]:
    known = {str(agency.uuid): agency for agency in hospitals_for(patient.duty_county)}
    return known, [(uuid, agency.name) for uuid, agency in known.items()]


def _person(request: HttpRequest, uuid: UUID, permission: Permission) -> Patient:
    person = access_patient(me(request), uuid, permission, purpose=Purpose.REGISTER)
    saw([person.uuid], CLINICAL, Purpose.REGISTER)
    return person


def _page(person: Patient, title: str, verb: str, lead: str = "") -> dict[str, Any]:
    back = reverse("registry:patient_stays", args=[person.uuid])
    return {"title": title, "verb": verb, "lead": lead, "back": back, "crumb": person.name}


@requires(Permission.VIEW_REFERRAL)
@never_cache
@require_safe
def patient_stays(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = me(request), timezone.localdate()
    person = _person(request, uuid, Permission.VIEW_REFERRAL)
    rule = bed_day_rule(person.duty_county, today)
    stays = [
        {"row": row, "days": bed_days(Stay(row.admitted_on, row.discharged_on), today=today, rule=rule)}
        for row in stays_of(person)
    ]
    facts = {
        "head": patient_head(person, user, today),
        "tab": "stays",
        "stays": stays,
        "running": bool(stays) and stays[0]["row"].discharged_on is None,
        "referrals": referrals_for(user).filter(patient=person).order_by("-proposed_on", "-pk"),
        "passages": person.green_channels.order_by("-arrived_on", "-pk"),
        "helps": person.admission_helps.order_by("-asked_on", "-pk"),
        "may_edit": can(user, Permission.EDIT_PATIENT, person) and person.closed_on is None,
        "may_refer": can(user, Permission.REFER_PATIENT, person) and person.closed_on is None,
    }
    return render(request, "registry/patient_stays.html", facts)


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay_admit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = _person(request, uuid, Permission.EDIT_PATIENT)
    known, choices = hospital_choices(person)
    told = told_by_referral(me(request), request.GET.get("referral", ""), person)
    first = {"admitted_on": timezone.localdate().isoformat()}
    if told is not None and told.admitted_on:
        first = {
            "admitted_on": told.admitted_on.isoformat(),
            "kind": told.admission_kind,
            "hospital_name": told.to_name,
        }
        first["hospital"] = str(told.to_agency.uuid) if told.to_agency else ""
    form = AdmitForm(request.POST or None, hospitals=choices, initial=first)

    def act() -> str:
        said = form.cleaned_data
        admit(
            patient=person, on=said["admitted_on"], by=me(request), hospital=known.get(said["hospital"] or ""),
            hospital_name=said["hospital_name"] or "", kind=said["kind"] or "",
            source="referral" if told else "entered", source_uuid=told.uuid if told else None,
        )  # fmt: skip
        return "已登记入院，状态改为住院。"

    lead = "入院方式按医院告知的填写；是否收住院由医院依法决定。"
    return run_form(request, form, act, _page(person, "登记入院", "登记入院", lead))


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay_discharge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = _person(request, uuid, Permission.EDIT_PATIENT)
    form = DischargeForm(request.POST or None, initial={"discharged_on": timezone.localdate().isoformat()})

    def act() -> str:
        said = form.cleaned_data
        discharge(patient=person, on=said["discharged_on"], by=me(request), kind=said["kind"] or "")
        return "已登记出院，状态改为在管，出院后两周内随访。"

    return run_form(request, form, act, _page(person, "登记出院", "登记出院", "保存后安排出院后的第一次随访。"))


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay_past(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = _person(request, uuid, Permission.EDIT_PATIENT)
    known, choices = hospital_choices(person)
    form = PastStayForm(request.POST or None, hospitals=choices)

    def act() -> str:
        said = form.cleaned_data
        record_stay(
            patient=person, admitted_on=said["admitted_on"], discharged_on=said["discharged_on"], by=me(request),
            hospital=known.get(said["hospital"] or ""), hospital_name=said["hospital_name"] or "",
            kind=said["kind"] or "", discharge_kind=said["discharge_kind"] or "",
        )  # fmt: skip
        return "已补记这次住院。"

    return run_form(request, form, act, _page(person, "补记一次住院", "保存", "已经出院、当时没有登记的住院。"))


@requires(Permission.REFER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passage_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = _person(request, uuid, Permission.REFER_PATIENT)
    form = PassageForm(request.POST or None, initial={"arrived_on": timezone.localdate().isoformat()})

    def act() -> str:
        record_passage(patient=person, by=me(request), values=form.values())
        return "已登记绿色通道送诊。"

    lead = "只登记事实和日期。住院的依据由医院告知；系统提醒期限，不作决定。"
    return run_form(request, form, act, _page(person, "绿色通道送诊", "保存", lead))


@requires(Permission.REFER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = passage_for(me(request), uuid, Permission.REFER_PATIENT)
    saw([row.patient.uuid], CLINICAL, Purpose.REGISTER)
    now = {name: getattr(row, name) for name in PassageForm.base_fields}
    now["guardian_agrees"] = "" if row.guardian_agrees is None else str(int(row.guardian_agrees))
    form = PassageForm(request.POST or None, initial=now)

    def act() -> str:
        record_passage(patient=row.patient, by=me(request), values=form.values(), passage=row)
        return "已保存。"

    page = _page(row.patient, "绿色通道送诊", "保存", "后来发生的事随时补记。")
    page["prompts"] = prompts(passage_of(row), today=timezone.localdate())
    return run_form(request, form, act, page)


@requires(Permission.REFER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def help_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = _person(request, uuid, Permission.REFER_PATIENT)
    form = HelpForm(request.POST or None, initial={"asked_on": timezone.localdate().isoformat()})

    def act() -> str:
        said = form.cleaned_data
        row = ask_for_help(patient=person, by=me(request), **(said | {"asked_by": said["asked_by"] or ""}))
        return f"已登记，{long_day(row.due_on)}前办理。{duty_of(row.direction, row.guardian).task}"

    return run_form(
        request, form, act, _page(person, "协助入院、出院", "登记", "保存后按监护人情况说明由谁签字、镇街做什么。")
    )


@requires(Permission.REFER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def help_step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = help_for(me(request), uuid, Permission.REFER_PATIENT)
    saw([row.patient.uuid], (FieldGroup.IDENTITY, FieldGroup.GUARDIAN), Purpose.REGISTER)
    ways = (HelpState.DONE,)
    still_open(request, HELP, row.state, *ways, back="registry:patient_stays", of=row.patient.uuid, verb="办理")
    form = HelpStepForm(request.POST or None, initial={"on": timezone.localdate().isoformat(), "escorts": row.escorts})

    def act() -> str:
        said = form.cleaned_data
        values = {name: said[name] or "" for name in ("escorts", "signed_by", "note")}
        move_help(row=row, after=HelpState(said["after"]), by=me(request), on=said["on"], values=values)
        return "已保存。"

    duty = duty_of(row.direction, row.guardian)
    who = f"{row.household_town}（户籍所在地镇街）" if row.signer == "township" else "监护人"
    lead = f"{duty.task}签字：{who}。期限 {row.due_on:%Y-%m-%d}，现在{row.get_state_display()}。"
    return run_form(request, form, act, _page(row.patient, row.get_direction_display(), "保存", lead))
