"""The clocks of a county: its calendar and its settings, read once for a page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.rules.calendar import WorkCalendar
from registry.rules.clocks import Clock, clock


@dataclass
class Clocks:
    """`run("card_accept_days", start, county)`: a limit from the county's own setting."""

    calendar: WorkCalendar
    today: date
    _found: dict[int, dict[str, Any]]

    def days(self, key: str, county: int) -> int:
        if county not in self._found:
            self._found[county] = policies(county, self.today)
        return int(self._found[county][key])

    def run(self, key: str, start: date, county: int, done_on: date | None = None) -> Clock:
        return clock(start, self.days(key, county), self.calendar, today=self.today, done_on=done_on)


def clocks(today: date) -> Clocks:
    return Clocks(work_calendar(), today, {})
