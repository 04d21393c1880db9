"""What the subsidy hears from the register, always inside the transaction of the act."""

from datetime import date
from typing import Any

from accounts.models import User
from registry.models import Patient
from registry.signals import guardian_changed, patient_closed, patient_moved


def on_guardian(sender: Any, *, patient: Patient, by: User, **kwargs: Any) -> None:
    from subsidy.services.following import follow_guardian

    follow_guardian(patient, by)


def on_closed(
    sender: Any, *, patient: Patient, on: date, value: str, by: User, reopened: bool = False, **kwargs: Any
) -> None:
    from subsidy.services.following import follow_closing, follow_reopening

    if reopened:
        follow_reopening(patient, on, by)
    else:
        follow_closing(patient, on, value, by)


def on_moved(
    sender: Any, *, patient: Patient, on: date, from_county: int, to_county: int, by: User, **kwargs: Any
) -> None:
    from subsidy.services.following import follow_move

    follow_move(patient, on, other_county=from_county != to_county, by=by)


def connect() -> None:
    """Once, at start-up."""
    guardian_changed.connect(on_guardian, dispatch_uid="subsidy.guardian")
    patient_closed.connect(on_closed, dispatch_uid="subsidy.closed")
    patient_moved.connect(on_moved, dispatch_uid="subsidy.moved")
