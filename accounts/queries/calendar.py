"""The working calendar: the holiday notices known to chinesecalendar, overridden by the county's own rows."""

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

from accounts.models import CalendarDay
from accounts.rules.calendar import WorkCalendar


@lru_cache(maxsize=1)
def _announced() -> tuple[dict[date, bool], frozenset[int]]:
    known: dict[date, bool] = {}
    exceptions = {**chinese_calendar.holidays, **chinese_calendar.workdays, **chinese_calendar.in_lieu_days}
    years = frozenset(day.year for day in exceptions)
    for day in exceptions:
        known[day] = chinese_calendar.is_workday(day)
    return known, years


def work_calendar() -> WorkCalendar:
    known, years = _announced()
    return WorkCalendar(known, years, dict(CalendarDay.objects.values_list("day", "is_working")))


def days_of_year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
