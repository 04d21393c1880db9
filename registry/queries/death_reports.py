"""Reported deaths that nobody has looked into: while there is one, nothing is paid for the person."""

from collections.abc import Iterable

from accounts.prepared import Prepared
from registry.models import DeathReport, Patient

_OPEN = Prepared(
    lambda key: DeathReport.objects.filter(patient=key, settled_at=None).select_related("agency").order_by("pk")[:1], -1
)


def open_report(patient: Patient) -> DeathReport | None:
    return next(iter(_OPEN(patient.pk)), None)


def payments_held(patients: Iterable[int]) -> frozenset[int]:
    """Of these patients (keys), for whom nothing may be paid now. Source: issue 4, Build 6."""
    rows = DeathReport.objects.filter(patient__in=patients, settled_at=None)
    return frozenset(rows.values_list("patient_id", flat=True))
