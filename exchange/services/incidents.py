"""A confirmed incident at the offices: an entry of the open case or a new one, and its end with the incident's."""

from django.utils import timezone

from accounts.models import User
from accounts.queries.offices import offices_for
from exchange.models import Alert
from exchange.queries.assessments import newest_assessment, newest_visit
from exchange.queries.cases import alert_policy, newest_cases, office_order
from exchange.rules.absence import keeps_open
from exchange.rules.assessing import AlertPolicy, Assessment
from exchange.rules.cases import CaseEvent
from exchange.rules.content import OFFICES, RiskFacts
from exchange.rules.incidents import end_of_incident
from exchange.services.disclosing import Source, Telling
from exchange.services.past_cases import withdraw_from_past
from exchange.services.steps import Batch, move, open_cases, take_back
from exchange.terms import CaseStatus, ClosedBecause, EntryKind, SourceKind
from followup.models import Incident
from followup.queries.incidents import told_open
from followup.terms import IncidentState
from registry.models import Patient

TELLING, ENDING = 1, 2  # versions of the source, so that a case hears of each once


def _whole(patient: Patient) -> Patient:
    return Patient.objects.select_related("village__parent").get(pk=patient.pk)


def tell_incident(*, incident: Incident, patient: Patient, by: User) -> None:
    """Every office hears of the incident once; where no case is open, one opens as 待确认.

    Source: decisions B19, B20. The caller holds the patient's lock and the transaction.
    """
    patient = _whole(patient)
    on = timezone.localdate(incident.happened_at)
    cases = {case.agency_id: case for case in newest_cases(patient) if case.is_open}
    source = Source(SourceKind.INCIDENT, incident.uuid, TELLING)
    risk = RiskFacts(incident.level, on, patient.last_level)
    batch = Batch(patient, by, because=f"{on} 的事件已确认")
    for case in cases.values():
        moved = move(case, CaseEvent.INCIDENT, level=max(case.level, incident.level))
        if moved and moved[1]:
            batch.tell(Telling(case, moved[1], source, on, risk))
            batch.note(moved[0], case, incident=str(incident.uuid))
    joining = [office for office in offices_for(patient.duty_township, OFFICES) if office.pk not in cases]
    ordered = sorted(joining, key=office_order)
    for case in open_cases(patient, ordered, status=CaseStatus.PRELIMINARY, level=incident.level, confirmed=None):
        batch.tell(Telling(case, EntryKind.INCIDENT, source, on, risk))
        batch.note("exchange.alert.raised", case, incident=str(incident.uuid))
    batch.written()


def end_incident(*, incident: Incident, patient: Patient, by: User) -> None:
    """The incident was closed or taken back: cases that only it kept open end now.

    Source: decisions B21. The caller holds the patient's lock and the transaction.
    """
    cases = [case for case in newest_cases(patient) if case.is_open]
    dismissed = incident.state == IncidentState.DISMISSED
    if not cases and not dismissed:
        return
    patient = _whole(patient)
    batch = Batch(patient, by, because="事件已了结")
    source = Source(SourceKind.INCIDENT, incident.uuid, ENDING)
    if dismissed:
        withdraw_from_past(batch, kind=SourceKind.INCIDENT, told=incident.uuid, source=source, on=timezone.localdate())
    visit, newest = newest_visit(patient), newest_assessment(patient)
    still = told_open(patient) or keeps_open(patient.status, visit.stability if visit else None)
    policy = alert_policy(patient.duty_county, timezone.localdate())
    for case in cases:
        taken = 0
        if dismissed:
            taken = take_back(case, Source(SourceKind.INCIDENT, incident.uuid, TELLING))
        _end(batch, case, newest, still=still, taken=taken, policy=policy, source=source)
    batch.written()


def _end(
    batch: Batch, case: Alert, newest: Assessment | None, *, still: bool, taken: int, policy: AlertPolicy,
    source: Source,
) -> None:  # fmt: skip
    today = timezone.localdate()
    event = end_of_incident(
        newest, still_open=still, fell=case.fell_on is not None, confirmed=case.confirmed_on is not None, policy=policy
    )
    if event is None:
        if taken:
            batch.tell(Telling(case, EntryKind.WITHDRAWN, source, today))
            batch.note("exchange.alert.withdrawn", case)
        return
    because = ClosedBecause.CONFIRMED_FALL if case.fell_on else ClosedBecause.INCIDENT_OVER
    moved = move(case, event, because=because)
    if moved and moved[1]:
        batch.tell(Telling(case, moved[1], source, today))
        batch.note(moved[0], case, because=because.value)
