"""The worker's side of an agency's list: laid beside the register, its differences handed to townships.

Each list in one transaction; a worker that dies leaves it waiting. Source: issue 4, Build 6.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.models import AuditEvent, Division
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policy
from accounts.rules.calendar import add_working_days
from accounts.scope import scope
from accounts.terms import FieldGroup, Purpose
from exchange.models import Difference, InboundContent, InboundList
from exchange.queries.differences import GOING_ON
from exchange.queries.inbound import kinds
from exchange.queries.inbound_people import our_people
from exchange.rules.differences import INBOUND
from exchange.rules.inbound_kinds import Kind
from exchange.rules.inbound_matching import OurPerson, Verdict, compare, counted
from exchange.rules.inbound_rows import TheirRow
from exchange.services.failpoints import reached
from exchange.terms import DifferenceState, InboundItem, InboundKind, InboundState, RowClass
from registry.models import Clue, Patient
from registry.rules.clues import OVER
from registry.services.clues import clue_from_list
from registry.services.death_reports import report_death

S, C = DifferenceState, RowClass
I = InboundItem  # noqa: E741
log = logging.getLogger(__name__)
BROKE = "比对时出错，系统会再试。仍不成功请联系系统管理员。"
GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN)


def compare_due() -> int:
    """From the clock: every list that was sent and not compared yet. Twice at once is harmless: a list is held."""
    done = 0
    waiting = InboundList.objects.filter(state=InboundState.SENT).order_by("sent_at", "pk")
    for pk, county in list(waiting.values_list("pk", "county")):
        try:
            with scope(counties=[county], route="exchange.compare_lists"):
                done += _compare(pk)
            reached("list_committed")
        except Exception:
            log.exception("list %s not compared", pk)
            InboundList.objects.filter(pk=pk, state=InboundState.SENT).update(fault=BROKE)
    return done


@dataclass
class Work:
    """One list being compared: what it is, whose day it is, and who lies where."""

    row: InboundList
    kind: Kind
    due_on: date
    today: date
    townships: dict[int, Division]
    clues: dict[str, Clue] = field(default_factory=dict)  # by ID number, going on
    events: list[AuditEvent] = field(default_factory=list)

    @classmethod
    def of(cls, row: InboundList) -> "Work":
        today = timezone.localdate()
        days = int(policy(row.county_id, "difference_days", today))
        towns = Division.objects.filter(parent=row.county_id)
        due_on = add_working_days(today, days, work_calendar())
        return cls(row, kinds()[InboundKind(row.kind)], due_on, today, {one.pk: one for one in towns})

    def note(self, action: str, one: Difference, person: UUID | None) -> None:
        facts = {"class": one.found, "list": str(self.row.uuid)}
        self.events.append(AuditEvent(**audit.event_facts(action, one, by=None, person=person, facts=facts)))


@transaction.atomic
def _compare(pk: int) -> int:
    row = InboundList.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if row is None or row.state != InboundState.SENT:
        return 0
    step = INBOUND.step(row.state, InboundState.COMPARED)
    reached("list_held")
    work = Work.of(row)
    box = InboundContent.objects.get(inbound=row)
    people = our_people(row.county, work.today)
    verdicts = compare(work.kind, [TheirRow.of(one) for one in cast("list[dict[str, Any]]", box.rows)], people)
    row.counts = counted(verdicts, len({one["row"] for one in row.refusals}))
    row.twice = [
        {"row": one.row.number, "reason": one.because, "like": one.like.value}
        for one in verdicts
        if one.like is not None and one.row is not None
    ]
    row.state, row.compared_at, row.answer_from, row.fault = InboundState.COMPARED, timezone.now(), work.due_on, ""
    row.save(update_fields=["counts", "twice", "state", "compared_at", "answer_from", "fault"])
    reached("list_counted")
    box.delete()
    reached("list_emptied")
    hand_out(work, verdicts)
    audit.record(step.action, row, by=None, facts=row.counts)
    reached("list_compared")
    return 1


def key_of(row: InboundList, verdict: Verdict) -> bytes:
    """The same difference of the same agency's lists, whichever of them shows it."""
    who = f"p{verdict.person.key}" if verdict.person else ""
    if not who and verdict.row:
        who = verdict.row.id_number or "|".join((*verdict.row.person, str(verdict.row.township)))
    fields = ",".join(item.value for item in verdict.fields)
    said = "|".join((str(row.agency_id), row.kind, verdict.found.value, who, fields))
    return blind_index("difference", f"{row.county_id}|{said}")


