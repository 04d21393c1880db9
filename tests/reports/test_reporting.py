"""When a reported row is due again: once for each year of the plan, within some days of its end."""

from datetime import date

import pytest

from reports.rules.reporting import Entry, todo
from reports.terms import Duty, ReportedState

YEARS = (2025, 2027)
ENTERED, CONFIRMED = ReportedState.ENTERED, ReportedState.CONFIRMED
RETURNED, REPLACED = ReportedState.RETURNED, ReportedState.REPLACED


def _todo(today, *entries, years=YEARS):
    found = todo(entries, years, today, due_days=15, remind_days=30)
    return found and (found.duty, found.period_to, found.due_on)


@pytest.mark.parametrize(
    ("today", "entries", "expected"),
    [
        pytest.param(date(2024, 12, 31), (), None, id="before-the-plan"),
        pytest.param(date(2025, 12, 15), (), (Duty.LATER, date(2025, 12, 31), date(2026, 1, 15)), id="not-yet"),
        pytest.param(date(2025, 12, 16), (), (Duty.SOON, date(2025, 12, 31), date(2026, 1, 15)), id="thirty-days-before"),
        pytest.param(date(2026, 1, 15), (), (Duty.SOON, date(2025, 12, 31), date(2026, 1, 15)), id="the-last-day"),
        pytest.param(date(2026, 1, 16), (), (Duty.LATE, date(2025, 12, 31), date(2026, 1, 15)), id="the-day-after"),
        pytest.param(
            date(2026, 1, 16), (Entry(date(2025, 12, 31), ENTERED),),
            (Duty.LATER, date(2026, 12, 31), date(2027, 1, 15)), id="entered-and-waiting",
        ),
        pytest.param(
            date(2026, 3, 1), (Entry(date(2026, 2, 10), CONFIRMED),),
            (Duty.LATER, date(2026, 12, 31), date(2027, 1, 15)), id="later-data-serve-as-well",
        ),
        pytest.param(
            date(2026, 3, 1), (Entry(date(2025, 9, 30), CONFIRMED),),
            (Duty.LATE, date(2025, 12, 31), date(2026, 1, 15)), id="data-of-september-do-not",
        ),
        pytest.param(
            date(2026, 3, 1), (Entry(date(2025, 12, 31), RETURNED),),
            (Duty.RETURNED, date(2025, 12, 31), date(2026, 1, 15)), id="returned",
        ),
        pytest.param(
            date(2026, 3, 1), (Entry(date(2025, 12, 31), RETURNED), Entry(date(2025, 12, 31), CONFIRMED)),
            (Duty.LATER, date(2026, 12, 31), date(2027, 1, 15)), id="returned-and-mended",
        ),
        pytest.param(
            date(2026, 3, 1), (Entry(date(2025, 12, 31), REPLACED),),
            (Duty.LATE, date(2025, 12, 31), date(2026, 1, 15)), id="a-replaced-one-is-none",
        ),
        pytest.param(date(2028, 6, 1), (Entry(date(2027, 12, 31), CONFIRMED),), None, id="every-year-reported"),
        pytest.param(
            date(2028, 6, 1), (Entry(date(2026, 12, 31), CONFIRMED),),
            (Duty.LATE, date(2027, 12, 31), date(2028, 1, 15)), id="the-last-year-is-missing",
        ),
    ],
)  # fmt: skip
def test_what_is_to_be_done(today, entries, expected):
    assert _todo(today, *entries) == expected


def test_a_returned_one_says_why():
    found = todo([Entry(date(2025, 12, 31), RETURNED, "请附表")], YEARS, date(2026, 1, 2), due_days=15, remind_days=30)
    assert (found.because, found.is_open) == ("请附表", True)
