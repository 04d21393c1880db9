"""What follow-up hears from the register, always inside the transaction of the act."""

from datetime import date
from typing import Any

from registry.models import Admission, Patient
from registry.signals import admission_changed


def on_admission_changed(
    sender: Any, *, patient: Patient, on: date, in_hospital: bool, admission: Admission | None = None, **kwargs: Any
) -> None:
    from followup.services.after_discharge import visit_after_discharge

    if admission is not None and not in_hospital:
        visit_after_discharge(patient=patient, admitted_on=admission.admitted_on, discharged_on=on)


def connect() -> None:
    """Once, at start-up."""
    admission_changed.connect(on_admission_changed, dispatch_uid="followup.admission_changed")
