"""What follow-up hears from the register, always inside the transaction of the act.

Each of these turns moves due windows (followup.rules.windows). Statuses that send no signal and rows of an import wait,
marked by the database, for the minute's sweep.
"""

from typing import Any

from registry.models import Patient
from registry.signals import admission_changed, custody_changed, guardian_changed, patient_closed, patient_moved


def on_turn(sender: Any, *, patient: Patient, **kwargs: Any) -> None:
    """A stay of which only a visit speaks sets its own date and changes no window."""
    from followup.services.windows import refresh_windows

    if kwargs.get("visit") is None:
        refresh_windows([patient.pk])


def on_guardian(sender: Any, *, patient: Patient, **kwargs: Any) -> None:
    """Who looks after a person counts for the colour and for no date of the norm."""
    from followup.services.colours import refresh_colours

    refresh_colours([patient.pk])


def connect() -> None:
    """Once, at start-up."""
    for signal in (admission_changed, custody_changed, patient_closed, patient_moved):
        signal.connect(on_turn, dispatch_uid="followup.windows")
    guardian_changed.connect(on_guardian, dispatch_uid="followup.colours")
