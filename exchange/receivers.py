"""What exchange hears from the floors below, always inside the transaction of the act."""

from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import User
from followup.models import Incident, Visit
from followup.signals import incident_recorded, patient_lost, risk_assessed
from registry.models import Patient, SharingConsent
from registry.signals import admission_changed, consent_changed, patient_closed, patient_moved, whereabouts_changed
from registry.terms import ABSENT, CareStatus


def on_risk_assessed(
    sender: Any, *, visit: Visit, previous_level: int | None, by: User, corrected: bool = False, **kwargs: Any
) -> UUID | None:
    from exchange.services.assessing import assess
    from exchange.services.person_notice_ends import hear_assessment

    alert = assess(visit=visit, previous_level=previous_level, by=by, corrected=corrected)
    hear_assessment(visit, previous_level, alert, by=by)
    return alert


def on_patient_moved(sender: Any, *, patient: Patient, on: date, by: User, **kwargs: Any) -> None:
    from exchange.services.following import follow_move, move_differences
    from exchange.services.joint import end_joints
    from exchange.services.person_notice_ends import hear_move

    move_differences(patient)
    follow_move(patient=patient, on=on, by=by)
    hear_move(patient, by=by)
    end_joints(patient, "患者已由其他乡镇管理", by=by)


def on_patient_closed(
    sender: Any, *, patient: Patient, on: date, value: str, by: User, reopened: bool = False, **kwargs: Any
) -> None:
    from exchange.services.following import end_cases, resume_cases
    from exchange.services.joint import end_joints
    from exchange.services.person_notice_ends import hear_closing

    if reopened:
        resume_cases(patient=patient, on=on, by=by)
    else:
        end_cases(patient=patient, on=on, by=by)
        hear_closing(patient, value, on=on, by=by)
        end_joints(patient, "档案已结案", by=by)


def on_incident_recorded(
    sender: Any, *, incident: Incident, patient: Patient, by: User, over: bool = False, **kwargs: Any
) -> None:
    from exchange.services.incidents import end_incident, tell_incident

    if over:
        end_incident(incident=incident, patient=patient, by=by)
    else:
        tell_incident(incident=incident, patient=patient, by=by)


def on_whereabouts_changed(
    sender: Any, *, patient: Patient, on: date, was: str, value: str, by: User, mistaken: bool = False, **kwargs: Any
) -> None:
    """A search is over before another absence begins; somebody away who is lost now was never back."""
    from exchange.services.absence import end_absence, tell_absence
    from exchange.services.person_notice_ends import hear_whereabouts

    hear_whereabouts(patient, value, on=on, by=by)
    if value not in ABSENT or was == CareStatus.LOST:
        end_absence(patient=patient, on=on, by=by, mistaken=mistaken)
    if value in ABSENT:
        tell_absence(patient=patient, status=value, on=on, by=by)


def on_patient_lost(sender: Any, *, patient: Patient, on: date, by: User, **kwargs: Any) -> None:
    """The record says 失访; told here only where the status did not say so already."""
    from exchange.services.absence import tell_absence

    tell_absence(patient=patient, status=CareStatus.LOST, on=on, by=by)


def on_admission_changed(
    sender: Any, *, patient: Patient, on: date, in_hospital: bool, by: User, **kwargs: Any
) -> None:
    from exchange.services.person_notice_ends import hear_discharge

    if not in_hospital:
        hear_discharge(patient, on=on, by=by)


def on_consent_changed(sender: Any, *, patient: Patient, consent: Any, by: User, **kwargs: Any) -> None:
    """A consent to be told of, not the one to be cared for."""
    from exchange.services.consent_ends import hear_sharing

    if sender is SharingConsent:
        hear_sharing(patient, consent.agency_kind, by=by)


def connect() -> None:
    """Once, at start-up. A receiver that raises undoes the act: a visit without its alert is never saved."""
    risk_assessed.connect(on_risk_assessed, dispatch_uid="exchange.risk_assessed")
    incident_recorded.connect(on_incident_recorded, dispatch_uid="exchange.incident_recorded")
    patient_lost.connect(on_patient_lost, dispatch_uid="exchange.patient_lost")
    whereabouts_changed.connect(on_whereabouts_changed, dispatch_uid="exchange.whereabouts_changed")
    admission_changed.connect(on_admission_changed, dispatch_uid="exchange.admission_changed")
    patient_moved.connect(on_patient_moved, dispatch_uid="exchange.patient_moved")
    patient_closed.connect(on_patient_closed, dispatch_uid="exchange.patient_closed")
    consent_changed.connect(on_consent_changed, dispatch_uid="exchange.consent_changed")
