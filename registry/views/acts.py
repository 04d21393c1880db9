"""Moving a file, changing its status, ending it and taking the end back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.carrying import carried_out
from accounts.doors import requires
from accounts.models import User
from accounts.terms import Permission, Purpose
from registry.doors import access_patient
from registry.forms.acts import CloseForm, CorrectStatusForm, ExpectedEndForm, MoveForm, ReopenForm, StatusForm
from registry.models import Patient
from registry.queries.doubts import closing_doubts
from registry.queries.loss import LOSS_GROUPS, loss_paper
from registry.queries.places import destinations, division_of
from registry.queries.status_now import expected_end
from registry.rules.status_details import EFFECTS
from registry.services.expected_ends import extend_expected_end
from registry.services.moves import move_patient
from registry.services.scans import keep_scan
from registry.services.status import close_patient, correct_status, reopen_patient, set_status
from registry.terms import ENDING, CareStatus, ScanKind
from registry.views.who import me

Act = Callable[[Patient, dict[str, Any], User], None]


def _run(
    request: HttpRequest, person: Patient, form: forms.Form, template: str, act: Act, *, done: str,
    leaves: bool = False, facts: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """One page for the four acts: form, service, answer. `leaves`: afterwards the file may be out of reach."""
    if carried_out(request, form, lambda: act(person, form.cleaned_data, me(request)), done):
        return redirect("registry:patients") if leaves else redirect("registry:patient", person.uuid)
    about = {"form": form, "uuid": person.uuid, "name": person.name, "number": f"{person.number:05d}"}
    return render(request, template, about | (facts or {}), status=400 if form.errors else 200)


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
    form = StatusForm(request.POST or None, request.FILES or None, initial={"on": timezone.localdate().isoformat()})

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        kept = keep_scan(patient=patient, upload=said["scan"], kind=ScanKind.STATUS, by=by) if said["scan"] else None
        set_status(
            patient=patient, value=said["value"], on=said["on"], by=by, reason=said["reason"] or "",
            evidence=said["evidence"] or "", details=form.details(), scan=kept,
        )  # fmt: skip

    effects = [(status.label, words) for status, words in EFFECTS.items() if status not in ENDING]
    is_open = person.status != CareStatus.MANAGED and person.status not in ENDING
    facts = {"effects": effects, "now": CareStatus(person.status).label, "open_ended": is_open}
    return _run(request, person, form, "registry/patient_status.html", act, done="状态已更改。", facts=facts)


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status_correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A mistaken change is corrected by a dated word, never deleted."""
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER)
    form = CorrectStatusForm(request.POST or None)

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        correct_status(patient=patient, by=by, reason=said["reason"] or "")

    facts = {"now": CareStatus(person.status).label}
    return _run(
        request,
        person,
        form,
        "registry/status_correct.html",
        act,
        done="已更正。原来的登记留在变更记录里。",
        facts=facts,
    )


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status_until(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A stay or journey lasts longer than was expected."""
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER)
    form = ExpectedEndForm(request.POST or None)

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        extend_expected_end(patient=patient, until=said["until"], because=said["because"], by=by)

    facts = {"now": CareStatus(person.status).label, "until": expected_end(person)}
    done = "预计结束日期已更改，到期再提醒。"
    return _run(request, person, form, "registry/status_until.html", act, done=done, facts=facts)


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD"])
def loss_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """失访（死亡）患者登记表, filled with what is on file; what is found out later is written by hand."""
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER, groups=LOSS_GROUPS)
    return render(request, "registry/loss_print.html", {"paper": loss_paper(person), "uuid": person.uuid})


@requires(Permission.CLOSE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.CLOSE_PATIENT, purpose=Purpose.REGISTER)
    form = CloseForm(request.POST or None)
    asked = _asked_first(request, person, form)
    if asked is not None:
        return asked

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        cause = said["death_cause"] or "" if said["value"] == CareStatus.DEAD else ""
        close_patient(
            patient=patient, value=said["value"], on=said["on"], by=by, reason=said["reason"] or "", death_cause=cause
        )

    return _run(request, person, form, "registry/patient_close.html", act, done="已结案。记录都会保留。")


def _asked_first(request: HttpRequest, person: Patient, form: CloseForm) -> HttpResponse | None:
    """The question before a file ends on a day after which somebody was met; who has answered it for this day goes on."""
    if request.method != "POST" or not form.is_valid():
        return None
    on = form.cleaned_data["on"]
    if request.POST.get("sure") == on.isoformat() or not (doubts := closing_doubts(person, on)):
        return None
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "number": f"{person.number:05d}"}
    label = CareStatus(form.cleaned_data["value"]).label
    return render(
        request, "registry/patient_close.html", facts | {"doubts": doubts, "on": on, "what": label}, status=409
    )


@requires(Permission.CLOSE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.CLOSE_PATIENT, purpose=Purpose.REGISTER)
    form = ReopenForm(request.POST or None)

    def act(patient: Patient, said: dict[str, Any], by: User) -> None:
        reopen_patient(patient=patient, on=said["on"], by=by, reason=said["reason"] or "")

    return _run(request, person, form, "registry/patient_reopen.html", act, done="档案已恢复。")
