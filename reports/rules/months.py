"""Dates as the national system counts them: by calendar months, quarters and years."""

from calendar import monthrange
from datetime import date, timedelta


def months_apart(earlier: date, later: date) -> int:
    """Months between two dates, their days ignored: 31 January and 1 May are 4 apart. Source: 指标口径, 相隔月数."""
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def year_start(day: date) -> date:
    return date(day.year, 1, 1)


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def quarter_start(year: int, quarter: int) -> date:
    return date(year, 3 * quarter - 2, 1)


def quarter_end(year: int, quarter: int) -> date:
    month = 3 * quarter
    return date(year, month, monthrange(year, month)[1])


def is_quarter_end(day: date) -> bool:
    return day == quarter_end(day.year, quarter_of(day))


def closed_quarters(day: date) -> tuple[int, ...]:
    """Quarters of the day's year that ended on or before the day."""
    return tuple(quarter for quarter in (1, 2, 3, 4) if quarter_end(day.year, quarter) <= day)


def last_quarter_end(day: date) -> date:
    """The latest quarter's end on or before the day."""
    if is_quarter_end(day):
        return day
    return quarter_start(day.year, quarter_of(day)) - timedelta(days=1)


def quarter_ends_back(day: date, count: int) -> tuple[date, ...]:
    """The `count` latest quarter ends on or before the day, oldest first."""
    ends: list[date] = []
    end = last_quarter_end(day)
    for _ in range(count):
        ends.append(end)
        end = quarter_start(end.year, quarter_of(end)) - timedelta(days=1)
    return tuple(reversed(ends))


def quarter_ends_between(first: date, last: date) -> tuple[date, ...]:
    """Every quarter's end from `first` to `last`, both included."""
    ends = [quarter_end(year, quarter) for year in range(first.year, last.year + 1) for quarter in (1, 2, 3, 4)]
    return tuple(end for end in ends if first <= end <= last)


def whole_months_between(start: date, end: date) -> int:
    """Full months passed from a month's last day to `end`; the running month does not count until it is over."""
    return months_apart(start, end) - (0 if is_month_end(end) else 1)


def is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def quarter_words(day: date) -> str:
    return f"{day.year} 年第 {quarter_of(day)} 季度"
