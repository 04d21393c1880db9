"""联席会议: called with agenda and departments, held with minutes and attendance, its resolutions become tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from reports.doors import areas_of, meetings_for
from reports.models import Meeting, MeetingSeat, Task, TaskParty
from reports.queries.meetings import departments_of
from reports.rules.cut import FIRST_DAY
from reports.rules.tasks import MEETINGS, names_nobody
from reports.terms import MeetingState, TaskPart

FARTHEST_YEARS = 2
TWICE = "这一天已经登记过会议。同一天的议题写在一次会议里；日期写错了，先取消那一次。"


class MeetingRefused(Refused):
    code = "meeting_refused"


@dataclass(frozen=True)
class MeetingFacts:
    held_on: date
    place: str
    chair: str
    agenda: str
    departments: tuple[str, ...]  # names as the area's plan calls them


@dataclass(frozen=True)
class Attendance:
    came: bool
    who: str = ""


@dataclass(frozen=True)
class Resolution:
    """What the meeting decided that somebody is to do."""

    name: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date | None


@transaction.atomic
def call_meeting(*, area: Division, facts: MeetingFacts, by: User) -> Meeting:
    """登记会议: also one that was held before it was entered. Raises: Denied, NotHere, MeetingRefused, NamesAPerson."""
    authorise(by, Permission.KEEP_TASKS)
    if area not in areas_of(by, Permission.KEEP_TASKS):
        raise NotHere
    today = timezone.localdate()
    if not FIRST_DAY <= facts.held_on <= today.replace(year=today.year + FARTHEST_YEARS, day=1):
        raise MeetingRefused("开会日期太早或太晚。请核对年份。", field="held_on")
    if not facts.agenda:
        raise MeetingRefused("请写明议题。", field="agenda")
    names_nobody(facts.agenda, field="agenda")
    kinds = _kinds(area, facts.departments, field="departments")
    with refusing("meeting_once_a_day", MeetingRefused(TWICE, field="held_on")):
        found = Meeting.objects.create(
            area=area, held_on=facts.held_on, place=facts.place, chair=facts.chair, agenda=facts.agenda, called_by=by
        )
    MeetingSeat.objects.bulk_create(
        MeetingSeat(meeting=found, place=place, name=name, kind=kind) for place, (name, kind) in enumerate(kinds)
    )
    audit.record("reports.meeting.called", found, by=by, facts=_facts(found))
    return found


@transaction.atomic
def keep_minutes(meeting: Meeting, *, minutes: str, attendance: Mapping[int, Attendance], by: User) -> Meeting:
    """登记纪要 and who came, once; from now on the meeting counts. `attendance`: by the seats' keys.

    Raises: Denied, NotHere, StepRefused, MeetingRefused, NamesAPerson.
    """
    found = _locked(meeting, by)
    step = MEETINGS.step(found.state, MeetingState.HELD)
    if found.held_on > timezone.localdate():
        raise MeetingRefused(f"会议在 {found.held_on:%Y-%m-%d} 才开，开过以后再登记纪要。")
    if not minutes:
        raise MeetingRefused("请写明纪要。", field="minutes")
    names_nobody(minutes, field="minutes")
    seats = list(MeetingSeat.objects.select_for_update().filter(meeting=found))
    if not any(attendance[seat.pk].came for seat in seats if seat.pk in attendance):
        raise MeetingRefused("请勾选到会的单位，至少一个。")
    for seat in seats:
        said = attendance.get(seat.pk, Attendance(came=False))
        seat.came, seat.who = said.came, said.who if said.came else ""
        seat.save(update_fields=["came", "who"])
    found.minutes, found.state = minutes, MeetingState.HELD
    found.minutes_by, found.minutes_at = by, timezone.now()
    found.save(update_fields=["minutes", "state", "minutes_by", "minutes_at"])
    audit.record(step.action, found, by=by, facts=_facts(found) | {"came": sum(bool(seat.came) for seat in seats)})
    return found


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, because: str, by: User) -> Meeting:
    """Raises: Denied, NotHere, StepRefused, Refused (no reason), NamesAPerson."""
    found = _locked(meeting, by)
    step = MEETINGS.step(found.state, MeetingState.CANCELLED)
    step.demand(because, field="because")
    names_nobody(because, field="because")
    found.state, found.cancel_reason = MeetingState.CANCELLED, because
    found.save(update_fields=["state", "cancel_reason"])
    audit.record(step.action, found, by=by, because=because, facts=_facts(found))
    return found


@transaction.atomic
def resolve(meeting: Meeting, *, resolution: Resolution, by: User) -> Task:
    """决议: a task of the area, with its departments and term. Raises: Denied, NotHere, MeetingRefused, NamesAPerson."""
    found = _locked(meeting, by)
    if found.state != MeetingState.HELD:
        raise MeetingRefused("先登记纪要，再登记决议。")
    names_nobody(resolution.name, field="name")
    if resolution.due_on is not None and resolution.due_on < found.held_on:
        raise MeetingRefused("期限不能早于开会那天。", field="due_on")
    if both := sorted(set(resolution.lead) & set(resolution.support)):
        raise MeetingRefused(f"“{both[0]}”不能既牵头又配合。", field="support")
    lead = _kinds(found.area, resolution.lead, field="lead")
    support = _kinds(found.area, resolution.support, field="support") if resolution.support else []
    before = Task.objects.filter(meeting=found, parent=None)
    if before.filter(name=resolution.name).exists():
        raise MeetingRefused("这次会议已经登记过同样的决议。", field="name")
    number = before.count() + 1
    task = Task.objects.create(
        area=found.area, meeting=found, name=resolution.name, due_on=resolution.due_on,
        clause=f"{found.held_on:%Y-%m-%d} 联席会议 决议{number}",
    )  # fmt: skip
    parts = [(TaskPart.LEAD, *each) for each in lead] + [(TaskPart.SUPPORT, *each) for each in support]
    TaskParty.objects.bulk_create(
        TaskParty(task=task, place=place, part=part, name=name, kind=kind)
        for place, (part, name, kind) in enumerate(parts)
    )
    audit.record("reports.meeting.resolved", found, by=by, facts=_facts(found) | {"task": str(task.uuid)})
    return task


def _kinds(area: Division, names: Iterable[str], *, field: str) -> list[tuple[str, str]]:
    """Each name with its kind. Raises: MeetingRefused (nobody, or a name that the area does not have)."""
    known, chosen = dict(departments_of(area)), list(dict.fromkeys(names))
    if not chosen:
        raise MeetingRefused("请至少选一个单位。", field=field)
    for name in chosen:
        if name not in known:
            raise MeetingRefused(f"没有“{name}”这个单位，请从列出的里面选。", field=field)
    return [(name, known[name]) for name in chosen]


def _locked(meeting: Meeting, by: User) -> Meeting:
    authorise(by, Permission.KEEP_TASKS)
    rows = meetings_for(by, Permission.KEEP_TASKS).select_for_update(of=("self",)).select_related("area")
    found = rows.filter(pk=meeting.pk).first()
    if found is None:
        raise NotHere
    return found


def _facts(meeting: Meeting) -> dict[str, object]:
    return {"meeting": str(meeting.uuid), "area": meeting.area.code, "held_on": meeting.held_on.isoformat()}
