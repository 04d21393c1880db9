"""Which differences of a list are late, for whom: the county after the deadline, the commission some days later."""

from collections.abc import Iterable
from datetime import date

from accounts.rules.calendar import WorkCalendar, add_working_days


def passed_by(days: Iterable[date], today: date, *, more: int, calendar: WorkCalendar) -> frozenset[date]:
    """Which of these last days have passed by more than `more` working days; 0: the last day itself is over.

    Source: issue 4, Build 6 (each difference has a deadline), as alerts are escalated (Build 2). Units: working days.
    """
    return frozenset(day for day in set(days) if add_working_days(day, more, calendar) < today)
