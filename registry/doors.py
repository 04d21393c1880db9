"""The doors to patients. A record is fetched from an id only here."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.audit import saw
from accounts.doors import authorise, where
from accounts.prepared import Prepared
from accounts.reach import Reach, reach_filter, reach_of
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
    patient = _within(reach_of(user), uuid)
    if patient is None:
        raise NotHere
    authorise(user, permission, patient)
    saw([patient.uuid], groups, purpose)
    return patient


def _within(reach: Reach, uuid: UUID) -> Patient | None:
    """Every page about a person begins here, so the statement is built once for all reaches of one shape."""
    kinds = (reach.townships, reach.counties, reach.villages, reach.village_townships, reach.patients)
    if not any(kinds):
        return None
    found = _one_within(*(len(keys) for keys in kinds))(uuid, *(key for keys in kinds for key in keys))
    return next(iter(found), None)


@lru_cache(maxsize=128)
def _one_within(*sizes: int) -> Prepared[Patient]:
    """The patient of a number, if it lies in a reach with so many townships, counties, villages and patients."""

    def make(uuid: UUID, *keys: int) -> PatientQuerySet:
        rest = iter(keys)
        reach = Reach(*(frozenset(islice(rest, size)) for size in sizes))
        rows = Patient.objects.filter(reach_filter(reach, patient=""), uuid=uuid)
        return rows.select_related("village", "household_division")

    return Prepared(make, UUID(int=0), *range(-1, -1 - sum(sizes), -1))


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
    return _patients_in(where(user, permission)).all()


@lru_cache(maxsize=256)
def _patients_in(reach: Reach) -> PatientQuerySet:
    """Built once a reach and never asked itself: every caller gets a copy."""
    return Patient.objects.filter(reach_filter(reach, patient=""))
