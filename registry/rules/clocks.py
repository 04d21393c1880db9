"""A limit in working days, in words: how much is left while there is time, how late it is afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.calendar import WorkCalendar, add_working_days, working_days_between
from accounts.rules.day_words import long_day


@dataclass(frozen=True)
class Clock:
    """`left` counts working days to the last day, negative when late. `guessed`: years without a holiday notice."""

    due_on: date
    left: int
    done_on: date | None = None
    guessed: tuple[int, ...] = ()

    @property
    def is_late(self) -> bool:
        return (self.done_on is not None and self.done_on > self.due_on) or (self.done_on is None and self.left < 0)

    @property
    def words(self) -> str:
        """还剩 3 个工作日，11 月 27 日前"""
        day = long_day(self.due_on)
        if self.done_on is not None:
            late = f"，超期 {-self.left} 个工作日" if self.is_late else "，在期限内"
            return f"{long_day(self.done_on)}办理{late}（期限 {day}）"
        if self.left < 0:
            return f"已超期 {-self.left} 个工作日，应在 {day}前办理"
        return f"今天到期（{day}）" if self.left == 0 else f"还剩 {self.left} 个工作日，{day}前"

    @property
    def tone(self) -> str:
        return "urgent" if self.is_late else "caution" if self.done_on is None and self.left <= 1 else ""

    @property
    def warning(self) -> str:
        """Said on every page that shows the clock, while a year of its span has no official calendar."""
        if not self.guessed:
            return ""
        years = "、".join(str(year) for year in self.guessed)
        return f"{years} 年的放假安排还没有公布，期限暂按双休日和固定节假日推算，公布后会变动。"


def clock(start: date, days: int, calendar: WorkCalendar, *, today: date, done_on: date | None = None) -> Clock:
    """`days` working days after `start`, seen on `today` or on the day it was done. Source: 发病报告管理办法.

    Units: working days; the day of the event itself does not count.
    """
    due = add_working_days(start, days, calendar)
    seen = done_on or today
    left = _left(seen, due, calendar)
    span = range(start.year, due.year + 1)
    guessed = tuple(year for year in span if not _is_known(year, start, due, calendar))
    return Clock(due, left, done_on, guessed)


def _left(seen: date, due: date, calendar: WorkCalendar) -> int:
    if seen <= due:
        return working_days_between(seen, due, calendar)
    return -max(1, working_days_between(due, seen, calendar))  # a day off after the limit is late all the same


def _is_known(year: int, start: date, due: date, calendar: WorkCalendar) -> bool:
    """The notice is out, or the county has settled every day of the span itself."""
    if calendar.is_announced(year):
        return True
    first, last = max(start, date(year, 1, 1)), min(due, date(year, 12, 31))
    return all(first + timedelta(days=n) in calendar.overrides for n in range((last - first).days + 1))
