"""Who agrees that a kind of office is told. Callers have passed the door, or work in a county's reach."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from registry.models import Patient, SharingConsent


def sharing_of(patient: Patient) -> list[SharingConsent]:
    """Every record, the newest first; `is_past` marks those that a newer one has followed."""
    rows = list(SharingConsent.objects.filter(patient=patient).order_by("-starts_on", "agency_kind"))
    seen = set[str]()
    for row in rows:
        row.is_past = row.agency_kind in seen
        seen.add(row.agency_kind)
    return rows


def agrees(patient: Patient, kind: str, on: date) -> bool:
    """Whether the newest record of that day says yes; nobody asked is no."""
    return patient.uuid in agreed_among([patient.uuid], kind, on)


def agreed_among(people: Iterable[UUID], kind: str, on: date) -> set[UUID]:
    """Those of these people who agree on that day that this kind of office is told of them."""
    rows = SharingConsent.objects.filter(patient__uuid__in=list(people), agency_kind=kind, starts_on__lte=on)
    newest = rows.order_by("patient", "-starts_on").distinct("patient")
    return {uuid for uuid, agreed in newest.values_list("patient__uuid", "agreed") if agreed}
