"""What was settled otherwise before: back pay, claw-back, the floor of a year."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from subsidy.queries.presets import preset
from subsidy.rules.offsets import difference, following, take_back, top_up
from subsidy.rules.settlement import settle
from subsidy.rules.spans import Span
from subsidy.terms import DutyResult
from tests.subsidy.lives import life, plain, scheme
from tests.subsidy.test_settlement import ALWAYS_GUARDED, LIVES, PERIODS, VERSIONS, YEAR

D = Decimal
BEIJING, ZOUCHENG = preset("beijing-2016"), preset("zoucheng-2019")


def settled(rules=BEIJING, period=YEAR, **case):
    return settle(period, rules, life(case, "standard"))


def test_a_death_heard_of_late_is_taken_back_in_the_next_run():
    found = difference(settled(), settled(stops=["died 2025-09-10"]))
    assert [(one.payee, one.about, one.amount) for one in found] == [("g1", YEAR, D("-740.00"))]
    assert found[0].words == (
        "2025-01-01 至 2025-12-31 原结算 2,400.00 元，现应为 1,660.00 元，多发 740.00 元，从以后的发放中抵扣。"
        "原因：2025-09-10 至 2025-12-31 患者死亡。"
    )


def test_a_guardian_recorded_late_is_paid_later_and_the_old_one_owes():
    found = difference(settled(), settled(agreements=["2025-01-01..2025-03-14 g1", "2025-03-15.. g2"]))
    assert [(one.payee, one.amount) for one in found] == [("g1", D("-1909.68")), ("g2", D("1909.68"))]


def test_a_failed_duty_that_is_revised_is_paid_later():
    failed = settled(duty=["2025-01-01..2025-12-31 failed"])
    found = difference(failed, settled())
    assert [(one.payee, one.amount) for one in found] == [("g1", D("2400.00"))]
    assert "少发 2,400.00 元，在下一次一并补发" in found[0].words
    assert "不再因“履责认定不合格" in found[0].words


def test_what_was_put_right_once_is_not_put_right_again():
    before, now = settled(), settled(stops=["died 2025-09-10"])
    first = difference(before, now)
    assert difference(before, now, first) == ()
    later = settled(stops=["died 2025-09-01"])
    assert [one.amount for one in difference(before, later, first)] == [D("-60.00")]
    assert sum(one.amount for one in [*first, *difference(before, later, first)]) == later.total - before.total


def test_an_incident_that_is_still_to_be_decided_takes_nothing_back():
    assert difference(settled(), settled(incidents=["2025-06-12"])) == ()
    assert [one.amount for one in difference(settled(), settled(incidents=["2025-06-12 counts failed"]))] == [
        D("-2400.00")
    ]


def test_different_periods_cannot_be_compared():
    with pytest.raises(ValueError, match="different periods"):
        difference(settled(), settled(period=Span(YEAR.first, date(2025, 6, 30))))


@given(PERIODS, VERSIONS, LIVES, LIVES)
@settings(max_examples=120)
def test_offsets_always_lead_from_what_was_paid_to_what_is_due(period, version, then, now):
    rules = scheme(version)
    before, after = settle(period, rules, then), settle(period, rules, now)
    assert difference(before, before) == ()
    offsets = difference(before, after)
    assert before.total + sum(one.amount for one in offsets) == after.total
    assert difference(before, after, offsets) == ()


@pytest.mark.parametrize(
    ("due", "owed", "paid", "left"),
    [("600", "0", "600", "0"), ("600", "740", "0", "140"), ("600", "200", "400", "0"), ("0", "5", "0", "5")],
)
def test_a_payment_never_falls_below_nothing(due, owed, paid, left):
    assert take_back(D(due), D(owed)) == (D(paid), D(left))


def test_negative_amounts_are_not_taken_back():
    with pytest.raises(ValueError, match="0 or more"):
        take_back(D(-1), D(0))


def test_the_next_period_is_where_an_offset_goes():
    assert following(Span(date(2025, 7, 1), date(2025, 9, 30)), ZOUCHENG) == Span(date(2025, 10, 1), date(2025, 12, 31))


# --- never under 2,400 for a full year of duty ---
QUARTERS = [
    Span(date(2025, month, 1), date(2025, month + 2, 31 if month in (1, 10) else 30)) for month in (1, 4, 7, 10)
]


def quarters(rules, **case):
    return [settled(rules, quarter, **case) for quarter in QUARTERS]


def test_four_quarters_of_zoucheng_are_never_under_the_floor():
    assert sum(one.total for one in quarters(ZOUCHENG)) == D("2400.00")
    assert top_up(quarters(ZOUCHENG), ZOUCHENG) == ()


LOW = scheme(plain("150"), replace(plain("200", date(2025, 7, 1)), floor_per_year=D("2400.00")))


def test_a_year_that_began_at_a_lower_rate_is_topped_up():
    found = top_up(quarters(LOW), LOW)
    assert [(one.payee, one.amount) for one in found] == [("g1", D("300.00"))]
    assert found[0].words == "2025-01-01 至 2025-12-31 全年履责，合计不足每人每年 2,400.00 元的下限，补足 300.00 元。"


def test_the_top_up_goes_to_the_guardian_at_the_years_end():
    found = top_up(quarters(LOW, agreements=["2025-01-01..2025-03-31 g1", "2025-04-01.. g2"]), LOW)
    assert [(one.payee, one.amount) for one in found] == [("g2", D("300.00"))]


@pytest.mark.parametrize("case", [{"stops": ["died 2025-12-31"]}, {"agreements": ["2025-01-02.. g1"]}])
def test_less_than_a_full_year_is_not_topped_up(case):
    assert top_up(quarters(LOW, **case), LOW) == ()


def test_twelve_months_across_two_care_years_are_no_year():
    low = scheme(replace(plain("150"), floor_per_year=D("2400.00")))
    year = [*QUARTERS[1:], Span(date(2026, 1, 1), date(2026, 3, 31))]
    assert top_up([settled(low, quarter) for quarter in year], low) == ()


def test_three_quarters_are_no_year():
    assert top_up(quarters(LOW)[:3], LOW) == ()
    assert top_up([], LOW) == ()


def test_duty_words_are_read_last_given_first():
    found = settled(ZOUCHENG, QUARTERS[0], duty=["2025-01-01..2025-03-31 failed", "2025-01-01..2025-03-31 passed"])
    assert found.total == D("600.00")
    assert life({"duty": ["2025-01-01..2025-03-31 failed"]}, "x").duty_on(date(2025, 1, 1)) is DutyResult.FAILED
    assert ALWAYS_GUARDED.duty_on(date(2025, 1, 1)) is None
