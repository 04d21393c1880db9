"""One patient-year in four slots, from the complete records of the year. Source: indicators; design decisions A8."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from followup.rules.dates import months_apart, quarter_of
from followup.terms import Adherence

SLOTS = 4


class Record(NamedTuple):
    """What a summary needs of one complete record; in order of date, then of entry. A tuple: an import makes 100,000."""

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
    rows, at = [], 0
    sums = _NOTHING
    for quarter in range(SLOTS):
        sums = (*sums[:_SEEN], False, *sums[_SEEN + 1 :])
        while at < len(records) and quarter_of(records[at].visited_on) <= quarter:
            sums = _with(sums, records[at])
            at += 1
        rows.append(sums)
    return Slots(*zip(*rows, strict=True))


_NOTHING: tuple[Any, ...] = (
    0, 0, None, None, None, None, None, False, None, False, False, 0, False, False, 0,
)  # fmt: skip
_SEEN = SLOT_FIELDS.index("level_seen_q")  # the one that begins anew with every quarter


def _with(sums: tuple[Any, ...], record: Record) -> tuple[Any, ...]:
    """The running sums, in the order of Slots, after one more record."""
    count, gap, first_on, last_on, _l, _c, _a, _h, _f, taken, not_taken, faces, seen, incident, high = sums
    day, level = record.visited_on, record.level
    return (
        count + 1,
        gap if last_on is None else max(gap, months_apart(last_on, day)),
        first_on or day,
        day,
        level,
        record.stability,
        record.adherence,
        record.in_hospital,
        record.form,
        taken or record.taken,
        not_taken or record.not_taken,
        faces + record.met_patient,
        seen or level is not None,
        incident or record.incident,
        high + (level is not None and level >= 3),
    )