def hand_out(work: Work, verdicts: Iterable[Verdict]) -> None:
    """A task for every difference that is not one already; what the list no longer shows has come to agree."""
    wanted = {key_of(work.row, one): one for one in verdicts if one.found in work.kind.work}
    earlier = Difference.objects.filter(
        inbound__agency=work.row.agency_id, inbound__kind=work.row.kind, county=work.row.county_id, equal_at=None
    )
    # what was answered to an agency is over; what a platform was told is followed until its export agrees
    earlier = earlier.exclude(state=S.LAPSED) if work.kind.platform else earlier.filter(state__in=GOING_ON)
    known = {bytes(one.key): one for one in earlier.select_for_update(of=("self",)).select_related("patient")}
    again = [one.pk for key, one in known.items() if key in wanted]
    Difference.objects.filter(pk__in=again).update(last_inbound=work.row)
    if work.kind.whole:
        lapse(work, [one for key, one in known.items() if key not in wanted])
    new = {key: one for key, one in wanted.items() if key not in known}
    people = _patients(new.values())
    audit.saw((one.uuid for one in people.values()), GROUPS, Purpose.EXCHANGE)
    if any(one.found is C.ONLY_THEIRS for one in new.values()):
        rows = Clue.objects.filter(county=work.row.county_id).exclude(state__in=OVER)
        work.clues = {number: one for one in rows if (number := one.report.get("id_number"))}
    made = [_difference(work, key, one, people) for key, one in new.items()]
    Difference.objects.bulk_create(made)
    reached("differences_made")
    for one in made:
        work.note("exchange.difference.opened", one, one.patient.uuid if one.patient else None)
    AuditEvent.objects.bulk_create(work.events)


def lapse(work: Work, rows: list[Difference]) -> None:
    keys = [one.pk for one in rows]
    Difference.objects.filter(pk__in=keys, state__in=GOING_ON).update(state=S.LAPSED)
    Difference.objects.filter(pk__in=keys).update(equal_at=timezone.now())
    for one in rows:
        work.note("exchange.difference.lapsed", one, one.patient.uuid if one.patient else None)


def _patients(verdicts: Iterable[Verdict]) -> dict[int, Patient]:
    keys = {one.person.key for one in verdicts if one.person}
    return {one.pk: one for one in Patient.objects.filter(pk__in=keys)}


def _difference(work: Work, key: bytes, verdict: Verdict, people: dict[int, Patient]) -> Difference:
    patient = people[verdict.person.key] if verdict.person else None
    town = verdict.person.township if verdict.person else verdict.row.township if verdict.row else None
    one = Difference(
        inbound=work.row, last_inbound=work.row, county_id=work.row.county_id, township=work.townships.get(town or 0),
        key=key, found=verdict.found, row=verdict.row.number if verdict.row else None,
        fields=[item.value for item in verdict.fields], told=verdict.row.as_content() if verdict.row else None,
        patient=patient, due_on=work.due_on,
    )  # fmt: skip
    follow(one, work.kind, verdict.row, verdict.person, known=work.clues)
    return one


def follow(
    one: Difference, kind: Kind, row: TheirRow | None, person: OurPerson | None, *, known: dict[str, Clue] | None = None
) -> None:
    """What a class brings with it at once: a clue for somebody without a file, a hold for somebody reported dead."""
    if one.found == C.ONLY_THEIRS and row is not None and one.township is not None:
        one.clue = (known or {}).get(row.id_number) or clue_from_list(
            township=one.township, agency=one.inbound.agency, handed_in_by=one.inbound.drafted_by, told=clue_words(one, row),
            found_on=timezone.localdate(), form_id=uuid5(one.uuid, "clue"),
        )  # fmt: skip
    if one.found == C.DIFFERS and kind.holds and person is not None and not person.ended and row is not None:
        died_on = date.fromisoformat(row.word(I.DIED_ON))
        patient = one.patient
        one.of_death = patient is not None and bool(
            report_death(patient=patient, agency=one.inbound.agency, died_on=died_on, by=None)
        )


def clue_words(one: Difference, row: TheirRow) -> dict[str, str | None]:
    """Their row in the words of a clue's report."""
    where = f"{one.inbound.agency.name}“{one.inbound.get_kind_display()}”第 {one.inbound.number} 份第 {row.number} 行"
    remark = row.word(I.REMARK)
    return {
        "name": row.name, "sex": {"男": "1", "女": "2"}.get(row.word(I.SEX)), "id_number": row.id_number,
        "phone": row.word(I.PHONE), "address": row.word(I.ADDRESS) or row.word(I.HOUSEHOLD_ADDRESS),
        "contact": row.word(I.GUARDIAN_NAME), "contact_phone": row.word(I.GUARDIAN_PHONE),
        "remark": f"{where}{'：' + remark if remark else ''}",
    }  # fmt: skip
