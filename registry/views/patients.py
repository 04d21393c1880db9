"""One patient's pages: overview, changes, who has looked; and the numbers shown on demand."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.forms.acts import REVEALED, RevealForm
from registry.queries.duplicates import merged_into
from registry.queries.head import patient_head, with_papers
from registry.queries.history import changes_of
from registry.queries.overview import known_of, overview
from registry.queries.papers import papers_of
from registry.queries.status_now import status_now
from registry.queries.trail import looks_at
from registry.services.reveal import reveal as reveal_number
from registry.views.who import me

OVERVIEW = (
    FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.ASSISTANCE, FieldGroup.DISABILITY,
    FieldGroup.MANAGEMENT,
)  # fmt: skip


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_safe
def patient(request: HttpRequest, uuid: UUID) -> HttpResponse:
    try:
        person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER)
    except NotHere:
        if (kept := merged_into(me(request), uuid)) is None:
            raise
        return redirect("registry:patient", kept)
    today = timezone.localdate()
    head = patient_head(person, me(request), today)
    saw([person.uuid], OVERVIEW, Purpose.REGISTER)
    known = known_of(person, head.guardian, head.consent)
    states = papers_of(person, today, known)
    facts = {
        "head": with_papers(head, states),
        "tab": "overview",
        "shown": overview(person, known, states, today),
        "status": status_now(person),
        "looks": looks_at(person.uuid, 3) if head.rights.trail else [],
    }
    return render(request, "registry/patient_detail.html", facts)


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_safe
def history(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER)
    head = patient_head(person, me(request), timezone.localdate())
    saw([person.uuid], OVERVIEW, Purpose.REGISTER)
    facts = {
        "head": head,
        "tab": "history",
        "changes": changes_of(person, assistance=can(me(request), Permission.VIEW_ASSISTANCE, person)),
    }
    return render(request, "registry/patient_history.html", facts)


@requires(Permission.VIEW_PATIENT_TRAIL)
@never_cache
@require_safe
def access(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(
        me(request), uuid, Permission.VIEW_PATIENT_TRAIL, purpose=Purpose.AUDIT, groups=[FieldGroup.TRAIL]
    )
    head = patient_head(person, me(request), timezone.localdate())
    facts = {"head": head, "tab": "access", "looks": looks_at(person.uuid)}
    return render(request, "registry/patient_access.html", facts)


@requires(Permission.REVEAL_IDENTITY)
@never_cache
@require_POST
def reveal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The number itself never stands in a page's source: it comes for one purpose, once, and is logged."""
    form = RevealForm(request.POST)
    purpose = form["purpose"].value() if form.is_valid() else Purpose.OTHER
    person = access_patient(me(request), uuid, Permission.REVEAL_IDENTITY, purpose=str(purpose), groups=[])
    facts = {"uuid": person.uuid, "what": "", "value": "", "is_phone": False}
    if form.is_valid():
        what = form.cleaned_data["what"]
        value = reveal_number(patient=person, what=what, purpose=form.cleaned_data["purpose"], by=me(request))
        facts |= {"what": dict(REVEALED)[what], "value": value, "is_phone": what != "id_number"}
    part = request.headers.get("HX-Request") == "true"
    name = "registry/_patient_number.html" if part else "registry/patient_number.html"
    return render(request, name, facts, status=200 if form.is_valid() else 400)
