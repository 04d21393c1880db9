"""Follow-up histories in a line of text, and what the indicators must make of them.

A line: month-day · level · adherence · form/who · class. `H` as level: 目前正在住院, nothing else assessed.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pytest

from reports.rules.months import months_apart, quarter_of
from reports.rules.period import PatientPeriod

T = date(2025, 12, 31)


@dataclass(frozen=True)
class Line:
    """One complete record, as short as a test can write it."""

    on: date
    level: int | None = 0
    adherence: int | None = 1
    form: str = "2"
    seen: tuple[str, ...] = ("1",)
    stability: int | None = 3
    in_hospital: bool = False
    incidents: int = 0


def lines(*days: str, **facts):
    return tuple(Line(date.fromisoformat(day), **facts) for day in days)


def _each(days, adherences, **facts):
    return tuple(Line(date.fromisoformat(day), adherence=a, **facts) for day, a in zip(days, adherences, strict=True))


NO_MEDICINE = {"level": 1, "adherence": 4, "stability": 2}
# managed, standard, strict, medicated, regular, face; file opened 2024-05-06, T = 2025-12-31
WORKED = [
    pytest.param((), (False, False, False, False, False, False), id="none"),
    pytest.param(lines("2025-01-10"), (True, True, False, True, True, True), id="one-visit-in-january"),
    pytest.param(
        lines("2024-10-08", "2025-01-02", "2025-04-30", "2025-07-31", "2025-10-31", form="3", seen=("2",)),
        (True, True, True, True, True, False),
        id="four-calls-three-months-apart",
    ),
    pytest.param(
        _each(("2025-01-31", "2025-05-01", "2025-08-01", "2025-11-01"), (1, 1, 2, 1), form="1"),
        (True, False, False, True, False, True),
        id="january-to-may-is-four-months",
    ),
    pytest.param(
        lines("2025-03-15", level=None, adherence=2, stability=None, in_hospital=True, seen=("2",)),
        (True, True, False, True, True, False),
        id="in-hospital-counts-as-taken",
    ),
    pytest.param(
        (
            *lines("2024-11-30", **NO_MEDICINE),
            *lines("2025-02-01", "2025-04-20", "2025-07-02", "2025-10-09", **NO_MEDICINE),
        ),
        (True, True, True, False, False, True),
        id="no-medicine-needed-2024-in-time",
    ),
    pytest.param(
        (
            *lines("2024-10-31", **NO_MEDICINE),
            *lines("2025-02-01", "2025-04-20", "2025-07-02", "2025-10-09", **NO_MEDICINE),
        ),
        (True, True, False, False, False, True),
        id="no-medicine-needed-2024-too-early",
    ),
]


def period_from(history, *, opened_on: date, as_of: date, diagnosis: str = "01") -> PatientPeriod:
    """The sums of one history, written once more in the plainest way."""
    year = [line for line in history if line.on.year == as_of.year and line.on <= as_of]
    before = [line.on for line in history if line.on.year < as_of.year]
    last = year[-1] if year else None
    taken = [line.in_hospital or line.adherence == 1 for line in year]
    not_taken = [not line.in_hospital and line.adherence in (2, 3) for line in year]
    return PatientPeriod(
        as_of=as_of,
        opened_on=opened_on,
        diagnosis=diagnosis,
        complete_n=len(year),
        max_gap=max((months_apart(a.on, b.on) for a, b in pairwise(year)), default=0),
        first_on=year[0].on if year else None,
        last_on=last.on if last else None,
        prev_on=max(before) if before else None,
        last_level=last.level if last else None,
        last_class=last.stability if last else None,
        last_adherence=last.adherence if last else None,
        last_hospital=last.in_hospital if last else False,
        any_taken=any(taken),
        any_not_taken=any(not_taken),
        face_n=sum(line.form in "12" and "1" in line.seen for line in year),
        level_quarters=tuple(
            any(line.level is not None and quarter_of(line.on) == quarter for line in year) for quarter in (1, 2, 3, 4)
        ),
        incident=any(line.incidents for line in year),
        high_n=sum((line.level or 0) >= 3 for line in year),
    )
