"""肇事肇祸案（事）件数: events and not persons, and one event once, though two records may speak of it.

Source: 指标口径 incident_patients (events are a separate count); 表1-8 危险行为 (a record speaks of the time since the one
before it); 滕州 表第16项; 中原 表第15项.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from followup.rules.incidents import LOOK_BACK
from reports.rules.joint_meetings import HeldIndicator
from reports.rules.suppression import hide_small, one_cell
from reports.terms import Unit

INCIDENT_EVENTS = HeldIndicator(
    "incident_events", "肇事肇祸案（事）件数",
    "截止日在册患者年初至截止日的肇事、肇祸，按件；轻度滋事、自伤不算。已确认的事件记录一份算一件，按发生日；随访记录写了几次肇事、肇祸就算几件，"
    "按随访日，其中已有事件记录的（发生在上一次随访当天起、这次随访当天止）不再重复算。",
    "", Unit.COUNT, is_count=True, sensitive=True, is_good=False,
)  # fmt: skip
Area = TypeVar("Area", bound=Hashable)
# Shown and hidden exactly where this one is: a number of events must not tell of so few people.
HIDDEN_WITH = "incident_patients"


@dataclass(frozen=True, slots=True)
class Told:
    """A follow-up record that says how often it happened. `before`: the day of the record before it."""

    on: date
    trouble: int
    crime: int
    before: date | None = None

    @property
    def since(self) -> date:
        return self.before or self.on - timedelta(days=LOOK_BACK)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A confirmed incident of the two kinds, on the day on which it happened."""

    on: date
    trouble: int
    crime: int
    dead: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `incident`: what the incident record said of it; else it stands in a follow-up record only."""

    on: date
    words: str
    recorded: bool = False
    deadly: bool = False


def events_of(records: Iterable[Told], incidents: Iterable[Recorded], first: date, last: date) -> list[Event]:
    """One person's events from `first` to `last`, in order of their days. All that is known of the person is given.

    A record's acts are first those of the incidents in its time, each incident answering for one record only; what is
    left of its number happened too. So an act that both name counts once, on the incident's day, also over New Year.
    Source: 指标口径 incident_patients; 表1-8 危险行为.
    """
    waiting = sorted((one for one in incidents if one.on <= last), key=lambda one: one.on)
    found = [
        Event(one.on, f"事件记录：{_words(one.trouble, one.crime)}", recorded=True, deadly=one.dead > 0)
        for one in waiting
    ]
    for record in sorted((one for one in records if one.on <= last), key=lambda one: one.on):
        left = record.trouble + record.crime
        for incident in [one for one in waiting if record.since <= one.on <= record.on]:
            if left <= 0:
                break
            waiting.remove(incident)
            left -= incident.trouble + incident.crime
        said = f"随访记录：{_words(record.trouble, record.crime)}"
        rest = max(left, 0)
        more = [f"{said}，没有事件记录的第 {number} 件" if rest > 1 else said for number in range(1, rest + 1)]
        found += [Event(record.on, words) for words in more]
    return sorted((event for event in found if first <= event.on <= last), key=lambda event: event.on)


def _words(trouble: int, crime: int) -> str:
    return "、".join(f"{name} {count} 次" for name, count in (("肇事", trouble), ("肇祸", crime)) if count)


def is_hidden(persons: int, below: int) -> bool:
    """The number of events is told where the number of people may be told. `below`: 0 where small numbers are open."""
    return one_cell(persons, below).is_hidden


def hidden_parts(persons: Mapping[Area, int], below: int) -> set[Area]:
    """The parts of an area whose number of events is not told, their guards included."""
    return {part for part, cell in hide_small(persons, below).cells.items() if cell.is_hidden}
