"""目前正在住院 as the last record said, until a discharge or a later status says otherwise."""

from registry.models import Admission, Patient, PatientStatus
from registry.terms import CareStatus

IN_HOSPITAL = """({patient}.last_in_hospital AND NOT EXISTS (SELECT 1 FROM registry_admission stay
  WHERE stay.patient_id = {patient}.id AND stay.discharged_on >= {patient}.last_visit_on)
AND NOT EXISTS (SELECT 1 FROM registry_patientstatus since WHERE since.patient_id = {patient}.id
  AND since.starts_on > {patient}.last_visit_on AND since.value <> 'admitted'))"""


def in_hospital_sql(patient: str) -> str:
    """A condition on the patient's row under this name: the last record's tick, and nobody has left since."""
    return IN_HOSPITAL.format(patient=patient)


def is_in_hospital(patient: Patient) -> bool:
    """The same of one row; no query for whoever was at home at the last record."""
    if not patient.last_in_hospital or patient.last_visit_on is None:
        return False
    left = Admission.objects.filter(patient=patient, discharged_on__gte=patient.last_visit_on)
    since = PatientStatus.objects.filter(patient=patient, starts_on__gt=patient.last_visit_on)
    return not (left.exists() or since.exclude(value=CareStatus.ADMITTED).exists())
