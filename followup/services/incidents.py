"""Recording, confirming and closing an incident; the offices are told by exchange in the same transaction."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Conflict, NotHere, Refused
from accounts.rules.machine import Step
from accounts.terms import Permission
from followup.models import Incident
from followup.models.incident import SEALED
from followup.queries.incidents import PLAIN, facts_of, incident_policy
from followup.rules.facts import DANGERS
from followup.rules.incidents import INCIDENT_MACHINE, IncidentFacts, problems, tells_offices
from followup.services.refusals import FormUsed, VisitRefused
from followup.services.visits import lock_patient
from followup.signals import incident_recorded
from followup.terms import ConfirmedFrom, IncidentState
from registry.models import Patient

CORE = ("happened_at", "level", *DANGERS)  # what a confirmation stands on


class IncidentRefused(VisitRefused):
    """`problems` names every field."""


class Ended(Refused):
    message = "这件事件已经了结，不能再改。"


def _columns(facts: IncidentFacts) -> dict[str, Any]:
    plain = {name: getattr(facts, name) for name in PLAIN}
    return {**plain, "happened_at": facts.happened_at, "details": {name: getattr(facts, name) for name in SEALED}}


def _check(facts: IncidentFacts, patient: Patient) -> None:
    found = problems(facts, now=timezone.localtime(), birth_on=patient.birth_on)
    if found:
        raise IncidentRefused(found)


@transaction.atomic
def record_incident(*, patient: Patient, facts: IncidentFacts, form_id: UUID, by: User) -> Incident:
    """Write down what happened, to be confirmed. The same form again returns the first record.

    Source: 表1-8 危险行为; practice notes D (event record). Raises: Denied, IncidentRefused, FormUsed.
    """
    authorise(by, Permission.RECORD_INCIDENT, patient)
    lock_patient(patient)
    known = Incident.objects.filter(form_id=form_id).first()
    if known is not None:
        if known.patient_id != patient.pk:
            raise FormUsed
        return known
    _check(facts, patient)
    row = Incident(patient=patient, form_id=form_id, entered_by=by, **_columns(facts))
    row.save(force_insert=True)
    audit.record(
        "followup.incident.reported", row, by=by, person=patient.uuid,
        facts={"on": facts.happened_at.date().isoformat(), "kinds": list(facts.kinds), "level": facts.level},
    )  # fmt: skip
    return row


def _locked(incident: Incident, permission: Permission, by: User) -> Incident:
    """The row as it stands now, under the patient's lock. Raises: Denied, NotHere."""
    authorise(by, permission, incident.patient)
    lock_patient(incident.patient)
    found = Incident.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=incident.pk).first()
    if found is None:
        raise NotHere
    return found


@transaction.atomic
def amend_incident(*, incident: Incident, version: int, facts: IncidentFacts, by: User) -> Incident:
    """Add what became known later. After the confirmation its time, level and counts stay.

    Raises: Denied, Ended, IncidentRefused, Conflict (somebody else saved first).
    """
    row = _locked(incident, Permission.RECORD_INCIDENT, by)
    if row.state not in (IncidentState.REPORTED, IncidentState.CONFIRMED):
        raise Ended
    before = facts_of(row)
    if row.version != version:
        raise Conflict(theirs=before, mine=facts)
    _check(facts, row.patient)
    if row.state == IncidentState.CONFIRMED and any(getattr(facts, name) != getattr(before, name) for name in CORE):
        raise Refused("已经确认的事件，时间、等级和次数不能再改。有误的，请县精防办更正为不属实后重新登记。")
    changed = sorted(name for name in _names() if getattr(facts, name) != getattr(before, name))
    if not changed:
        return row
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    audit.record("followup.incident.amended", row, by=by, person=row.patient.uuid, facts={"fields": changed})
    return row


def _names() -> tuple[str, ...]:
    return ("happened_at", *PLAIN, *SEALED)


def _step(row: Incident, to: IncidentState, by: User, because: str) -> Step[IncidentState]:
    """The arrow, with its right. Raises: Refused, Denied."""
    step = INCIDENT_MACHINE.step(row.state, to)
    step.demand(because, field="because", sentence="请写明原因。")
    if step.who is not None:
        authorise(by, step.who, row.patient)
    return step


@transaction.atomic
def confirm_incident(*, incident: Incident, source: str, by: User) -> Incident:
    """Confirm what was reported: the offices' case is opened or joined, and it stays open until the incident is closed.

    Source: decisions B19–B21; access model F8. Raises: Denied, Refused.
    """
    row = _locked(incident, Permission.CONFIRM_INCIDENT, by)
    step = _step(row, IncidentState.CONFIRMED, by, "")
    if source not in ConfirmedFrom.values:
        raise Refused("请选择确认的依据。", field="source")
    today = timezone.localdate()
    row.state, row.confirmed_at, row.confirmed_by, row.confirmed_from = step.after, timezone.now(), by, source
    alive = row.patient.closed_on is None
    row.tells = alive and tells_offices(facts_of(row), today=today, policy=incident_policy(row.duty_county, today))
    row.save()
    audit.record(
        step.action, row, by=by, person=row.patient.uuid, because=str(ConfirmedFrom(source).label),
        facts={"tells": row.tells, "level": row.level},
    )  # fmt: skip
    if row.tells:
        incident_recorded.send(Incident, incident=row, patient=row.patient, by=by, over=False)
    return row


@transaction.atomic
def end_incident(*, incident: Incident, to: IncidentState, because: str, by: User) -> Incident:
    """Close an incident, or write down that it did not happen; the offices' case may end with it.

    Source: decisions B21. Raises: Denied, Refused.
    """
    row = _locked(incident, Permission.CONFIRM_INCIDENT, by)
    step = _step(row, to, by, because)
    row.state, row.ended_at, row.ended_by = step.after, timezone.now(), by
    row.save()
    audit.record(step.action, row, by=by, person=row.patient.uuid, because=because)
    if row.tells:
        incident_recorded.send(Incident, incident=row, patient=row.patient, by=by, over=True)
    return row
