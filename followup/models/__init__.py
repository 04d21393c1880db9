from followup.models.attempt import Attempt
from followup.models.draft import Draft
from followup.models.incident import Emergency, EmergencyCheck, Incident
from followup.models.patient_year import PatientYear
from followup.models.plan import CaseTeam, Plan, PlanVersion
from followup.models.visit import Visit, VisitRoot
from followup.models.window import OffList, Window

__all__ = [
    "Attempt",
    "CaseTeam",
    "Draft",
    "Emergency",
    "EmergencyCheck",
    "Incident",
    "OffList",
    "PatientYear",
    "Plan",
    "PlanVersion",
    "Visit",
    "VisitRoot",
    "Window",
]
