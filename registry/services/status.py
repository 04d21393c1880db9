"""A patient's status moves by dated facts; death, removal and exclusion end the file, a mistake is taken back."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.rules.text import TextRefused
from registry import signals
from registry.models import Patient, PatientStatus
from registry.rules.lifecycle import Transition, closed_on, transition
from registry.services.facts import checked_day, locked, put_fact
from registry.services.leaving import come_back, end_journeys
from registry.services.refusals import DayRefused
from registry.services.stays import end_with_file, refuse_while_in_hospital
from registry.terms import ENDING, CareStatus


def _row(patient: Patient, value: str) -> Transition:
    try:
        return transition(patient.status, value)
    except TextRefused as refusal:
        raise Refused(str(refusal), field="value") from None


def settle(patient: Patient) -> None:
    """Carry the newest dated status onto the patient's row."""
    rows = list(PatientStatus.objects.filter(patient=patient).order_by("starts_on").values_list("starts_on", "value"))
    patient.status = rows[-1][1]
    patient.closed_on = closed_on(rows)
    patient.save(update_fields=["status", "closed_on"])


def _newest_start(patient: Patient) -> date:
    found = PatientStatus.objects.filter(patient=patient).order_by("-starts_on").values_list("starts_on", flat=True)
    return found.first() or patient.opened_on


@transaction.atomic
def set_status(
    *, patient: Patient, value: str, on: date, by: User, reason: str = "", evidence: str = ""
) -> PatientStatus:
    """Change the status within the register (在管、住院、外出、失访、拒访、羁押).

    Source: rules.lifecycle.TRANSITIONS. Units: local date. Raises: Denied, Refused, DayRefused.
    """
    if value in ENDING:
        return close_patient(patient=patient, value=value, on=on, by=by, reason=reason, evidence=evidence)
    patient = locked(patient)
    move = _row(patient, value)
    if patient.status in ENDING:
        return reopen_patient(patient=patient, on=on, by=by, reason=reason)
    authorise(by, move.permission, patient)
    checked_day(on, patient, field="on", what="状态开始日期")
    if patient.status == CareStatus.ADMITTED:
        refuse_while_in_hospital(patient)
    if on < _newest_start(patient):
        raise DayRefused("之后已有新的状态，开始日期要晚于它。请在变更记录里核对。", field="on")
    was = patient.status
    row = put_fact(PatientStatus, patient, on, value=value, reason=reason, evidence=evidence, death_cause="")
    settle(patient)
    audit.record(
        move.action, row, by=by, person=patient.uuid, because=reason,
        facts={"from": was, "to": value, "on": on.isoformat()},
    )  # fmt: skip
    if was == CareStatus.AWAY:
        come_back(patient, on, by=by)
    if CareStatus.DETAINED in (was, value):
        signals.custody_changed.send(Patient, patient=patient, on=on, in_custody=value == CareStatus.DETAINED, by=by)
    return row


@transaction.atomic
def close_patient(
    *, patient: Patient, value: str, on: date, by: User, reason: str, evidence: str = "", death_cause: str = ""
) -> PatientStatus:
    """End a file: death (with its cause), removal or exclusion. From `on` on the person is off the register.

    Source: indicators, "Registered"; 表1-8 死亡原因. Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    move = _row(patient, value)
    authorise(by, move.permission, patient)
    if not reason:
        raise Refused("请写明结案原因。", field="reason")
    if value == CareStatus.DEAD and not death_cause:
        raise Refused("请选择死亡原因。", field="death_cause")
    return end_file(patient, value, on, by=by, action=move.action, reason=reason, evidence=evidence, cause=death_cause)


def end_file(
    patient: Patient, value: str, on: date, *, by: User, action: str, reason: str, evidence: str = "", cause: str = ""
) -> PatientStatus:
    """The closing itself, after the right was checked; imports come here, where a cause may be unknown."""
    ended, patient.closed_on = patient.closed_on, None  # a death may be learned after a removal
    checked_day(on, patient, field="on", what="结案日期")
    patient.closed_on = ended
    newest = _newest_start(patient)
    if on < newest:
        raise DayRefused(f"{newest} 起已有别的状态，结案日期不能早于它。请核对日期。", field="on")
    cause = cause if value == CareStatus.DEAD else ""
    end_with_file(patient, on, by=by)
    end_journeys(patient, on, by=by)
    row = put_fact(PatientStatus, patient, on, value=value, reason=reason, evidence=evidence, death_cause=cause)
    settle(patient)
    audit.record(
        action, row, by=by, person=patient.uuid, because=reason,
        facts={"to": str(value), "on": on.isoformat(), "death_cause": cause},
    )  # fmt: skip
    signals.patient_closed.send(Patient, patient=patient, on=on, value=value, by=by, reopened=False)
    return row


@transaction.atomic
def reopen_patient(*, patient: Patient, on: date, by: User, reason: str) -> PatientStatus:
    """Take a mistaken closing back, as a dated fact: on the closing's own day it never held, later it held until then.

    Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    move = _row(patient, CareStatus.MANAGED)
    if patient.status not in ENDING:
        raise Refused("档案没有结案，不需要恢复。", field="value")
    authorise(by, move.permission, patient)
    if not reason:
        raise Refused("请写明恢复的原因。", field="reason")
    newest = _newest_start(patient)
    if on < newest or on > timezone.localdate():
        raise DayRefused(f"恢复日期应在 {newest} 与今天之间；填 {newest} 表示这次结案从未发生。", field="on")
    row = put_fact(PatientStatus, patient, on, value=CareStatus.MANAGED, reason=reason, evidence="", death_cause="")
    settle(patient)
    audit.record(move.action, row, by=by, person=patient.uuid, because=reason, facts={"on": on.isoformat()})
    signals.patient_closed.send(Patient, patient=patient, on=on, value=CareStatus.MANAGED, by=by, reopened=True)
    return row
