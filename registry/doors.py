"""The doors to patients. A record is fetched from an id only here."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.audit import saw
from accounts.doors import authorise, where
from accounts.reach import reach_filter, reach_of
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission
from registry.models import Patient, Scan
from registry.models.patient import PatientQuerySet

if TYPE_CHECKING:
    from accounts.models import User

BASIC = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT)


def access_patient(
    user: "User", uuid: UUID, permission: Permission, *, purpose: str, groups: Iterable[FieldGroup] = BASIC
) -> Patient:
    """The one way from an id to a patient; the look is logged with its field groups and purpose.

    Unknown and out of reach are one answer after one query. Raises: NotHere (404), Denied (403).
    """
    patient = Patient.objects.visible_to(user).select_related("village", "household_division").filter(uuid=uuid).first()
    if patient is None:
        raise NotHere
    authorise(user, permission, patient)
    saw([patient.uuid], groups, purpose)
    return patient


def access_scan(user: "User", uuid: UUID, *, purpose: str) -> Scan:
    """A kept paper, opened whole: it shows what pages mask, so it asks for the right to unmask.

    Raises: NotHere (404), Denied (403).
    """
    scan = Scan.objects.filter(reach_filter(reach_of(user))).select_related("patient").filter(uuid=uuid).first()
    if scan is None:
        raise NotHere
    authorise(user, Permission.REVEAL_IDENTITY, scan.patient)
    saw([scan.patient.uuid], (FieldGroup.FULL_IDENTITY, FieldGroup.CONSENT), purpose)
    return scan


def patients_for(user: "User", permission: Permission = Permission.VIEW_PATIENT) -> PatientQuerySet:
    """Patients in the reach of those assignments (and grants) whose role carries the permission.

    The caller says with `saw()` whom the answer shows.
    """
    return Patient.objects.filter(reach_filter(where(user, permission), patient=""))
