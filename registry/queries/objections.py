"""异议 of a person, and who among many has one that holds. Callers have passed the door, or work in a county's reach."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.doors import where
from accounts.models import User
from accounts.reach import reach_filter
from accounts.terms import Permission
from registry.models import Objection, Patient


def objections_of(patient: Patient) -> list[Objection]:
    """The newest first."""
    rows = Objection.objects.filter(patient=patient).select_related("closing_entered_by", "withdrawn_entered_by")
    return list(rows.order_by("-made_on", "-pk"))


def closings_waiting(user: User) -> QuerySet[Objection]:
    """Within the reach of whoever may confirm: proposed by somebody else, not confirmed yet."""
    rows = Objection.objects.filter(closing_at__isnull=False, withdrawn_on=None).exclude(closing_entered_by=user)
    return rows.filter(reach_filter(where(user, Permission.EDIT_PATIENT))).order_by("closing_at", "pk")


def is_disputed(patient: int) -> bool:
    return Objection.objects.filter(patient=patient, withdrawn_on=None).exists()


def disputed_among(patients: Iterable[int]) -> set[int]:
    """Keys of those whose objection holds now."""
    rows = Objection.objects.filter(patient__in=list(patients), withdrawn_on=None)
    return set(rows.values_list("patient", flat=True))


def disputed_people(people: Iterable[UUID]) -> set[UUID]:
    rows = Objection.objects.filter(patient__uuid__in=list(people), withdrawn_on=None)
    return set(rows.values_list("patient__uuid", flat=True))
