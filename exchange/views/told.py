"""The person's side: the print of who was told what, and objections to it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.carrying import carried_out, sent
from accounts.doors import requires
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.forms.told import AskedForm, ObjectionForm
from exchange.services.told import print_told
from exchange.views.who import me
from registry.doors import access_patient
from registry.models import Patient
from registry.queries.head import patient_head
from registry.queries.objections import objections_of
from registry.queries.sharing import sharing_of
from registry.services.objections import record_objection

P = Permission
GROUPS = (FieldGroup.IDENTITY, FieldGroup.TRAIL, FieldGroup.CONSENT)


def person_of(request: HttpRequest, uuid: UUID, permission: Permission) -> Patient:
    return access_patient(me(request), uuid, permission, purpose=Purpose.OTHER, groups=GROUPS)


@requires(P.VIEW_PATIENT_TRAIL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who asks is said first; then the paper, and the printing is in the trail."""
    person, form = person_of(request, uuid, P.VIEW_PATIENT_TRAIL), AskedForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = print_told(patient=person, asked_by=form.cleaned_data["who"], by=me(request))
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            context = {
                "person": person, "recipients": found, "objections": objections_of(person),
                "sharing": sharing_of(person),
                "office": me(request).agency.name, "now": timezone.localtime(),
                "asked": dict(form.fields["who"].choices)[form.cleaned_data["who"]],  # type: ignore[attr-defined]
            }  # fmt: skip
            return render(request, "exchange/told_print.html", context)
    head = patient_head(person, me(request), timezone.localdate())
    return render(request, "exchange/told.html", {"head": head, "form": form}, status=400 if form.errors else 200)


@requires(P.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = person_of(request, uuid, P.EDIT_PATIENT)
    form = ObjectionForm(sent(request), initial={"on": timezone.localdate().isoformat()})

    def act() -> object:
        said = form.cleaned_data
        return record_objection(
            patient=person, on=said["on"], made_by=said["who"], about=said["about"], words=said["words"], by=me(request)
        )

    if carried_out(request, form, act, "异议已登记，以后发出的内容都带“有异议”标记。"):
        return redirect("exchange:patient_tab", uuid)
    return render(
        request, "exchange/objection_new.html", {"person": person, "form": form}, status=400 if form.errors else 200
    )
