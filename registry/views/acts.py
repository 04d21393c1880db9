"""Moving a file, changing its status, ending it and taking the end back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.doors import requires
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission, Purpose
from registry.doors import access_patient
from registry.forms.acts import CloseForm, MoveForm, ReopenForm, StatusForm
from registry.models import Patient
from registry.queries.places import destinations, division_of
from registry.services.moves import move_patient
from registry.services.status import close_patient, reopen_patient, set_status
from registry.terms import CareStatus
from registry.views.who import me

Act = Callable[[Patient, dict[str, Any], User], None]


def _run(
    request: HttpRequest, person: Patient, form: forms.Form, template: str, act: Act, *, done: str, leaves: bool = False
) -> HttpResponse:
    """One page for the four acts: form, service, answer. `leaves`: afterwards the file may be out of reach."""
    if request.method == "POST" and form.is_valid():
        try:
            act(person, form.cleaned_data, me(request))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("registry:patients") if leaves else redirect("registry:patient", person.uuid)
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "number": f"{person.number:05d}"}
    return render(request, template, facts, status=400 if form.errors else 200)


@requires(Permission.CORRECT_DUTY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The county office's correction; between townships a transfer is proposed and accepted."""
    person = access_patient(me(request), uuid, Permission.CORRECT_DUTY, purpose=Purpose.REGISTER)
    form = MoveForm(request.POST or None, places=destinations(person), initial={"on": timezone.localdate().isoformat()})

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        place = division_of(said["to"])
        move_patient(
            patient=patient, on=said["on"], to_township=place, by=by, reason=said["reason"] or "",
            address=said["address"] or "",
        )  # fmt: skip

    done = "管辖已更正。现在的乡镇（街道）可以看到全部记录。"
    return _run(request, person, form, "registry/patient_move.html", act, done=done, leaves=True)


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER)
    form = StatusForm(request.POST or None, initial={"on": timezone.localdate().isoformat()})

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        set_status(patient=patient, value=said["value"], on=said["on"], by=by, reason=said["reason"] or "")

    return _run(request, person, form, "registry/patient_status.html", act, done="状态已更改。")


@requires(Permission.CLOSE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.CLOSE_PATIENT, purpose=Purpose.REGISTER)
    form = CloseForm(request.POST or None)

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        cause = said["death_cause"] or "" if said["value"] == CareStatus.DEAD else ""
        close_patient(
            patient=patient, value=said["value"], on=said["on"], by=by, reason=said["reason"] or "", death_cause=cause
        )

    return _run(request, person, form, "registry/patient_close.html", act, done="已结案。记录都会保留。")


@requires(Permission.CLOSE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.CLOSE_PATIENT, purpose=Purpose.REGISTER)
    form = ReopenForm(request.POST or None)

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        reopen_patient(patient=patient, on=said["on"], by=by, reason=said["reason"] or "")

    return _run(request, person, form, "registry/patient_reopen.html", act, done="档案已恢复。")
