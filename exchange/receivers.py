"""What exchange hears from the floors below, always inside the transaction of the act."""

from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import User
from followup.models import Incident, Visit
from followup.signals import incident_recorded, risk_assessed
from registry.models import Patient
from registry.signals import patient_closed, patient_moved


def on_risk_assessed(
    sender: Any, *, visit: Visit, previous_level: int | None, by: User, corrected: bool = False, **kwargs: Any
) -> UUID | None:
    from exchange.services.assessing import assess

    return assess(visit=visit, previous_level=previous_level, by=by, corrected=corrected)


def on_patient_moved(sender: Any, *, patient: Patient, on: date, by: User, **kwargs: Any) -> None:
    from exchange.services.following import follow_move

    follow_move(patient=patient, on=on, by=by)


def on_patient_closed(
    sender: Any, *, patient: Patient, on: date, by: User, reopened: bool = False, **kwargs: Any
) -> None:
    from exchange.services.following import end_cases, resume_cases

    if reopened:
        resume_cases(patient=patient, on=on, by=by)
    else:
        end_cases(patient=patient, on=on, by=by)


def on_incident_recorded(
    sender: Any, *, incident: Incident, patient: Patient, by: User, over: bool = False, **kwargs: Any
) -> None:
    from exchange.services.incidents import end_incident, tell_incident

    if over:
        end_incident(incident=incident, patient=patient, by=by)
    else:
        tell_incident(incident=incident, patient=patient, by=by)


def connect() -> None:
    """Once, at start-up. A receiver that raises undoes the act: a visit without its alert is never saved."""
    risk_assessed.connect(on_risk_assessed, dispatch_uid="exchange.risk_assessed")
    incident_recorded.connect(on_incident_recorded, dispatch_uid="exchange.incident_recorded")
    patient_moved.connect(on_patient_moved, dispatch_uid="exchange.patient_moved")
    patient_closed.connect(on_patient_closed, dispatch_uid="exchange.patient_closed")
