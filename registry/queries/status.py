"""The newest dated status of a patient."""

from datetime import date

from registry.models import Patient, PatientStatus


def newest_status_start(patient: Patient) -> date | None:
    rows = PatientStatus.objects.filter(patient=patient).order_by("-starts_on")
    return rows.values_list("starts_on", flat=True).first()
