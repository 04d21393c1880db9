"""The first visit after a stay in hospital: what the patient's row carries once the stay has ended."""

from datetime import date

from accounts.queries.policy import policies
from followup.rules.classification import due_after_stay
from followup.rules.policy import CarePolicy
from registry.models import Patient


def visit_after_discharge(*, patient: Patient, admitted_on: date, discharged_on: date) -> None:
    """Make the first visit due. A visit made since the discharge has already said when the next one is.

    Source: 规范 (出院后两周内); decisions C23. Runs in the transaction of the discharge, the patient's row locked.
    """
    row = Patient.objects.get(pk=patient.pk)
    if row.closed_on is not None or (row.last_visit_on is not None and row.last_visit_on >= discharged_on):
        return
    policy = CarePolicy.of(policies(row.duty_county, discharged_on))
    due, reason = due_after_stay(row.next_due_on, row.due_reason, admitted_on, discharged_on, policy)
    if due != row.next_due_on:
        row.next_due_on, row.due_reason = due, reason
        row.save(update_fields=["next_due_on", "due_reason"])
