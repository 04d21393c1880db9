"""Reported deaths that nobody has looked into: while there is one, nothing is paid for the person."""

from collections.abc import Iterable

from registry.models import DeathReport, Patient


def open_report(patient: Patient) -> DeathReport | None:
    return DeathReport.objects.filter(patient=patient, settled_at=None).select_related("agency").first()


def payments_held(patients: Iterable[int]) -> frozenset[int]:
    """Of these patients (keys), for whom nothing may be paid now. Source: issue 4, Build 6."""
    rows = DeathReport.objects.filter(patient__in=patients, settled_at=None)
    return frozenset(rows.values_list("patient_id", flat=True))
