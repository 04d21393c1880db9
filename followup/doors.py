"""The door to one follow-up record: through its patient, so that a stranger meets the same wall."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from accounts.audit import saw
from accounts.doors import authorise
from accounts.models import User
from accounts.reach import in_reach
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission
from followup.models import (
    Attempt,
    Checkup,
    Dispensing,
    Emergency,
    Incident,
    Injection,
    Plan,
    Prescription,
    Visit,
    VisitRoot,
)
from followup.queries.about import CLUE
from registry.models import Clue, Patient
from registry.queries.clues import clues_for

GROUPS = (
    FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.MEDICINE,
    FieldGroup.INCIDENT,
)  # fmt: skip


def access_visit(
    user: User, uuid: UUID, permission: Permission, *, purpose: str, groups: Iterable[FieldGroup] = GROUPS
) -> Visit:
    """The current version of a record in reach. Raises: NotHere (unknown or not yours), Denied (no right)."""
    visit = (
        Visit.objects.visible_to(user)
        .current()
        .filter(root__uuid=uuid)
        .select_related("patient", "patient__village", "root", "entered_by")
        .first()
    )
    if visit is None:
        raise NotHere
    authorise(user, permission, visit.patient)
    saw([visit.patient.uuid], groups, purpose)
    return visit


def patient_of_form(user: User, uuid: UUID, root: str) -> tuple[Patient, int | None]:
    """The patient whose form is being filled in, and the record it corrects. Nothing of the file is shown, so the look
    is not logged: the form itself was. Raises: NotHere, Denied."""
    patient = Patient.objects.visible_to(user).filter(uuid=uuid).first()
    if patient is None:
        raise NotHere
    authorise(user, Permission.RECORD_VISIT, patient)
    try:
        found = VisitRoot.objects.filter(uuid=UUID(root), patient=patient).values_list("pk", flat=True).first()
    except ValueError:
        found = None
    return patient, found


def access_attempt(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Attempt:
    """A try in reach. Raises: NotHere, Denied."""
    found = Attempt.objects.visible_to(user).filter(uuid=uuid).select_related("patient__village", "entered_by").first()
    if found is None:
        raise NotHere
    authorise(user, permission, found.patient)
    saw([found.patient.uuid], (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT), purpose)
    return found


def versions_of(user: User, root: VisitRoot) -> list[Visit]:
    """Every version of a record that `access_visit` opened, newest first."""
    return list(Visit.objects.visible_to(user).filter(root=root).select_related("entered_by").order_by("-version"))


CARE_GROUPS = (*GROUPS, FieldGroup.GUARDIAN)


def _look(user: User, subject: Patient | Clue, permission: Permission, purpose: str) -> None:
    """Of somebody without a file the right to handle clues is asked as well. Raises: Denied."""
    authorise(user, permission, subject)
    if isinstance(subject, Clue):
        authorise(user, Permission.HANDLE_CLUE, subject)
    saw([subject.uuid], CARE_GROUPS, purpose)


def access_clue(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Clue:
    """A clue in reach, for the records that hang on it. Raises: NotHere, Denied."""
    found = clues_for(user).filter(uuid=uuid).first()
    if found is None:
        raise NotHere
    _look(user, found, permission, purpose)
    return found


def access_incident(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Incident:
    """An incident in reach. Raises: NotHere (unknown or not yours), Denied (no right)."""
    found = Incident.objects.visible_to(user).filter(uuid=uuid)
    row = found.select_related("patient__village", *CLUE, "entered_by", "confirmed_by", "ended_by").first()
    if row is None:
        raise NotHere
    _look(user, row.subject, permission, purpose)
    return row


def access_emergency(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Emergency:
    """An emergency record in reach. Raises: NotHere, Denied."""
    found = Emergency.objects.visible_to(user).filter(uuid=uuid)
    row = found.select_related("patient__village", *CLUE, "incident", "opened_by", "settled_by").first()
    if row is None:
        raise NotHere
    _look(user, row.subject, permission, purpose)
    return row


def access_plan(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Plan:
    """A plan in reach. Raises: NotHere, Denied."""
    row = Plan.objects.visible_to(user).filter(uuid=uuid).select_related("patient__village", "opened_by").first()
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], CARE_GROUPS, purpose)
    return row


MEDICINE_GROUPS = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.CLINICAL, FieldGroup.MEDICINE)
STRUCK: dict[str, type[Injection] | type[Dispensing] | type[Checkup]] = {
    "injection": Injection, "dispensing": Dispensing, "checkup": Checkup,
}  # fmt: skip


def access_prescription(user: User, uuid: UUID, permission: Permission, *, purpose: str) -> Prescription:
    """A prescription in reach. Raises: NotHere, Denied."""
    found = Prescription.objects.visible_to(user).filter(uuid=uuid)
    row = found.select_related("patient__village", "entered_by").first()
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], MEDICINE_GROUPS, purpose)
    return row


def access_done(
    user: User, kind: str, uuid: UUID, permission: Permission, *, purpose: str
) -> Injection | Dispensing | Checkup:
    """An injection, a hand-out or an examination in reach. Raises: NotHere, Denied."""
    model = STRUCK.get(kind)
    row: Any = None
    if model is not None:
        found = model._default_manager.filter(in_reach(user), uuid=uuid)
        row = found.select_related("patient__village", "entered_by").first()
    if row is None:
        raise NotHere
    authorise(user, permission, row.patient)
    saw([row.patient.uuid], MEDICINE_GROUPS, purpose)
    return cast("Injection | Dispensing | Checkup", row)
