"""Hours that an office has: on the working calendar for offices, on the clock for desks that are always manned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.rules.calendar import WorkCalendar, is_working_day

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Patience:
    """A county's hours. `calendar` None: the county counts every day for everybody. Units: hours."""

    acknowledge: int
    answer: int
    commission: int
    calendar: WorkCalendar | None = None

    @classmethod
    def of(cls, rules: Mapping[str, object], calendar: WorkCalendar) -> "Patience":
        def hours(key: str) -> int:
            return int(str(rules[key]))

        return cls(
            hours("acknowledge_hours"),
            hours("answer_hours"),
            hours("escalate_commission_hours"),
            calendar if rules["alert_hours_working_days"] else None,
        )

    def counted(self, *, on_duty: bool) -> WorkCalendar | None:
        """The calendar on which an office's hours are counted; None for a desk on duty around the clock."""
        return None if on_duty else self.calendar


def _midnight(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time.min, like.tzinfo)


def deadline(start: datetime, *, hours: int, calendar: WorkCalendar | None) -> datetime:
    """When `hours` have passed since `start`; hours of a day off do not count. Units: hours, local time.

    Source: issue 4 (期限按工作日历，值班单位即时); the hours are county settings (本系统).
    """
    left = timedelta(hours=hours)
    if calendar is None:
        return start + left
    moment = start
    while True:
        end = _midnight(moment.date() + DAY, start)
        if is_working_day(moment.date(), calendar):
            if left <= end - moment:
                return moment + left
            left -= end - moment
        moment = end


def late_since(now: datetime, *, hours: int, calendar: WorkCalendar | None) -> datetime:
    """What began before this moment is late at `now`: the way back of `deadline`. Units: hours, local time."""
    left = timedelta(hours=hours)
    if calendar is None:
        return now - left
    moment = now
    while True:
        day = moment.date() if moment > _midnight(moment.date(), now) else moment.date() - DAY
        begin = _midnight(day, now)
        if is_working_day(day, calendar):
            if left <= moment - begin:
                return moment - left
            left -= moment - begin
        moment = begin
