from registry.models.facts import Consent, Diagnosis, DutyPeriod, EconomicStatus, Guardian, PatientStatus
from registry.models.grant import PatientGrant
from registry.models.patient import Patient
from registry.models.place import CaseNumber, IdQuestion, Population

__all__ = [
    "CaseNumber",
    "Consent",
    "Diagnosis",
    "DutyPeriod",
    "EconomicStatus",
    "Guardian",
    "IdQuestion",
    "Patient",
    "PatientGrant",
    "PatientStatus",
    "Population",
]
