"""One patient-year in four slots, from the complete records of the year. Source: indicators; design decisions A8."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any

from followup.rules.dates import months_apart, quarter_of
from followup.terms import Adherence

SLOTS = 4


@dataclass(frozen=True, slots=True)
class Record:
    """What a summary needs of one complete record; in order of date, then of entry."""

    visited_on: date
    form: str
    seen: tuple[str, ...]
    level: int | None
    stability: int | None
    adherence: int | None
    in_hospital: bool
    incident: bool

    @property
    def met_patient(self) -> bool:
        return self.form in ("1", "2") and "1" in self.seen

    @property
    def taken(self) -> bool:
        return self.in_hospital or self.adherence == Adherence.REGULAR

    @property
    def not_taken(self) -> bool:
        return not self.in_hospital and self.adherence in (Adherence.INTERRUPTED, Adherence.NOT_TAKEN)


@dataclass(frozen=True, slots=True)
class Slots:
    """Four values each: cumulative from 1 January to the end of the quarter; `level_seen_q` is the quarter alone."""

    complete_n: tuple[int, ...]
    max_gap: tuple[int, ...]
    first_on: tuple[date | None, ...]
    last_on: tuple[date | None, ...]
    last_level: tuple[int | None, ...]
    last_class: tuple[int | None, ...]
    last_adherence: tuple[int | None, ...]
    last_hospital: tuple[bool, ...]
    last_form: tuple[str | None, ...]
    any_taken: tuple[bool, ...]
    any_not_taken: tuple[bool, ...]
    face_n: tuple[int, ...]
    level_seen_q: tuple[bool, ...]
    incident: tuple[bool, ...]
    high_n: tuple[int, ...]


SLOT_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Slots))


def summarise(records: Sequence[Record]) -> Slots:
    """Fold the complete records of one year, oldest first, into its slots. Units: records, calendar months."""
    columns = [_slot(records, quarter) for quarter in range(SLOTS)]
    return Slots(*(tuple(column[i] for column in columns) for i in range(len(SLOT_FIELDS))))


def _slot(records: Sequence[Record], quarter: int) -> tuple[Any, ...]:
    until = [r for r in records if quarter_of(r.visited_on) <= quarter]
    last = until[-1] if until else None
    return (
        len(until),
        max((months_apart(a.visited_on, b.visited_on) for a, b in pairwise(until)), default=0),
        until[0].visited_on if until else None,
        last.visited_on if last else None,
        last.level if last else None,
        last.stability if last else None,
        last.adherence if last else None,
        last.in_hospital if last else False,
        last.form if last else None,
        any(r.taken for r in until),
        any(r.not_taken for r in until),
        sum(r.met_patient for r in until),
        any(r.level is not None and quarter_of(r.visited_on) == quarter for r in records),
        any(r.incident for r in until),
        sum(r.level is not None and r.level >= 3 for r in until),
    )
