"""Prescriptions of a patient: write one, stop one, follow the last visit."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import requires
from accounts.refusals import Refused
from accounts.terms import Permission, Purpose
from followup.doors import MEDICINE_GROUPS, access_prescription
from followup.forms.medicine import PrescriptionForm, StopForm
from followup.queries.medicines import offered
from followup.queries.prescriptions import drug_of, injection_policy
from followup.rules.injections import due_words
from followup.rules.prescriptions import dose_words
from followup.services.prescriptions import follow_newest, prescribe, stop_prescription
from followup.terms import DoseUnit
from followup.views.medicine_page import form_page
from registry.doors import access_patient

P = Permission.RECORD_MEDICINE


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prescription_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, P, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS)
    today = timezone.localdate()
    begin = {"form_id": uuid4(), "starts_on": today, "unit": DoseUnit.MG, "name": request.GET.get("name", "")[:60]}
    form = PrescriptionForm(request.POST or None, initial=begin)

    def act() -> str:
        row = prescribe(patient=person, facts=form.facts(), form_id=form.cleaned_data["form_id"], by=request.user)
        row.refresh_from_db(fields=["due_on"])
        said = f"已登记 {row.name} {dose_words(drug_of(row), row.unit)}。"
        if row.due_on is None:
            return said
        return f"{said}{due_words(row.due_on, today, injection_policy(person.duty_county, today))}。"

    return form_page(
        request, patient=person, form=form, act=act, title="登记处方", verb="保存处方", drugs=offered(person.duty_county, today),
        lead="把医师开的处方登记下来。同一种药的旧处方从新处方开始那天停用，记录保留。系统只核对写法，不判断用药是否合适。",
    )  # fmt: skip


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prescription_stop(request: HttpRequest, prescription: UUID) -> HttpResponse:
    row = access_prescription(request.user, prescription, P, purpose=Purpose.FOLLOW_UP)
    form = StopForm(request.POST or None, initial={"ends_on": timezone.localdate()})

    def act() -> str:
        data = form.cleaned_data
        stop_prescription(prescription=row, on=data["ends_on"], reason=data["reason"], by=request.user)
        return f"{row.name}已停用。"

    return form_page(
        request, patient=row.patient, form=form, act=act, template="followup/medicine_confirm.html",
        heading=f"停用 {row.name}", verb="停用",
        lead=f"{row.name} {dose_words(drug_of(row), row.unit)}，{row.starts_on} 起。停用后记录保留。",
    )  # fmt: skip


@requires(P)
@require_POST
def prescription_follow(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, P, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS)
    try:
        follow_newest(patient=person, by=request.user)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, "处方已按最近一次随访更新。")
    return redirect("followup:medicine", person.uuid)
