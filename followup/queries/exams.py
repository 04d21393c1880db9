"""年度健康体检: who is due, per township, and the line of 今日工作."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.doors import where
from accounts.models import User
from accounts.reach import Reach, reach_filter
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from followup.models import Checkup
from followup.queries.medicine_lists import town_names
from followup.rules.checkups import exam_state
from followup.terms import CheckupKind, CheckupOutcome, ExamState
from registry.models import Consent, Patient

DONE = Q(checkups__kind=CheckupKind.YEARLY, checkups__outcome=CheckupOutcome.DONE, checkups__struck_at=None)
WANTED = (ExamState.LATE, ExamState.DUE)


@dataclass(frozen=True)
class Person:
    """One open file and where it stands this year."""

    uuid: UUID
    name: str
    place: str
    township: int
    last_on: date | None
    state: ExamState


@dataclass(frozen=True)
class Tally:
    key: int
    name: str
    done: int
    wanted: int
    excused: int
    not_asked: int


def people(patients: Any, today: date) -> list[Person]:
    """Every open file of these patients (through a door) with its standing; one statement."""
    found = (
        patients.filter(closed_on=None)
        .annotate(last_on=Max("checkups__checked_on", filter=DONE), agreed=_agreed(), excused=_excused(today))
        .values_list("uuid", "name", "village__name", "duty_township", "opened_on", "last_on", "agreed", "excused")
        .order_by("last_on", "village__name", "pk")
    )
    rows = []
    for uuid, name, village, township, opened_on, last_on, agreed, excused in found:
        state = exam_state(
            today=today, opened_on=opened_on, agreed=bool(agreed), last_done_on=last_on, excused_this_year=excused
        )
        rows.append(Person(uuid, name, usual_name(village) if village else "", township, last_on, state))
    return sorted(rows, key=lambda one: (one.state != ExamState.LATE, one.last_on or date.min))


def _agreed() -> Subquery:
    return Subquery(Consent.objects.filter(patient=OuterRef("pk")).order_by("-starts_on").values("agreed")[:1])


def _excused(today: date) -> Exists:
    left_out = (CheckupOutcome.UNFIT, CheckupOutcome.REFUSED)
    return Exists(_yearly(today).filter(outcome__in=left_out))


def _yearly(today: date) -> Any:
    """This year's records of the yearly examination, of the patient of the outer row."""
    return Checkup.objects.filter(
        patient=OuterRef("pk"), kind=CheckupKind.YEARLY, struck_at=None, checked_on__gte=date(today.year, 1, 1)
    )


def tallies(rows: list[Person]) -> list[Tally]:
    keys = {row.township for row in rows}
    names = town_names(keys)
    found = []
    for key in keys:
        states = [row.state for row in rows if row.township == key]
        found.append(Tally(
            key, usual_name(names.get(key, "")), states.count(ExamState.DONE), sum(s in WANTED for s in states),
            states.count(ExamState.EXCUSED), states.count(ExamState.NOT_ASKED),
        ))  # fmt: skip
    return sorted(found, key=lambda tally: (-tally.wanted, tally.name))


def exam_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: one line with how many are still to be examined this year."""
    reach = Reach(townships=where(user, Permission.RECORD_MEDICINE).townships)
    if not reach.townships:
        return []
    mine = Patient.objects.filter(reach_filter(reach, patient=""), closed_on=None)
    number = mine.filter(~Exists(_yearly(today))).annotate(agreed=_agreed()).filter(agreed=True).count()
    if not number:
        return []
    return [
        WorkItem(
            topic=Topic.MEDICINE, verb="看名单", href=reverse("followup:exams"), name="年度健康体检", place="",
            why=f"今年还有 {number} 人没有体检，12 月 31 日前", due_on=date(today.year, 12, 31), urgency=Urgency.LATER,
        )
    ]  # fmt: skip
