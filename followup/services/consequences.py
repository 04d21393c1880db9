"""What follows from a record outside it: a lost or dead patient's status, and the signals to the floors above."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from accounts.doors import can
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from followup.models import Visit
from followup.queries.records import Line
from followup.rules.choice import Problem
from followup.rules.facts import VisitFacts
from followup.rules.plans import GRAVE_LEVEL
from followup.services.plan_levels import follow_level
from followup.services.refusals import VisitRefused
from followup.signals import patient_lost, risk_assessed
from followup.terms import LostReason
from registry.models import Patient, PatientStatus
from registry.services.status import close_patient, correct_status, set_status
from registry.services.stays import say_admission
from registry.terms import CareStatus, DeathCause


def tell(
    visit: Visit, facts: VisitFacts, *, previous_level: int | None, was_in_hospital: bool, newest: bool, by: User
) -> UUID | None:
    """Everything a fresh record sets in motion; the alert's case when one was raised or joined."""
    if facts.is_lost and not _reached_since(visit):
        _lost(visit, facts, by)
    if facts.died_on:
        _died(visit, facts, by)
    if newest:
        _found_again(visit, by)
        if facts.in_hospital != was_in_hospital:
            tell_admission(visit, facts.in_hospital, by)
    if facts.level is None:
        return None
    if newest and max(facts.level, previous_level or 0) >= GRAVE_LEVEL:
        follow_level(visit.patient, level=facts.level)
    return tell_risk(visit, previous_level=previous_level, by=by)


def tell_corrected(visit: Visit, facts: VisitFacts, was: VisitFacts, others: Sequence[Line], *, by: User) -> None:
    """What a corrected record says of loss and death now, against what it had said. `others`: the other complete ones."""
    overtaken = any((line.visited_on, line.root_id) > (facts.visited_on, visit.root_id) for line in others)
    if was.is_lost and not facts.is_lost and not _still_lost(visit):
        _never_lost(visit, was, by)
    if facts.is_lost and not was.is_lost and not overtaken:
        _lost(visit, facts, by)
    if facts.died_on and facts.died_on != was.died_on:
        _died(visit, facts, by)
    if facts.is_complete and not was.is_complete and not overtaken and not _still_lost(visit):
        _found_again(visit, by)


def tell_admission(visit: Visit, in_hospital: bool, by: User) -> None:
    say_admission(Visit, patient=visit.patient, visit=visit, on=visit.visited_on, in_hospital=in_hospital, by=by)


def tell_risk(visit: Visit, *, previous_level: int | None, by: User, corrected: bool = False) -> UUID | None:
    answers: list[tuple[Any, Any]] = risk_assessed.send(
        Visit, visit=visit, previous_level=previous_level, by=by, corrected=corrected
    )
    return next((answer for _receiver, answer in answers if isinstance(answer, UUID)), None)


def _lost(visit: Visit, facts: VisitFacts, by: User) -> None:
    patient = visit.patient
    _status(patient, CareStatus.LOST, facts.visited_on, f"失访：{LostReason(facts.lost_reason).label}", by)
    patient_lost.send(Visit, patient=patient, visit=visit, on=facts.visited_on, reason=facts.lost_reason, by=by)


def _reached_since(visit: Visit) -> bool:
    """A loss written down late, of somebody who has been met since, is history."""
    last = visit.patient.last_visit_on
    return last is not None and last > visit.visited_on


def _found_again(visit: Visit, by: User) -> None:
    """A complete record ends 失访: the patient was reached."""
    if visit.patient.status == CareStatus.LOST:
        _status(visit.patient, CareStatus.MANAGED, visit.visited_on, "已随访到", by)


def _still_lost(visit: Visit) -> bool:
    """Another record of that day or later says 失访."""
    others = Visit.objects.current().filter(patient=visit.patient, complete=False, visited_on__gte=visit.visited_on)
    return others.exclude(root=visit.root_id).exclude(lost_reason="").exists()


def _never_lost(visit: Visit, was: VisitFacts, by: User) -> None:
    """The record that had said 失访 was wrong: its status, and what offices were told of it, are taken back."""
    patient = visit.patient
    newest = PatientStatus.objects.filter(patient=patient).order_by("-starts_on").first()
    if newest is None or (newest.value, newest.starts_on) != (CareStatus.LOST, was.visited_on):
        return
    with suppress(Refused):
        correct_status(patient=patient, by=by, reason="随访记录已更正，不是失访", by_record=True)
        patient.refresh_from_db(fields=["status"])


def _status(patient: Patient, value: CareStatus, on: date, reason: str, by: User) -> None:
    """A status of a later day, or one from which this step is not open, stays: the record stands all the same."""
    if patient.status == value:
        return
    with suppress(Refused):
        set_status(patient=patient, value=value, on=on, reason=reason, by=by, by_record=True)


def _died(visit: Visit, facts: VisitFacts, by: User) -> None:
    """Who may close a file does it with the record; another's note waits on the township's list (queries.deaths)."""
    patient = visit.patient
    if facts.died_on is None or patient.closed_on is not None or not can(by, Permission.CLOSE_PATIENT, patient):
        return
    reason = f"随访时得知，死亡原因：{DeathCause(facts.death_cause).label}"
    try:
        close_patient(
            patient=patient,
            value=CareStatus.DEAD,
            on=facts.died_on,
            reason=reason,
            death_cause=facts.death_cause,
            by=by,
        )
    except Refused as refusal:
        raise VisitRefused([Problem("died_on", refusal.message)]) from refusal
