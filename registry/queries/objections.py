"""异议 of a person, and who among many has one that holds. Callers have passed the door, or work in a county's reach."""

from collections.abc import Iterable
from uuid import UUID

from registry.models import Objection, Patient


def objections_of(patient: Patient) -> list[Objection]:
    """The newest first."""
    return list(Objection.objects.filter(patient=patient).order_by("-made_on", "-pk"))


def is_disputed(patient: int) -> bool:
    return Objection.objects.filter(patient=patient, withdrawn_on=None).exists()


def disputed_among(patients: Iterable[int]) -> set[int]:
    """Keys of those whose objection holds now."""
    rows = Objection.objects.filter(patient__in=list(patients), withdrawn_on=None)
    return set(rows.values_list("patient", flat=True))


def disputed_people(people: Iterable[UUID]) -> set[UUID]:
    rows = Objection.objects.filter(patient__uuid__in=list(people), withdrawn_on=None)
    return set(rows.values_list("patient__uuid", flat=True))
