"""What follow-up tells the floors above, inside the transaction of the act (design decisions, E).

risk_assessed     visit, previous_level (int or None), by, corrected (bool); a receiver may return the alert's UUID
incident_recorded incident, patient, by, over (bool): a confirmed incident, or (over) one that was closed or taken back
patient_lost      patient, visit, on, reason (LostReason), by
"""

from django.dispatch import Signal

risk_assessed = Signal()
incident_recorded = Signal()
patient_lost = Signal()
