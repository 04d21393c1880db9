"""目前正在住院 as the last record said, until a discharge or a later status says otherwise."""

from django.db.models import Exists, OuterRef, Q

from registry.models import Admission, Patient, PatientStatus
from registry.terms import CareStatus

INSIDE = (CareStatus.ADMITTED, CareStatus.DETAINED)  # where somebody else gives the medicine

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


def inside_q() -> Q:
    """Rows (with a `patient`) of people who are in hospital or held: their status, or the last record's tick."""
    mine = {"patient": OuterRef("patient")}
    left = Admission.objects.filter(**mine, discharged_on__gte=OuterRef("patient__last_visit_on"))
    since = PatientStatus.objects.filter(**mine, starts_on__gt=OuterRef("patient__last_visit_on"))
    ticked = Q(patient__last_in_hospital=True) & ~Exists(left) & ~Exists(since.exclude(value=CareStatus.ADMITTED))
    return Q(patient__status__in=INSIDE) | ticked


def inside_words(patient: Patient) -> str:
    """Where the person is, when in hospital or held; "" for who is at home."""
    if patient.status == CareStatus.DETAINED:
        return "羁押或强制医疗"
    return "住院" if patient.status == CareStatus.ADMITTED or is_in_hospital(patient) else ""
