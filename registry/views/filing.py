"""Opening and changing a file."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit import saw
from accounts.doors import requires, where
from accounts.refusals import Conflict, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient, patients_for
from registry.forms.patient import PatientEditForm, PatientForm, initial_of
from registry.queries.person import facts_of
from registry.queries.places import homes_in
from registry.rules.likeness import ALMOST_SURE
from registry.rules.person import LABELS
from registry.services.changes import change_patient, changed_labels
from registry.services.refusals import FactsRefused
from registry.services.registration import register_patient
from registry.views.duplicates import candidates_of
from registry.views.who import me

EDITED = (FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.CONSENT)


def add_refusal(form: PatientForm, refusal: Refused) -> None:
    """A service's words stand beside the field they speak of."""
    if isinstance(refusal, FactsRefused):
        for problem in refusal.problems:
            _beside(form, problem.field, problem.message)
    else:
        _beside(form, refusal.field, refusal.message)


def _beside(form: PatientForm, field: str, message: str) -> None:
    if field in form.fields:
        form.add_error(field, message)
    else:
        form.add_error(None, f"{LABELS.get(field, '')}{message}")


@requires(Permission.REGISTER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_new(request: HttpRequest) -> HttpResponse:
    places = homes_in(where(me(request), Permission.REGISTER_PATIENT))
    first = {"opened_on": timezone.localdate().isoformat()}
    form = PatientForm(request.POST or None, places=places, initial=first)
    alike = candidates_of(request) if request.method == "POST" else {}
    if request.method == "POST" and form.is_valid() and not _asks_once_more(form, alike):
        try:
            person = register_patient(facts=form.facts(), by=me(request))
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            saw([person.uuid], EDITED, Purpose.REGISTER)
            messages.success(request, f"已为 {person.name} 建档，内部编号 {person.number:05d}。")
            return redirect(person)
    return render(request, "registry/patient_new.html", {"form": form, **alike}, status=400 if form.errors else 200)


def _asks_once_more(form: PatientForm, alike: dict[str, Any]) -> bool:
    """A second file for somebody who is almost surely on file needs a word (design features A)."""
    sure = alike.get("best", 0) >= ALMOST_SURE and not alike["same_number"]
    if not sure or form.cleaned_data.get("not_same"):
        return False
    alike["must_confirm"] = True
    form.add_error("not_same", "和已建档的人很像。请打开上面列出的档案核对，确实不是同一个人再勾选。")
    return True


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER)
    saw([person.uuid], EDITED, Purpose.REGISTER)
    places = homes_in(where(me(request), Permission.EDIT_PATIENT))
    form = PatientEditForm(
        request.POST or None, places=places, has_number=person.id_index is not None,
        initial=initial_of(facts_of([person])[person.pk], person.version),
    )  # fmt: skip
    facts = {"form": form, "uuid": person.uuid, "name": person.name}
    if request.method == "POST" and form.is_valid():
        try:
            changes = change_patient(
                patient=person, said=form.facts(), by=me(request), version=form.cleaned_data["version"],
                clearable=form.clearable,
            )  # fmt: skip
        except Conflict as conflict:
            return _conflict(request, form, conflict, facts)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"已保存：{changed_labels(changes)}。" if changes else "没有改动。")
            return (
                redirect("registry:patient", person.uuid)
                if _still_here(request, uuid)
                else redirect("registry:patients")
            )
    return render(request, "registry/patient_edit.html", facts, status=400 if form.errors else 200)


def _still_here(request: HttpRequest, uuid: UUID) -> bool:
    """A new address in another township has moved the file away."""
    return patients_for(me(request)).filter(uuid=uuid).exists()


def _conflict(
    request: HttpRequest, form: PatientEditForm, conflict: Conflict, facts: Mapping[str, object]
) -> HttpResponse:
    """409 with both texts; the form keeps what was typed and now carries the newer version."""
    theirs, mine = dict(conflict.theirs or {}), dict(conflict.mine or {})  # type: ignore[call-overload]
    form.data = {**form.data.dict(), "version": theirs.pop("version")}  # type: ignore[attr-defined]
    rows = [
        {
            "label": LABELS[name],
            "theirs": theirs.get(name),
            "mine": mine[name],
            "differs": theirs.get(name) != mine[name],
        }
        for name in mine
    ]
    return render(
        request, "registry/patient_edit.html", {**facts, "form": form, "conflict": [r for r in rows if r["differs"]]},
        status=409,
    )  # fmt: skip
