"""Where a patient lives, from when to when; people without an identity number; what the nightly check found."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import can, requires
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient, patients_for
from registry.forms.places import AddressForm, IdentityForm
from registry.models import Patient
from registry.queries.addresses import addresses_of
from registry.queries.duty import breaches_for, last_checks
from registry.queries.head import patient_head
from registry.queries.no_id import identity_state, no_id_page, steps_of
from registry.queries.places import address_places, division_of
from registry.rules.no_id import IDENTITY
from registry.services.addresses import record_address
from registry.services.no_id import step_identity
from registry.views import cards
from registry.views.who import me

ADDRESS_GROUPS = (FieldGroup.FULL_IDENTITY,)


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_safe
def patient_addresses(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Both addresses and the duty that follows from the first, with dates."""
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER, groups=ADDRESS_GROUPS)
    facts = {
        "head": patient_head(person, me(request), timezone.localdate()), "tab": "overview",
        "shown": addresses_of(person),
    }  # fmt: skip
    return render(request, "registry/patient_addresses.html", facts)


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER, groups=ADDRESS_GROUPS)
    begin = {"on": timezone.localdate().isoformat()}
    form = AddressForm(request.POST or None, places=address_places(person), initial=begin)

    def act() -> None:
        said = form.cleaned_data
        place = division_of(said["division"]) if said["division"] else None
        record_address(
            patient=person,
            kind=said["kind"],
            on=said["on"],
            division=place,
            detail=said["detail"] or "",
            by=me(request),
        )

    if carried_out(request, form, act, "新的住址已登记，以前的住址都保留。"):
        return redirect("registry:patient_addresses", person.uuid)
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "number": f"{person.number:05d}"}
    return render(request, "registry/address_new.html", facts, status=400 if form.errors else 200)


@requires(Permission.REGISTER_PATIENT)
@never_cache
@require_safe
def no_id(request: HttpRequest) -> HttpResponse:
    """Everybody of the reach without an identity number, with how far the confirmation is."""
    found = no_id_page(patients_for(me(request)))
    saw((one.patient.uuid for one in found.people), (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY), Purpose.LIST)
    today = timezone.localdate()
    rows = [(one, cards.about(one.patient, today)) for one in found.people]
    return render(request, "registry/no_id_list.html", {"page": found, "rows": rows})


@requires(Permission.REGISTER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person without papers: what was done, and the next step for who may take it."""
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER, groups=ADDRESS_GROUPS)
    form = IdentityForm(request.POST or None)

    def act() -> None:
        step_identity(
            patient=person, to=form.cleaned_data["to"], words=form.cleaned_data["words"] or "", by=me(request)
        )

    if carried_out(request, form, act, "已记下。"):
        return redirect("registry:no_id")
    facts = {"person": person, "about": cards.about(person, timezone.localdate()), "form": form} | _steps(
        request, person
    )
    return render(request, "registry/identity.html", facts, status=400 if form.errors else 200)


def _steps(request: HttpRequest, person: Patient) -> dict[str, object]:
    now = identity_state(person)
    ways = [
        step for step in IDENTITY.from_state(now) if step.who is not None and can(me(request), step.who, person)
    ]  # fmt: skip
    open_file = person.id_index is None and person.closed_on is None
    return {"state": now.label, "ways": ways if open_file else [], "steps": steps_of(person), "known": not open_file}


@requires(Permission.CORRECT_DUTY)
@never_cache
@require_safe
def duty_breaches(request: HttpRequest) -> HttpResponse:
    """Files without exactly one township of duty, as they are now, and what the last nights found."""
    found = breaches_for(me(request), timezone.localdate())
    saw((one.uuid for one in found), (FieldGroup.MANAGEMENT,), Purpose.QUALITY)
    facts = {"found": found, "checks": last_checks(me(request))}
    return render(request, "registry/duty_breaches.html", facts)
