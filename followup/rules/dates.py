"""Calendar months, the only tolerance the norm knows."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=20_000)
def add_months(day: date, months: int) -> date:
    """So many calendar months later; 31 January plus one is the last day of February. The calendar's end is its end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_apart(first: date, second: date) -> int:
    """Months between two dates by their month numbers: 2 January to 30 April are 3, 31 January to 1 May are 4.

    Source: 指标口径 月份间隔. Units: calendar months.
    """
    return 12 * (second.year - first.year) + second.month - first.month


def quarter_of(day: date) -> int:
    """0 to 3."""
    return (day.month - 1) // 3


def quarter_end(year: int, quarter: int) -> date:
    return date(year, 3 * quarter + 3, monthrange(year, 3 * quarter + 3)[1])


def day_after(day: date, days: int) -> date:
    """A day that cannot be (0001-01-01 typed by mistake) is judged before it is refused: it must not be an error."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
