"""Clocks of an alert in words: how long is left to 签收 and 反馈. Local datetimes in, a sentence out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.rules.calendar import WorkCalendar
from accounts.rules.day_words import short_day
from exchange.rules.deadlines import deadline as deadline_of


@dataclass(frozen=True)
class Clock:
    """`share` is the part of the time that is left, 0–100. `tone`: ok, soon (a quarter or less left) or late."""

    deadline: datetime
    words: str
    tone: str
    share: int


SOON_SHARE = 33


def clock(
    start: datetime, *, hours: int, now: datetime, verb: str, calendar: WorkCalendar | None = None
) -> Clock:  # fmt: skip
    """The time left to `verb` (签收, 反馈). Units: hours (of working days, with a calendar); moments in local time.

    Source: practice notes C (签收与反馈分开计时); the hours are a county setting.
    At the deadline itself nothing is late.
    """
    deadline = deadline_of(start, hours=hours, calendar=calendar)
    left = deadline - now
    by = f"{day_words(deadline.date(), now.date())} {deadline:%H:%M} 前"
    if left < timedelta(0):
        gap = " " if by[0].isdigit() else ""
        return Clock(deadline, f"已超过 {span_words(-left)}：应在{gap}{by}{verb}", "late", 0)
    share = round(100 * left / (deadline - start)) if deadline > start else 0
    tone = "soon" if share <= SOON_SHARE else "ok"
    return Clock(deadline, f"还有 {span_words(left)}：{by}{verb}", tone, min(share, 100))


def is_silent(start: datetime, *, hours: int, now: datetime, calendar: WorkCalendar | None = None) -> bool:
    """True when more than `hours` have passed without an answer: the county is told. Source: security 4.3."""
    return now > deadline_of(start, hours=hours, calendar=calendar)


def span_words(span: timedelta) -> str:
    """Days and hours, or hours and minutes; rounded down to the minute."""
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"
    return f"{rest} 分"


def day_words(day: date, today: date) -> str:
    """今天, 昨天, 明天; else month and day, with the year when it is another."""
    near = {0: "今天", -1: "昨天", 1: "明天"}.get((day - today).days)
    return near or short_day(day, today)


def moment_words(at: datetime, now: datetime) -> str:
    return f"{day_words(at.date(), now.date())} {at:%H:%M}"
