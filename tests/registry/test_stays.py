"""Bed-days and which stays cannot both be true: tables with the boundary day and the day after."""

from datetime import date

import pytest

from registry.rules.stays import BedDayRule, Stay, StayRefused, bed_days, bed_days_between, check_stay

IN, OUT, TODAY = date(2026, 3, 1), date(2026, 3, 11), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("stay", "rule", "days"),
    (
        pytest.param(Stay(IN, OUT), BedDayRule(), 10, id="admission-day-counts-discharge-day-does-not"),
        pytest.param(Stay(IN, OUT), BedDayRule(counts_discharge_day=True), 11, id="county-counts-both"),
        pytest.param(Stay(IN, date(2026, 3, 2)), BedDayRule(), 1, id="one-night"),
        pytest.param(Stay(IN, IN), BedDayRule(), 1, id="within-one-day"),
        pytest.param(Stay(IN, IN), BedDayRule(same_day=0), 0, id="within-one-day-by-setting"),
        pytest.param(Stay(TODAY), BedDayRule(), 1, id="came-today"),
        pytest.param(Stay(date(2026, 11, 20)), BedDayRule(), 5, id="still-in-hospital"),
    ),
)
def test_bed_days(stay, rule, days):
    assert bed_days(stay, today=TODAY, rule=rule) == days


def test_bed_days_of_a_quarter_cut_a_stay_at_its_edges():
    stays = [Stay(date(2026, 3, 30), date(2026, 4, 3)), Stay(date(2026, 6, 30))]
    assert bed_days_between(stays, date(2026, 1, 1), date(2026, 3, 31)) == 2
    assert bed_days_between(stays, date(2026, 4, 1), date(2026, 6, 30)) == 3
    assert bed_days_between(stays, date(2026, 7, 1), date(2026, 7, 31)) == 31


OTHERS = [Stay(IN, OUT), Stay(date(2026, 11, 1))]


@pytest.mark.parametrize(
    ("stay", "field"),
    (
        pytest.param(Stay(OUT, date(2026, 3, 20)), None, id="next-hospital-on-the-same-day"),
        pytest.param(Stay(date(2026, 3, 10), date(2026, 3, 20)), "admitted_on", id="a-day-too-early"),
        pytest.param(Stay(date(2026, 2, 1), IN), None, id="ended-on-the-admission-day"),
        pytest.param(Stay(date(2026, 2, 1), date(2026, 3, 2)), "admitted_on", id="ended-a-day-too-late"),
        pytest.param(Stay(date(2026, 10, 1), date(2026, 11, 1)), None, id="before-the-running-one"),
        pytest.param(Stay(date(2026, 11, 2), date(2026, 11, 9)), "admitted_on", id="inside-the-running-one"),
        pytest.param(Stay(date(2026, 5, 2), date(2026, 5, 1)), "discharged_on", id="backwards"),
        pytest.param(Stay(date(2026, 5, 2)), "admitted_on", id="open-across-a-later-one"),
    ),
)
def test_check_stay(stay, field):
    if field is None:
        check_stay(stay, OTHERS)
        return
    with pytest.raises(StayRefused) as refusal:
        check_stay(stay, OTHERS)
    assert refusal.value.field == field
