"""Recording, confirming and closing an incident; the offices are told by exchange in the same transaction."""

from datetime import date
from typing import Any, cast
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
from followup.models.incident import ENDED_BECAUSE, SEALED
from followup.queries.incidents import PLAIN, facts_of, incident_policy
from followup.rules.facts import DANGERS
from followup.rules.incidents import INCIDENT_MACHINE, IncidentFacts, problems, tells_offices
from followup.services.colours import refresh_colours
from followup.services.refusals import FormUsed, VisitRefused
from followup.services.visits import lock_patient
from followup.signals import incident_recorded
from followup.terms import ConfirmedFrom, IncidentState
from registry.models import Clue, Patient
from registry.rules.clues import OVER
from registry.services.clues import held_clue

CORE = ("happened_at", "level", *DANGERS)  # what a confirmation stands on


class IncidentRefused(VisitRefused):
    """`problems` names every field."""


class WentOver(Refused):
    message = "这个人刚刚建档，记录已经转入档案。请重新打开这一页再办。"


class Ended(Refused):
    message = "这件事件已经了结，不能再改。"


def _columns(facts: IncidentFacts) -> dict[str, Any]:
    plain = {name: getattr(facts, name) for name in PLAIN}
    return {**plain, "happened_at": facts.happened_at, "details": {name: getattr(facts, name) for name in SEALED}}


def hold(subject: Patient | Clue, permission: Permission, by: User) -> None:
    """The right at this person's place, and the row held until the transaction ends.

    Of somebody without a file the right to handle clues is asked as well. Raises: Denied, NotHere.
    """
    authorise(by, permission, subject)
    if isinstance(subject, Clue):
        held_clue(subject, by)
    else:
        lock_patient(subject)


def columns_of(subject: Patient | Clue) -> dict[str, Any]:
    """The two columns that say who is meant. Raises: Refused (a clue that is over, or has a file by now)."""
    if not isinstance(subject, Clue):
        return {"patient": subject}
    state = Clue.objects.values_list("state", flat=True).get(pk=subject.pk)
    if state in OVER:
        raise Refused("这条线索已经办结：已建档的，请在档案上登记；排除的，不再登记事件和处置。")
    return {"clue": subject}


def same_subject(row: Any, subject: Patient | Clue) -> bool:
    """A form sent again, also after the person got a file in between."""
    return bool(row.clue_id == subject.pk if isinstance(subject, Clue) else row.patient_id == subject.pk)


def _check(facts: IncidentFacts, subject: Patient | Clue) -> None:
    birth_on = None if isinstance(subject, Clue) else subject.birth_on
    found = problems(facts, now=timezone.localtime(), birth_on=birth_on)
    if found:
        raise IncidentRefused(found)


@transaction.atomic
def record_incident(*, about: Patient | Clue, facts: IncidentFacts, form_id: UUID, by: User) -> Incident:
    """Write down what happened, to be confirmed. The same form again returns the first record.

    Source: 表1-8 危险行为; practice notes D (event record). Raises: Denied, IncidentRefused, FormUsed, Refused (a clue
    that is over).
    """
    hold(about, Permission.RECORD_INCIDENT, by)
    known = Incident.objects.filter(form_id=form_id).first()
    if known is not None:
        if not same_subject(known, about):
            raise FormUsed
        return known
    _check(facts, about)
    row = Incident(form_id=form_id, entered_by=by, **columns_of(about), **_columns(facts))
    row.save(force_insert=True)
    audit.record(
        "followup.incident.reported", row, by=by, person=row.person,
        facts={"on": facts.happened_at.date().isoformat(), "kinds": list(facts.kinds), "level": facts.level},
    )  # fmt: skip
    return row


def _locked(incident: Incident, permission: Permission, by: User) -> Incident:
    """The row as it stands now, under the lock of the patient or the clue. Raises: Denied, NotHere."""
    hold(incident.subject, permission, by)
    rows = Incident.objects.select_for_update(of=("self",)).select_related("patient", "clue")
    found = rows.filter(pk=incident.pk).first()
    if found is None:
        raise NotHere
    if found.patient and incident.patient is None:  # the lock held is the clue's
        raise WentOver
    return found


@transaction.atomic
def amend_incident(*, incident: Incident, version: int, facts: IncidentFacts, by: User) -> Incident:
    """Add what became known later. After the confirmation its time, level and counts stay.

    Raises: Denied, Ended, IncidentRefused, Conflict (somebody else saved first).
    """
    row = _locked(incident, Permission.RECORD_INCIDENT, by)
    if row.state not in (IncidentState.REPORTED, IncidentState.CONFIRMED):
        raise Ended
    if row.is_forgotten:
        raise Refused("这个人的信息已按规定删去，记录不能再补充。")
    before = facts_of(row)
    if row.version != version:
        raise Conflict(theirs=before, mine=facts)
    _check(facts, row.subject)
    if row.state == IncidentState.CONFIRMED and any(getattr(facts, name) != getattr(before, name) for name in CORE):
        raise Refused("已经确认的事件，时间、等级和次数不能再改。有误的，请县精防办更正为不属实后重新登记。")
    changed = sorted(name for name in _names() if getattr(facts, name) != getattr(before, name))
    if not changed:
        return row
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    audit.record("followup.incident.amended", row, by=by, person=row.person, facts={"fields": changed})
    return row


def _names() -> tuple[str, ...]:
    return ("happened_at", *PLAIN, *SEALED)


def _step(row: Incident, to: IncidentState, by: User, because: str) -> Step[IncidentState]:
    """The arrow, with its right. Raises: Refused, Denied."""
    step = INCIDENT_MACHINE.step(row.state, to)
    step.demand(because, field="because", sentence="请写明原因。")
    if step.who is not None:
        authorise(by, step.who, row.subject)
    return step


def _recolour(row: Incident) -> None:
    """What was confirmed, or is over, counts for the colour of whoever has a file."""
    if row.patient is not None:
        refresh_colours([row.patient.pk])


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
    row.tells = is_told(row, today)
    row.save()
    audit.record(
        step.action, row, by=by, person=row.person, because=str(ConfirmedFrom(source).label),
        facts={"tells": row.tells, "level": row.level},
    )  # fmt: skip
    _recolour(row)
    if row.tells:
        incident_recorded.send(Incident, incident=row, patient=row.patient, by=by, over=False)
    return row


def is_told(row: Incident, today: date) -> bool:
    """Of somebody without a file, or whose file is closed, the offices hear nothing. Source: decisions B19."""
    if row.patient is None or row.patient.closed_on is not None:
        return False
    return tells_offices(facts_of(row), today=today, policy=incident_policy(row.duty_county, today))


@transaction.atomic
def end_incident(*, incident: Incident, to: IncidentState, because: str, by: User) -> Incident:
    """Close an incident, or write down that it did not happen; the offices' case may end with it.

    Source: decisions B21. Raises: Denied, Refused.
    """
    row = _locked(incident, Permission.CONFIRM_INCIDENT, by)
    step = _step(row, to, by, because)
    row.state, row.ended_at, row.ended_by = step.after, timezone.now(), by
    if row.details is not None:
        row.details = {**cast("dict[str, Any]", row.details), ENDED_BECAUSE: because}
    row.save()
    audit.record(step.action, row, by=by, person=row.person, because=because)
    _recolour(row)
    if row.tells:
        incident_recorded.send(Incident, incident=row, patient=row.patient, by=by, over=True)
    return row
