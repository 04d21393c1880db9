"""Working days (工作日). Pure: the calendar's exceptions are handed in.

Source: 国务院办公厅 yearly holiday notice; a year not announced yet follows weekends and the fixed legal holidays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

# 法定节假日 with a fixed date: used only for years whose notice is not out yet (the others follow the lunar calendar).
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True)
class WorkCalendar:
    """`announced`: day -> works, for years whose notice is known; `overrides`: a county's own rows, which win."""

    announced: Mapping[date, bool] = field(default_factory=dict)
    announced_years: frozenset[int] = frozenset()
    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_announced(self, year: int) -> bool:
        return year in self.announced_years


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    """True when offices work on `day`."""
    if day in calendar.overrides:
        return calendar.overrides[day]
    if day in calendar.announced:
        return calendar.announced[day]
    if not calendar.is_announced(day.year) and (day.month, day.day) in FIXED_HOLIDAYS:
        return False
    return day.weekday() < 5


def add_working_days(day: date, days: int, calendar: WorkCalendar) -> date:
    """The date `days` working days after `day`; the day itself does not count. Units: working days, >= 0."""
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day, calendar):
            days -= 1
    return day


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """Working days after `first` up to and including `last`; 0 when `last` is not later."""
    return sum(is_working_day(first + timedelta(days=n), calendar) for n in range(1, max(0, (last - first).days) + 1))
