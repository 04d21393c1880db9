"""单人告知: what makes the system ask for one, and what ends an office's copy. A leaf: the acts below and above call it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import Division, User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.scope import scope
from accounts.terms import DivisionLevel
from exchange.models import Alert, Disclosure, PersonNotice, PersonNoticeCopy
from exchange.queries.cases import alert_policy
from exchange.queries.person_notices import is_prepared, live_copies, offices_to_tell
from exchange.rules.deadlines import Patience, late_since
from exchange.rules.person_notices import ABSENT_SITUATIONS, LOCAL_SITUATIONS, PERSON_NOTICES, is_sudden
from exchange.services.disclosing import DISPUTED, SYSTEM, content_digest
from exchange.services.failpoints import reached
from exchange.services.noticing import queue_word
from exchange.terms import CopyEnded, LedgerAct, NoticeWord, PersonNoticeState, Situation
from followup.models import Visit
from registry.models import Patient
from registry.terms import CareStatus

S = PersonNoticeState


def copy_line(copy: PersonNoticeCopy, act: LedgerAct, at: datetime, by: User | None) -> Disclosure:
    """A line of the ledger. Source: issue 4, Build 3; 个人信息保护法 §23, §55."""
    content: dict[str, str] = copy.content  # type: ignore[assignment]
    told = [key for key, value in content.items() if value]
    return Disclosure(
        at=at, act=act, person=copy.patient.uuid, recipient=copy.agency.uuid, recipient_name=copy.agency.name,
        alert=copy.uuid, fields=[*told, DISPUTED] if copy.disputed else told, basis=copy.template.basis,
        citation=copy.template.citation, actor=by.uuid if by else None,
        actor_name=by.display_name if by else SYSTEM, digest=content_digest(content),
    )  # fmt: skip


def end_copies(rows: QuerySet[PersonNoticeCopy], because: CopyEnded, *, by: User | None) -> int:
    """These offices read it no longer, with this transaction; the ledger says so and the office is asked to sign for it.

    A notice of which nobody reads a copy has ended. Source: threat T14; issue 4, Build 3.
    """
    copies = list(rows.select_for_update(of=("self",)).select_related("agency", "template", "notice", "patient"))
    if not copies:
        return 0
    now = timezone.now()
    for copy in copies:
        copy.ended_at, copy.ended_because, copy.end_acknowledged_at, copy.end_acknowledged_by = now, because, None, None
        copy.save(update_fields=["ended_at", "ended_because", "end_acknowledged_at", "end_acknowledged_by"])
        if because != CopyEnded.CORRECTED:  # the office has news of the corrected one
            queue_word(copy.agency_id, copy.uuid, NoticeWord.ENDED)
    Disclosure.objects.bulk_create([copy_line(copy, LedgerAct.RECALLED, now, by) for copy in copies])
    reached("copies_ended")
    for notice in {copy.notice_id: copy.notice for copy in copies}.values():
        _end_if_unread(notice, because, now, by)
    return len(copies)


def _end_if_unread(notice: PersonNotice, because: CopyEnded, now: datetime, by: User | None) -> None:
    if notice.state != S.SENT or PersonNoticeCopy.objects.filter(notice=notice, ended_at=None).exists():
        return
    step = PERSON_NOTICES.step(notice.state, S.ENDED)
    notice.state, notice.ended_at, notice.ended_because = step.after, now, str(because.label)
    notice.save(update_fields=["state", "ended_at", "ended_because"])
    person = notice.patient.uuid
    audit.record(step.action, notice, by=by, person=person, facts={"because": because.value})


def end_expired() -> int:
    """From the clock: copies past their days. Their offices have not read them since (the view); this writes it down."""
    ended = 0
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None).values_list("pk", flat=True):
        with scope(counties=[county]):
            due = PersonNotice.objects.filter(state=S.SENT, expires_at__lte=timezone.now())
            found = list(due.values_list("pk", flat=True)[:500])
        for pk in found:
            with scope(counties=[county]):
                rows = PersonNoticeCopy.objects.filter(notice=pk, notice__state=S.SENT, ended_at=None)
                ended += end_copies(rows, CopyEnded.EXPIRED, by=None)
    return ended


def note_silence() -> int:
    """From the clock: who has not signed within the county's hours is noted once; the sender's work list then says so.

    Source: issue 4, Build 2 (签收 within the county's hours, on the working calendar for offices).
    """
    noted, now, calendar = 0, timezone.localtime(), work_calendar()
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None).values_list("pk", flat=True):
        patience = Patience.of(policies(county, now.date()), calendar)
        with scope(counties=[county]):
            mine = PersonNoticeCopy.objects.filter(
                notice__state=S.SENT, delivered_at__isnull=False, acknowledged_at=None, ended_at=None,
                silent_noted_at=None,
            )  # fmt: skip
            for on_duty in (True, False):
                counted = patience.counted(on_duty=on_duty)
                since = late_since(now, hours=patience.acknowledge, calendar=counted)
                late = mine.filter(agency__on_duty=on_duty, delivered_at__lt=since)
                for copy in late.select_for_update(of=("self",)).select_related("patient", "agency")[:500]:
                    copy.silent_noted_at = now
                    copy.save(update_fields=["silent_noted_at"])
                    facts = {"agency": str(copy.agency.uuid), "hours": patience.acknowledge}
                    audit.record(
                        "exchange.person_notice.unanswered", copy, by=None, person=copy.patient.uuid, facts=facts
                    )  # fmt: skip
                    noted += 1
    return noted


# what the acts below tell


def ask_for(patient: Patient, situation: Situation, occasion: str, *, on: date, by: User | None) -> PersonNotice | None:
    """The system asks for a notice; somebody sends or declines it. Nothing while one waits, or no template is in force.

    Source: issue 4, Build 1. The caller holds the patient's lock. What was entered late asks for nothing, as with alerts.
    """
    today = timezone.localdate()
    if on < today - timedelta(days=alert_policy(patient.duty_county, today).late_days):
        return None
    if not is_prepared(patient.duty_county, situation, today):
        return None
    known = PersonNotice.objects.filter(patient=patient, situation=situation)
    if known.filter(Q(state=S.PENDING) | Q(occasion=occasion)).exists():
        return None
    row = PersonNotice.objects.create(
        patient=patient, situation=situation, occasion=occasion, state=S.PENDING, occurred_on=on, opened_by=by,
        county_id=patient.duty_county,
    )  # fmt: skip
    audit.record("exchange.person_notice.asked", row, by=by, person=patient.uuid, facts={"situation": situation})
    return row


def drop_waiting(patient: Patient, situations: frozenset[Situation], *, by: User | None, why: str) -> None:
    """What was asked for is no longer needed."""
    rows = PersonNotice.objects.filter(patient=patient, situation__in=situations, state=S.PENDING)
    for row in rows.select_for_update(of=("self",)):
        step = PERSON_NOTICES.step(row.state, S.DROPPED)
        row.state, row.ended_at, row.ended_because = step.after, timezone.now(), why
        row.save(update_fields=["state", "ended_at", "ended_because"])
        audit.record(step.action, row, by=by, person=patient.uuid, facts={"situation": row.situation})


def hear_assessment(visit: Visit, previous: int | None, alert: UUID | None, *, by: User) -> None:
    """病情突变: the level has newly reached the threshold."""
    if alert is None:
        return
    from_level = alert_policy(visit.patient.duty_county, timezone.localdate()).from_level
    if is_sudden(visit.level, previous, from_level=from_level):
        ask_for(visit.patient, Situation.SUDDEN_CHANGE, str(visit.root.uuid), on=visit.visited_on, by=by)


def hear_whereabouts(patient: Patient, value: str, *, on: date, by: User) -> None:
    """外出 and 失访: what the one or the other had asked for ends when it is over."""
    over = ABSENT_SITUATIONS - {_ASKED.get(value)}
    end_copies(live_copies(patient.pk).filter(notice__situation__in=over), CopyEnded.BACK, by=by)
    drop_waiting(patient, over, by=by, why="不再外出或失访")
    if value in _ASKED:
        ask_for(patient, _ASKED[value], f"{value}:{on}", on=on, by=by)


_ASKED: dict[str, Situation] = {CareStatus.LOST: Situation.LOST_REPORT, CareStatus.AWAY: Situation.FLOW}


def hear_discharge(patient: Patient, *, on: date, by: User) -> None:
    """Out of hospital: whoever cares for the person and did not enter it is told."""
    today = timezone.localdate()
    if any(one.pk != by.agency_id for one in offices_to_tell(patient, Situation.DISCHARGE, today)):
        ask_for(patient, Situation.DISCHARGE, f"out:{on}", on=on, by=by)


def hear_move(patient: Patient, *, by: User | None) -> None:
    """The old township's own offices read no longer of somebody who is not theirs. Source: threat T15."""
    patient = Patient.objects.get(pk=patient.pk)
    here = [patient.duty_township, patient.duty_county, patient.village_id]
    local = live_copies(patient.pk).filter(notice__situation__in=LOCAL_SITUATIONS)
    end_copies(local.exclude(agency__division__in=[place for place in here if place]), CopyEnded.MOVED, by=by)


def hear_closing(patient: Patient, value: str, *, on: date, by: User | None) -> None:
    """No office reads of a person who is off the register; a death is reported in writing."""
    end_copies(live_copies(patient.pk), CopyEnded.CLOSED, by=by)
    drop_waiting(patient, frozenset(Situation), by=by, why="档案已结案")
    if value == CareStatus.DEAD:
        ask_for(patient, Situation.LOST_REPORT, f"{value}:{on}", on=on, by=by)


def hear_case_closed(case: Alert) -> None:
    """With an alert end the urgent notice of the same office and what the village was told of the change. Source: T14."""
    same = Q(agency=case.agency_id, notice__situation=Situation.URGENT)
    rows = live_copies(case.patient_id).filter(same | Q(notice__situation=Situation.SUDDEN_CHANGE))
    end_copies(rows, CopyEnded.FELL, by=None)
