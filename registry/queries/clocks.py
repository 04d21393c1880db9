"""The clocks of a county: its calendar and its settings, read once for a page and only when a clock runs."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from accounts.queries.calendar import work_calendar
from accounts.queries.policy import CountyRules
from accounts.rules.calendar import WorkCalendar
from registry.models import Patient
from registry.rules.clocks import Clock, clock


@dataclass
class Clocks:
    """`run("card_accept_days", start, county)`: a limit from the county's own setting."""

    today: date
    rules: CountyRules

    @cached_property
    def calendar(self) -> WorkCalendar:
        return work_calendar()

    def days(self, key: str, county: int) -> int:
        return int(self.rules[county][key])

    def stands_on_the_list(self, patient: Patient) -> bool:
        """Due anyway within the days ahead: the list of visits shows the person, another line would show it twice."""
        if patient.next_due_on is None:
            return False
        ahead = timedelta(days=self.days("worklist_days_ahead", patient.duty_county))
        return patient.next_due_on <= self.today + ahead

    def run(self, key: str, start: date, county: int, done_on: date | None = None) -> Clock:
        return clock(start, self.days(key, county), self.calendar, today=self.today, done_on=done_on)


def clocks(today: date) -> Clocks:
    return Clocks(today, CountyRules(today))
