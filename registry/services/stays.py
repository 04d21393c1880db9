"""What the status service and the visits need to know of a stay: the leaf below `admissions`."""

from datetime import date
from typing import Any

from accounts import audit
from accounts.models import User
from accounts.refusals import Refused
from registry import signals
from registry.models import Admission, Patient
from registry.terms import DischargeKind


def open_stay(patient: Patient) -> Admission | None:
    """The episode that has not ended, if any."""
    return Admission.objects.filter(patient=patient, discharged_on=None).select_related("hospital").first()


def refuse_while_in_hospital(patient: Patient) -> None:
    """A stay ends by its discharge, not by a status written over it. Raises: Refused."""
    stay = open_stay(patient)
    if stay is not None:
        raise Refused(
            f"{stay.admitted_on} 入院的住院还没有结束。请在“住院与转诊”里登记出院，状态会随之更改。", field="value"
        )


def end_with_file(patient: Patient, on: date, *, by: User) -> None:
    """Death, removal and exclusion end a running stay on their own day."""
    stay = open_stay(patient)
    if stay is None:
        return
    stay.discharged_on = max(on, stay.admitted_on)
    stay.discharge_kind = DischargeKind.FILE_ENDED
    stay.save(update_fields=["discharged_on", "discharge_kind"])
    facts = {"on": stay.discharged_on.isoformat(), "kind": str(DischargeKind.FILE_ENDED)}
    audit.record("registry.patient.discharged", stay, by=by, person=patient.uuid, facts=facts)


def say_admission(sender: Any, **facts: Any) -> None:
    """Tell the floors above who entered or left hospital; also for follow-up, which may not import our signals."""
    signals.admission_changed.send(sender, **facts)
