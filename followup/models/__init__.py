from followup.models.attempt import Attempt
from followup.models.patient_year import PatientYear
from followup.models.visit import Visit, VisitRoot

__all__ = ["Attempt", "PatientYear", "Visit", "VisitRoot"]
