from followup.models.attempt import Attempt
from followup.models.colour import ColourChange, ColourFall, ColourTable, PatientColour
from followup.models.draft import Draft
from followup.models.incident import Emergency, EmergencyCheck, Incident
from followup.models.medicine import Checkup, Dispensing, Injection, Medicine, MedicineClosing, Prescription
from followup.models.patient_year import PatientYear
from followup.models.plan import CaseTeam, Plan, PlanVersion
from followup.models.visit import Visit, VisitRoot
from followup.models.window import OffList, Window

__all__ = [
    "Attempt",
    "CaseTeam",
    "Checkup",
    "ColourChange",
    "ColourFall",
    "ColourTable",
    "Dispensing",
    "Draft",
    "Emergency",
    "EmergencyCheck",
    "Incident",
    "Injection",
    "Medicine",
    "MedicineClosing",
    "OffList",
    "PatientColour",
    "PatientYear",
    "Plan",
    "PlanVersion",
    "Prescription",
    "Visit",
    "VisitRoot",
    "Window",
]
