"""Differences that are past their deadline, by township: for the county what its townships leave, for the commission
what the county has not moved either. Names are masked for who oversees and does not treat (decisions D).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.doors import where
from accounts.models import User
from accounts.reach import standing
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import Difference
from exchange.queries.differences import GOING_ON, name_of, why
from exchange.terms import DifferenceState
from registry.rules.masking import mask_name

MOST = 500
NO_TOWN = "没有乡镇"


@dataclass(frozen=True)
class LateLine:
    """`person` None: somebody without a file, whose name only the reader with a right to the difference sees."""

    uuid: UUID
    name: str
    why: str
    due_on: date
    state: str
    person: UUID | None
    is_named: bool


@dataclass(frozen=True)
class LateTown:
    code: str
    name: str
    lines: list[LateLine]

    @property
    def earliest(self) -> date:
        return min(line.due_on for line in self.lines)


def late_rows(user: User) -> QuerySet[Difference]:
    """What the clock has noted for this person and what still lies there."""
    counties = where(user, Permission.VIEW_OVERDUE).counties
    rows = Difference.objects.filter(county__in=counties)
    if oversees(user):
        rows = rows.filter(state__in=GOING_ON, commission_noted_at__isnull=False)
    else:
        rows = rows.filter(state=DifferenceState.OPEN, late_noted_at__isnull=False)
    rows = rows.select_related("inbound__agency", "township", "patient").defer("words", "because")
    return rows.order_by("township__code", "due_on", "pk")


def oversees(user: User) -> bool:
    """The commission: it sees what the county did not move, and opens no difference."""
    return not where(user, Permission.WORK_DIFFERENCE).counties


def late_towns(user: User) -> list[LateTown]:
    rows = late_rows(user)
    named = standing(user).named
    if oversees(user):
        rows = rows.defer("told", "words", "because")
    towns: dict[str, LateTown] = {}
    for row in rows[:MOST]:
        code, name = (row.township.code, row.township.usual_name) if row.township else ("", NO_TOWN)
        towns.setdefault(code, LateTown(code, name, [])).lines.append(_line(row, is_named=named.covers(row)))
    return sorted(towns.values(), key=lambda town: (-len(town.lines), town.code))


def _line(row: Difference, *, is_named: bool) -> LateLine:
    masked = mask_name(row.patient.name) if row.patient else f"名册第 {row.row} 行"
    name = name_of(row) if is_named else masked
    person = row.patient.uuid if row.patient else None
    return LateLine(row.uuid, name, why(row), row.due_on, str(row.get_state_display()), person, is_named)


def seen_people(towns: Iterable[LateTown]) -> list[UUID]:
    """Whom the page shows: for the access log."""
    return [line.person or line.uuid for town in towns for line in town.lines]


def late_difference_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of the county: one line per township that has left something past its deadline."""
    if Permission.VIEW_OVERDUE not in standing(user).permissions or oversees(user):
        return []
    waiting: dict[str, list[date]] = {}
    for town, day in late_rows(user).values_list("township__name", "due_on"):
        waiting.setdefault(town or NO_TOWN, []).append(day)
    return [
        WorkItem(
            topic=Topic.RECEIVED, verb="督促", href=reverse("exchange:late_differences"), name=f"{town}名册核实",
            place="", why=f"{len(days)} 件逾期，最早 {long_day(min(days))}到期。", due_on=None, urgency=Urgency.LATE,
        )
        for town, days in waiting.items()
    ]  # fmt: skip
