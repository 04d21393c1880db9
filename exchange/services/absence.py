"""Somebody watched or unstable leaves, or is lost, or is back: told to every office in the act's transaction."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from accounts.queries.offices import offices_for
from exchange.models import Alert, AlertEntry
from exchange.queries.assessments import as_assessment, newest_visit
from exchange.queries.cases import alert_policy, newest_cases, office_order
from exchange.rules.absence import Standing, absence_event, is_told, keeps_open
from exchange.rules.assessing import FINAL
from exchange.rules.cases import CaseEvent, step
from exchange.rules.content import OFFICES, RiskFacts
from exchange.rules.incidents import end_of_incident
from exchange.services.disclosing import Source, Telling
from exchange.services.following import standing_risk, whole
from exchange.services.steps import Batch, move, open_cases
from exchange.terms import DISCLOSING, ClosedBecause, EntryKind, SourceKind
from followup.models import Visit
from followup.queries.incidents import told_open
from registry.models import Patient
from registry.terms import CareStatus

ABSENCES = frozenset({EntryKind.LEFT.value, EntryKind.LOST.value})


def tell_absence(*, patient: Patient, status: str, on: date, by: User) -> None:
    """Open cases get an entry; where none is open, one opens as 待确认 when the rule says that offices are told.

    Source: decisions B19–B21; rules.absence. The caller holds the patient's lock and the transaction.
    """
    event, newest = absence_event(status), newest_visit(patient)
    cases = newest_cases(patient)
    open_ones = {case.agency_id: case for case in cases if case.is_open}
    policy = alert_policy(patient.duty_county, timezone.localdate())
    told = is_told(
        status, _standing(newest, cases), from_level=policy.from_level, unstable_too=policy.tells_unstable_leaving
    )
    if event is None or not (open_ones or told):
        return
    patient = whole(patient)
    batch = Batch(patient, by, because=f"{on} 起{CareStatus(status).label}")
    source = Source.new(SourceKind.ABSENCE)
    heard = _last_heard(list(open_ones.values()))
    for case in open_ones.values():
        if heard.get(case.pk) != event.value:
            _say(batch, case, event, source, on)
    if told and newest is not None and newest.level is not None and patient.closed_on is None:
        _open(batch, event, source, on, RiskFacts(newest.level, newest.visited_on, None), but=frozenset(open_ones))
    batch.written()


def _standing(newest: Visit | None, cases: list[Alert]) -> Standing:
    if newest is None:
        return Standing()
    denied = any(
        case.closed_because in FINAL and case.closed_at and timezone.localdate(case.closed_at) >= newest.visited_on
        for case in cases
    )
    return Standing(newest.level, newest.stability, denied)


def _last_heard(cases: list[Alert]) -> dict[int, str]:
    """By case: the newest word about the person's whereabouts, so that one loss is told once."""
    kinds = (*ABSENCES, EntryKind.FOUND)
    rows = AlertEntry.objects.filter(alert__in=cases, kind__in=kinds, withdrawn_at=None).order_by("id")
    return dict(rows.values_list("alert_id", "kind"))


def _say(batch: Batch, case: Alert, event: CaseEvent, source: Source, on: date) -> None:
    moved = move(case, event)
    if moved and moved[1]:
        batch.tell(Telling(case, moved[1], source, on, standing_risk(batch.patient, case)))
        batch.note(moved[0], case, on=on.isoformat())


def _open(
    batch: Batch, event: CaseEvent, source: Source, on: date, risk: RiskFacts, *, but: frozenset[int]
) -> None:  # fmt: skip
    found = step(None, event)
    if found is None or found.tells is None:
        return
    joining = [office for office in offices_for(batch.patient.duty_township, OFFICES) if office.pk not in but]
    ordered = sorted(joining, key=office_order)
    for case in open_cases(batch.patient, ordered, status=found.after, level=risk.level, confirmed=None):
        batch.tell(Telling(case, found.tells, source, on, risk))
        batch.note(found.action, case, level=risk.level, on=on.isoformat())


def end_absence(*, patient: Patient, on: date, by: User, mistaken: bool = False) -> None:
    """Back, reached again, or never away: the offices hear it, and a case that only this kept open ends.

    `mistaken`: what was said of the absence is taken back. Source: decisions B21. The caller holds the patient's lock.
    """
    known = newest_cases(patient)
    heard, cases = _last_heard(known), [case for case in known if case.is_open]
    if not cases or ABSENCES.isdisjoint(heard.values()):  # a case of another township may have heard it, before a move
        return
    patient, newest = whole(patient), newest_visit(patient)
    batch, source = Batch(patient, by, because=f"{on} 起不再外出或失访"), Source.new(SourceKind.ABSENCE)
    policy = alert_policy(patient.duty_county, timezone.localdate())
    still = told_open(patient) or keeps_open(patient.status, newest.stability if newest else None)
    about = as_assessment(newest, newest.entered_by) if newest else None
    for case in cases:
        event = end_of_incident(
            about, still_open=still, fell=case.fell_on is not None, confirmed=case.confirmed_on is not None,
            policy=policy,
        )  # fmt: skip
        if mistaken and heard.get(case.pk) in ABSENCES and not _take_back(case):
            event = CaseEvent.FALL  # nothing else had been said: the case was the mistake
        _end(batch, case, event, source, on, mistaken=mistaken)
    batch.written()


def _take_back(case: Alert) -> bool:
    """The absence no longer stands; whether the case still says something else."""
    standing = AlertEntry.objects.filter(alert=case, kind__in=DISCLOSING, withdrawn_at=None)
    standing.filter(kind__in=ABSENCES).update(withdrawn_at=timezone.now())
    return standing.exists()


def _end(
    batch: Batch, case: Alert, event: CaseEvent | None, source: Source, on: date, *, mistaken: bool
) -> None:  # fmt: skip
    because = ClosedBecause.CONFIRMED_FALL if case.fell_on else ClosedBecause.BACK
    moved = move(case, event, because=ClosedBecause.CORRECTED if mistaken else because) if event else None
    if moved and moved[1]:
        batch.tell(Telling(case, moved[1], source, on))
        batch.note(moved[0], case, because=case.closed_because)
        return
    kind = EntryKind.WITHDRAWN if mistaken else EntryKind.FOUND
    batch.tell(Telling(case, kind, source, on))
    batch.note("exchange.alert.withdrawn" if mistaken else "exchange.alert.found", case, on=on.isoformat())
