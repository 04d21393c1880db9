"""Days as people read them: the same two ways on every page, the year only where it is another one."""

from datetime import date


def short_day(day: date, today: date) -> str:
    """12-04, for tables and lists."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def long_day(day: date, today: date | None = None) -> str:
    """12 月 4 日, for sentences. Without `today` the year goes without saying."""
    year = "" if today is None or day.year == today.year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日"
