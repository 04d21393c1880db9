"""A patient's status moves by dated facts; death, removal and exclusion end the file, a mistake is taken back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.rules.text import TextRefused
from accounts.terms import Permission
from registry import signals
from registry.models import Patient, PatientStatus, Scan
from registry.rules.lifecycle import Transition, closed_on, transition
from registry.rules.status_details import DetailRefused, StatusDetails, check_details
from registry.services.death_reports import settle_death_report
from registry.services.facts import checked_day, locked, put_fact
from registry.services.leaving import come_back, end_journeys
from registry.services.refusals import DayRefused
from registry.services.stays import end_with_file, refuse_while_in_hospital
from registry.terms import ABSENT, ENDING, CareStatus

UNSEEN = (CareStatus.LOST, CareStatus.REFUSED)


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


def _tell_whereabouts(patient: Patient, on: date, was: str, value: str, *, by: User, mistaken: bool = False) -> None:
    """外出 or 失访 begins or is over."""
    if not ABSENT.isdisjoint((was, value)):
        signals.whereabouts_changed.send(
            Patient, patient=patient, on=on, was=was, value=value, by=by, mistaken=mistaken
        )  # fmt: skip


def _newest_start(patient: Patient) -> date:
    found = PatientStatus.objects.filter(patient=patient).order_by("-starts_on").values_list("starts_on", flat=True)
    return found.first() or patient.opened_on


def _newest_seen_alive(patient: Patient) -> date:
    """The newest start of a status that needs a living person: 失访 and 拒访 only say that nobody met them."""
    rows = PatientStatus.objects.filter(patient=patient).exclude(value__in=UNSEEN).order_by("-starts_on")
    return rows.values_list("starts_on", flat=True).first() or patient.opened_on


def _checked_details(value: str, details: StatusDetails, on: date, reason: str) -> None:
    try:
        check_details(value, details, on=on, has_text=bool(reason))
    except DetailRefused as refusal:
        raise Refused(str(refusal), field=refusal.field) from None


def _write(patient: Patient, on: date, details: StatusDetails | None = None, **values: Any) -> PatientStatus:
    """The dated row, every column said anew: nothing of an earlier word for the same day stays behind."""
    said = details or StatusDetails()
    blank = {"death_cause": "", "evidence": "", "scan": None}
    more = {"reason_code": said.reason_code, "place": said.place, "unit": said.unit, "expected_until": said.until}
    return put_fact(PatientStatus, patient, on, **blank | more | values)


@transaction.atomic
def set_status(
    *, patient: Patient, value: str, on: date, by: User, reason: str = "", evidence: str = "",
    details: StatusDetails | None = None, scan: Scan | None = None, by_record: bool = False,
) -> PatientStatus:  # fmt: skip
    """Change the status within the register (在管、住院、外出、失访、拒访、羁押).

    `details`: what the page asks for (reason code, custody's place and unit); an act of the system gives none.
    `by_record`: a follow-up record says that somebody is lost or was reached again; the right to record is enough.
    Source: rules.lifecycle.TRANSITIONS, rules.status_details. Units: local date. Raises: Denied, Refused, DayRefused.
    """
    if value in ENDING:
        return close_patient(patient=patient, value=value, on=on, by=by, reason=reason, evidence=evidence)
    patient = locked(patient)
    move = _row(patient, value)
    if patient.status in ENDING:
        return reopen_patient(patient=patient, on=on, by=by, reason=reason)
    authorise(by, Permission.RECORD_VISIT if by_record else move.permission, patient)
    checked_day(on, patient, field="on", what="状态开始日期")
    if patient.status == CareStatus.ADMITTED:
        refuse_while_in_hospital(patient)
    if on < _newest_start(patient):
        raise DayRefused("之后已有新的状态，开始日期要晚于它。请在变更记录里核对。", field="on")
    if details is not None:
        _checked_details(value, details, on, reason)
    was = patient.status
    row = _write(patient, on, details, value=value, reason=reason, evidence=evidence, scan=scan)
    settle(patient)
    audit.record(
        move.action, row, by=by, person=patient.uuid, because=reason,
        facts={"from": was, "to": value, "on": on.isoformat()},
    )  # fmt: skip
    if was == CareStatus.AWAY:
        come_back(patient, on, by=by)
    _tell_whereabouts(patient, on, was, value, by=by)
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
    newest = _newest_start(patient) if value != CareStatus.DEAD else _newest_seen_alive(patient)
    if on < newest:
        raise DayRefused(f"{newest} 起已有别的状态，结案日期不能早于它。请核对日期。", field="on")
    PatientStatus.objects.filter(patient=patient, starts_on__gt=on).delete()  # history keeps what was written
    cause = cause if value == CareStatus.DEAD else ""
    end_with_file(patient, on, by=by)
    end_journeys(patient, on, by=by)
    row = _write(patient, on, value=value, reason=reason, evidence=evidence, death_cause=cause)
    settle(patient)
    audit.record(
        action, row, by=by, person=patient.uuid, because=reason,
        facts={"to": str(value), "on": on.isoformat(), "death_cause": cause},
    )  # fmt: skip
    settle_death_report(patient=patient, was_true=value == CareStatus.DEAD, by=by)
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
    row = _write(patient, on, value=CareStatus.MANAGED, reason=reason)
    settle(patient)
    audit.record(move.action, row, by=by, person=patient.uuid, because=reason, facts={"on": on.isoformat()})
    signals.patient_closed.send(Patient, patient=patient, on=on, value=CareStatus.MANAGED, by=by, reopened=True)
    return row


@transaction.atomic
def correct_status(*, patient: Patient, by: User, reason: str, by_record: bool = False) -> PatientStatus:
    """Take the newest change back because it was a mistake: its day now says what held before; no row is deleted.

    `by_record`: the follow-up record that had said it was corrected; the right to correct records is enough.
    A closing is taken back by reopen_patient, a stay in hospital by its discharge. Who wrote what stays in the history.
    Raises: Denied, Refused.
    """
    patient = locked(patient)
    authorise(by, Permission.CORRECT_VISIT if by_record else Permission.EDIT_PATIENT, patient)
    if not reason:
        raise Refused("请写明为什么是误登记。", field="reason")
    if patient.status in ENDING:
        raise Refused("档案已结案。请用“恢复误结的档案”。")
    if patient.status == CareStatus.ADMITTED:
        refuse_while_in_hospital(patient)
    rows = list(PatientStatus.objects.filter(patient=patient).order_by("-starts_on")[:2])
    if len(rows) < 2 or rows[0].value == rows[1].value:
        raise Refused("没有可以撤销的更改。")
    newest, before = rows
    if before.value in ENDING:
        raise Refused("上一个状态是结案，不能这样撤销。请用“结案”。")
    was, on = newest.value, newest.starts_on
    row = _write(patient, on, value=before.value, reason=f"更正：{reason}"[:200])
    settle(patient)
    audit.record(
        "registry.status.corrected", row, by=by, person=patient.uuid, because=reason,
        facts={"from": was, "to": before.value, "on": on.isoformat()},
    )  # fmt: skip
    if was == CareStatus.AWAY:
        come_back(patient, on, by=by)
    _tell_whereabouts(patient, on, was, before.value, by=by, mistaken=True)
    if CareStatus.DETAINED in (was, before.value):
        held = before.value == CareStatus.DETAINED
        signals.custody_changed.send(Patient, patient=patient, on=on, in_custody=held, by=by)
    return row
