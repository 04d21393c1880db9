"""A patient moves or leaves the register: the old offices' view ends and the new ones' begins in one transaction."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils import timezone

from accounts.models import Agency, User
from accounts.queries.offices import offices_for
from exchange.models import Alert
from exchange.queries.assessments import newest_assessment
from exchange.queries.cases import newest_cases, office_order
from exchange.queries.people import area_of
from exchange.rules.cases import CaseEvent
from exchange.rules.content import OFFICES, RiskFacts
from exchange.services.disclosing import Source, Telling
from exchange.services.steps import Batch, close_cases, open_cases
from exchange.terms import CaseStatus, ClosedBecause, EntryKind, SourceKind
from registry.models import Patient


def follow_move(*, patient: Patient, on: date, by: User | None) -> None:
    """Recall from the old township's offices, tell those of the new one; a county's own body hears the new address.

    A case that is open goes on as it stood (待确认, 已确认 or 复核中) at the new offices. Source: threat T15.
    The caller's scope holds the patient, whose rows already belong to the new township.
    """
    cases = [case for case in newest_cases(patient) if case.is_open]
    if not cases:
        return
    patient = whole(patient)
    status, risk = CaseStatus(cases[0].status), standing_risk(patient, cases[0])
    offices = {agency.pk: agency for agency in offices_for(patient.duty_township, OFFICES)}
    batch, source = Batch(patient, by, because=f"{on} 起由其他乡镇管理"), Source.new(SourceKind.MOVE)
    stays = {case.agency_id: case for case in cases if case.agency_id in offices}
    leaves = [case for case in cases if case.agency_id not in offices]
    close_cases(batch, leaves, CaseEvent.LEAVE, because=ClosedBecause.MOVED, source=source, on=on)
    for case in stays.values():
        case.area = area_of(patient)
        case.save(update_fields=["area"])
        batch.tell(Telling(case, EntryKind.MOVED, source, on, risk))
        batch.note("exchange.alert.moved", case)
    joining = [agency for pk, agency in offices.items() if pk not in stays]
    _carry_on(batch, cases[0], joining, status, source, on, risk)
    batch.written()


def move_differences(patient: Patient) -> None:
    """What a township still has to find out about somebody goes where the person goes, if that is in the county."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange_move_differences(%s)", [patient.pk])


def end_cases(*, patient: Patient, on: date, by: User | None) -> None:
    """Death, removal or exclusion: every case ends, no office keeps a person who is off the register."""
    cases = [case for case in newest_cases(patient) if case.is_open]
    if not cases:
        return
    batch, source = Batch(whole(patient), by, because=f"{on} 结案"), Source.new(SourceKind.ENDING)
    close_cases(batch, cases, CaseEvent.END, because=ClosedBecause.ENDED, source=source, on=on)
    batch.written()


def resume_cases(*, patient: Patient, on: date, by: User | None) -> None:
    """A mistaken closing was taken back: what it had ended goes on, as new cases with new numbers, at the offices of the
    township that answers now (a closed file may have been handed over meanwhile).
    """
    ended = [case for case in newest_cases(patient) if case.closed_because == ClosedBecause.ENDED]
    if not ended:
        return
    patient, model = whole(patient), ended[0]
    batch, source = Batch(patient, by, because=f"{on} 恢复档案"), Source.new(SourceKind.ENDING)
    status = CaseStatus.CONFIRMED if model.confirmed_on else CaseStatus.PRELIMINARY
    offices = offices_for(patient.duty_township, OFFICES)
    _carry_on(batch, model, offices, status, source, on, standing_risk(patient, model))
    batch.written()


def whole(patient: Patient) -> Patient:
    return Patient.objects.select_related("village__parent").get(pk=patient.pk)


def standing_risk(patient: Patient, case: Alert) -> RiskFacts:
    """The case's level with the day of the newest assessment; a fall under review is not told."""
    newest = newest_assessment(patient)
    assessed = newest is not None and newest.level == case.level
    return RiskFacts(case.level, newest.on if newest and assessed else timezone.localdate(case.opened_at), None)


def _carry_on(
    batch: Batch, model: Alert, agencies: Iterable[Agency], status: CaseStatus, source: Source, on: date,
    risk: RiskFacts,
) -> None:  # fmt: skip
    """New cases in the state and at the level of one that was open."""
    confirmed = None
    if model.confirmed_on is not None and model.confirmed_by is not None:
        confirmed = (model.confirmed_on, model.confirmed_by)
    ordered = sorted(agencies, key=office_order)
    for case in open_cases(batch.patient, ordered, status=status, level=risk.level, confirmed=confirmed):
        batch.tell(Telling(case, EntryKind.RAISED, source, on, risk))
        batch.note("exchange.alert.raised", case, level=risk.level, on=on.isoformat())
