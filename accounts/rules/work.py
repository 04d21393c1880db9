"""One thing somebody has to do: the line of the page 今日工作, wherever in the product it comes from.

Each room offers its own lines: a function `(user, today) -> list[WorkItem]` in its `queries`, named in
settings.WORK_SOURCES. The page collects, sorts and counts; it knows no room by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from uuid import UUID


class Urgency(IntEnum):
    """What comes first. Within one urgency the earliest day comes first."""

    NOW = 0  # somebody stands at a scene and waits for the telephone to ring
    DANGER = 1  # level 3 and above, an incident, an emergency
    LATE = 2
    TODAY = 3
    SOON = 4
    LATER = 5


class Topic(StrEnum):
    """Groups of the page, in the order of a day."""

    DANGER = "先看这几位"
    VISITS = "随访"
    MEDICINE = "用药与体检"
    RECEIVED = "收到的"  # cards, discharge notices, transfers, referrals: from outside, with a clock
    FILES = "档案"
    CLUES = "线索"
    REVIEWS = "待复核"


@dataclass(frozen=True)
class WorkItem:
    """`verb` is the button's text, `href` where it leads; `why` one short sentence with the day and the reason.

    `person` is the patient whose name the line shows: the page notes the look. None where no patient is named.
    """

    topic: Topic
    verb: str
    href: str
    name: str  # the person's name as the reader may see it, or the case's title
    place: str
    why: str
    due_on: date | None
    urgency: Urgency
    person: UUID | None = None


def urgency_of(due_on: date | None, *, today: date, danger: bool = False) -> Urgency:
    """The usual sorting by day: overdue, today, within a week, later. `danger` beats every day."""
    if danger:
        return Urgency.DANGER
    if due_on is None:
        return Urgency.LATER
    days = (due_on - today).days
    if days < 0:
        return Urgency.LATE
    return Urgency.TODAY if days == 0 else Urgency.SOON if days <= 7 else Urgency.LATER


def in_order(items: Iterable[WorkItem]) -> list[WorkItem]:
    """The most urgent first; within one urgency the earliest day, what has no day last."""
    return sorted(items, key=lambda item: (item.urgency, item.due_on or date.max, item.name))
