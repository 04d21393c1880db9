from followup.models.attempt import Attempt
from followup.models.draft import Draft
from followup.models.patient_year import PatientYear
from followup.models.visit import Visit, VisitRoot

__all__ = ["Attempt", "Draft", "PatientYear", "Visit", "VisitRoot"]
