from registry.models.admission import Admission
from registry.models.card import DischargeNotice, ReportCard
from registry.models.clue import Clue, OwnClue
from registry.models.facts import Consent, Diagnosis, DutyPeriod, EconomicStatus, Guardian, PatientStatus
from registry.models.grant import PatientGrant
from registry.models.notice import Notice
from registry.models.patient import Patient
from registry.models.place import CaseNumber, IdQuestion, Population
from registry.models.scan import Scan

__all__ = [
    "Admission",
    "CaseNumber",
    "Clue",
    "Consent",
    "Diagnosis",
    "DischargeNotice",
    "DutyPeriod",
    "EconomicStatus",
    "Guardian",
    "IdQuestion",
    "Notice",
    "OwnClue",
    "Patient",
    "PatientGrant",
    "PatientStatus",
    "Population",
    "ReportCard",
    "Scan",
]
