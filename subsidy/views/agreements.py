"""Signing and ending an agreement, and the word on a stretch of duty."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.carrying import carried_out, sent
from accounts.doors import requires
from accounts.terms import Permission, Purpose
from registry.doors import access_patient
from registry.queries.person import guardian_on
from subsidy.doors import GROUPS, access_agreement
from subsidy.forms.agreements import AgreementForm, DutyForm, EndForm
from subsidy.queries.agreements import agreement_on, assistants_on
from subsidy.queries.duty import periods_of, rewarded_by
from subsidy.rules.agreements import CALENDAR, usual_term
from subsidy.services.agreements import end_agreement, sign_agreement
from subsidy.services.duty import record_duty
from subsidy.terms import NamedBy


@requires(Permission.APPLY_SUBSIDY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(
        request.user, patient, Permission.APPLY_SUBSIDY, purpose=Purpose.FOLLOW_UP, groups=GROUPS
    )  # fmt: skip
    today = timezone.localdate()
    version = rewarded_by(person.duty_county, today)
    term = usual_term(today, version.year_starts if version else CALENDAR)
    first = {"named_by": NamedBy.FAMILY.value, "starts_on": term.first, "ends_on": term.last, "signed_on": today}
    form = AgreementForm(sent(request), request.FILES or None, initial=first)

    def act() -> None:
        sign_agreement(patient=person, facts=form.facts(), upload=form.cleaned_data["scan"], by=request.user)

    if carried_out(request, form, act, "监护协议已登记。"):
        return redirect("subsidy:patient_tab", person.uuid)
    now = agreement_on(person, today)
    context = {
        "form": form,
        "patient": person,
        "guardian": guardian_on(person, today),
        "assistants": [str(one.name) for one in assistants_on(person, today)],
        "replaces": f"现有一份协议，到 {now.ends_on} 止。保存后，它在新协议开始的那天由新协议接替。" if now else "",
    }
    return render(request, "subsidy/agreement_new.html", context, status=400 if form.errors else 200)


@requires(Permission.APPLY_SUBSIDY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_end(request: HttpRequest, agreement: UUID) -> HttpResponse:
    row = access_agreement(request.user, agreement, Permission.APPLY_SUBSIDY, purpose=Purpose.FOLLOW_UP)
    form = EndForm(sent(request), initial={"on": timezone.localdate()})

    def act() -> None:
        end_agreement(agreement=row, by=request.user, **form.end())

    if carried_out(request, form, act, "协议已终止，记录保留。"):
        return redirect("subsidy:patient_tab", row.patient.uuid)
    context = {"form": form, "row": row, "patient": row.patient}
    return render(request, "subsidy/agreement_end.html", context, status=400 if form.errors else 200)


@requires(Permission.ASSESS_DUTY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duty_new(request: HttpRequest, agreement: UUID) -> HttpResponse:
    row = access_agreement(request.user, agreement, Permission.ASSESS_DUTY, purpose=Purpose.FOLLOW_UP)
    today = timezone.localdate()
    form = DutyForm(sent(request), periods=periods_of(row, today), initial={"said_on": today})

    def act() -> None:
        record_duty(agreement=row, facts=form.facts(), by=request.user)

    if carried_out(request, form, act, "认定已登记。"):
        return redirect("subsidy:patient_tab", row.patient.uuid)
    context = {"form": form, "row": row, "patient": row.patient}
    return render(request, "subsidy/duty_new.html", context, status=400 if form.errors else 200)
