"""When a reported row is due again, and what its department has to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.terms import Duty, ReportedState


@dataclass(frozen=True, slots=True)
class Entry:
    """One value as far as its duty goes."""

    period_to: date
    state: str
    because: str = ""  # of the commission, where it was returned


@dataclass(frozen=True, slots=True)
class Todo:
    """What is to be done about a row: for data up to `period_to`, until `due_on`."""

    duty: Duty
    period_to: date
    due_on: date
    because: str = ""

    @property
    def is_open(self) -> bool:
        """The department has something to do."""
        return self.duty in (Duty.RETURNED, Duty.LATE, Duty.SOON)


def todo(
    entries: Iterable[Entry], plan_years: tuple[int, int], today: date, *, due_days: int, remind_days: int
) -> Todo | None:
    """Each year of the plan is reported once: data up to 31 December, within `due_days` of it; later data serve as well.

    `entries` in the order they were made. Source: 本系统 (the plans ask for yearly checks and name no day). Units: days.
    None before the plan and where every year of it has been reported.
    """
    live = [entry for entry in entries if entry.state != ReportedState.REPLACED]
    years = range(plan_years[0], plan_years[1] + 1)
    newest = {entry.period_to: entry for entry in live}
    standing = [entry.period_to for entry in newest.values() if entry.state != ReportedState.RETURNED]
    last_said = max(standing, default=date.min)
    returned = [entry for entry in newest.values() if entry.state == ReportedState.RETURNED]
    if again := [entry for entry in returned if entry.period_to > last_said]:
        entry = max(again, key=lambda each: each.period_to)
        return Todo(Duty.RETURNED, entry.period_to, entry.period_to + timedelta(days=due_days), entry.because)
    ends = [date(year, 12, 31) for year in years]
    over = [end for end in ends if end < today]
    if over and last_said < over[-1]:
        due = over[-1] + timedelta(days=due_days)
        return Todo(Duty.LATE if due < today else Duty.SOON, over[-1], due)
    ahead = next((end for end in ends if end >= today), None)
    if ahead is None or today.year < plan_years[0]:
        return None
    due = ahead + timedelta(days=due_days)
    return Todo(Duty.SOON if (due - today).days <= remind_days else Duty.LATER, ahead, due)
