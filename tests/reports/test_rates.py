"""Rates, gaps, pace and suppression: boundary and neighbour."""

from datetime import date
from decimal import Decimal

import pytest

from reports.rules.levels import NAMES, hide_levels, levels_of
from reports.rules.months import (
    closed_quarters,
    last_quarter_end,
    quarter_ends_back,
    quarter_ends_between,
    whole_months_between,
)
from reports.rules.pace import Line
from reports.rules.plan_row import Value, plan_row, tally
from reports.rules.rates import meets, missing, printed, printed_target, rate
from reports.rules.suppression import hide_small, one_cell
from reports.terms import Operator, Standing, Unit

AT_LEAST = Operator.AT_LEAST


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        pytest.param(1, 3, "33.33", id="down"),
        pytest.param(2, 3, "66.67", id="up"),
        pytest.param(2001, 16_000, "12.51", id="half-goes-up"),
        pytest.param(0, 7, "0.00", id="nobody-of-some"),
        pytest.param(7, 7, "100.00", id="all"),
        pytest.param(0, 0, None, id="nobody-of-nobody"),
        pytest.param(3, None, None, id="unknown-denominator"),
    ],
)
def test_a_rate_has_two_decimals_half_up_and_none_of_nobody(numerator, denominator, expected):
    found = rate(numerator, denominator, Unit.PERCENT)
    assert found == (None if expected is None else Decimal(expected))
    assert printed(found, Unit.PERCENT) == ("—" if expected is None else f"{expected}%")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("5.0574"), Unit.PERMILLE, "5.06‰"),
        (Decimal("75.6"), Unit.ONE_TO, "1/76"),
        (Decimal(1), Unit.COUNT, "1"),
        (Decimal("0.55"), Unit.PER_THOUSAND, "0.55"),
        (Decimal(1), Unit.YES_NO, "有"),
        (Decimal(0), Unit.YES_NO, "没有"),
    ],
)
def test_figures_print_with_their_sign(value, unit, expected):
    assert printed(value, unit) == expected


def test_targets_print_as_the_plan_writes_them():
    cases = [
        (Decimal(95), Unit.PERCENT, AT_LEAST), (Decimal("4.9"), Unit.PERMILLE, Operator.REPORT),
        (Decimal(80), Unit.ONE_TO, Operator.AT_MOST), (Decimal(100), Unit.PERCENT, Operator.EQUAL),
        (Decimal("0.6"), Unit.PER_THOUSAND, AT_LEAST),
    ]  # fmt: skip
    assert [printed_target(*case) for case in cases] == ["≥95%", "4.9‰", "1/80", "=100%", "≥0.6"]


@pytest.mark.parametrize(
    ("numerator", "expected"), [(4096, 1), (4097, 0), (4095, 2)], ids=["one-short", "reached", "two-short"]
)
def test_the_gap_is_the_smallest_number_of_people_that_reaches_the_target(numerator, expected):
    """95 % of 4,312 is 4,096.4: 4,097 people reach it."""
    assert missing(numerator, 4312, Unit.PERCENT, AT_LEAST, Decimal(95)) == expected
    assert meets(Decimal(numerator) * 100 / 4312, AT_LEAST, Decimal(95)) is (expected == 0)


def test_more_than_needs_one_more_than_exactly_there():
    assert missing(6, 10, Unit.PERCENT, Operator.MORE_THAN, Decimal(60)) == 1
    assert missing(6, 10, Unit.PERCENT, AT_LEAST, Decimal(60)) == 0
    assert meets(Decimal(60), Operator.MORE_THAN, Decimal(60)) is False


def test_things_per_resident_and_plain_counts_have_gaps_too():
    assert missing(Decimal(469), Decimal(852_640), Unit.PER_THOUSAND, AT_LEAST, Decimal("0.6")) == 43
    assert missing(Decimal(50), Decimal(852_640), Unit.PER_HUNDRED_THOUSAND, AT_LEAST, Decimal(6)) == 2
    assert missing(Decimal(0), None, Unit.COUNT, AT_LEAST, Decimal(1)) == 1
    assert missing(Decimal(1), None, Unit.PERCENT, AT_LEAST, Decimal(1)) is None


LINE = Line(Unit.PERCENT, AT_LEAST, Decimal(95), Decimal("87.31"), 2022, 2025)


@pytest.mark.parametrize(
    ("day", "months"),
    [(date(2025, 9, 30), 33), (date(2025, 9, 29), 32), (date(2025, 10, 1), 33), (date(2022, 12, 31), 0),
     (date(2022, 6, 1), 0), (date(2025, 12, 31), 36), (date(2026, 11, 24), 36)],
)  # fmt: skip
def test_months_of_the_way_are_whole_months(day, months):
    assert LINE.months_done(day) == months


def test_pace_is_one_straight_line():
    day = date(2025, 9, 30)
    assert LINE.projected(Decimal("93.27"), day).quantize(Decimal("0.01")) == Decimal("93.81")
    assert LINE.due_value(day).quantize(Decimal("0.01")) == Decimal("94.36")
    assert LINE.walked(Decimal("93.27")).quantize(Decimal("0.01")) == Decimal("0.78")
    assert (LINE.projected(Decimal(94), date(2025, 12, 31)), LINE.projected(Decimal(94), date(2022, 12, 31))) == (
        None,
        None,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("95", Standing.MET, id="reached"),
        pytest.param("94.4", Standing.ON_TRACK, id="the-line-reaches-it"),
        pytest.param("94.35", Standing.AT_RISK, id="just-below-the-line"),
        pytest.param("90", Standing.AT_RISK, id="five-points-away"),
        pytest.param("89.99", Standing.FAR, id="more-than-five-points"),
        pytest.param(None, Standing.NO_DATA, id="unknown"),
    ],
)
def test_standing(value, expected):
    assert LINE.standing(value and Decimal(value), date(2025, 9, 30)) is expected


def test_without_a_base_nothing_is_projected_and_report_only_is_not_judged():
    no_base = Line(Unit.PERCENT, AT_LEAST, Decimal(80), None, 2022, 2025)
    assert (no_base.standing(Decimal(79), date(2025, 9, 30)), no_base.projected(Decimal(79), date(2025, 9, 30))) == (
        Standing.AT_RISK, None,
    )  # fmt: skip
    report = Line(Unit.PERMILLE, Operator.REPORT, Decimal("4.9"), Decimal("5.18"), 2022, 2025)
    assert report.standing(Decimal(3), date(2025, 9, 30)) is Standing.REPORT_ONLY


def test_a_lower_ratio_is_better():
    ratio = Line(Unit.ONE_TO, Operator.AT_MOST, Decimal(80), Decimal(120), 2022, 2025)
    day = date(2025, 12, 31)
    assert [ratio.standing(Decimal(n), day) for n in (80, 81, 84, 85)] == [
        Standing.MET, Standing.AT_RISK, Standing.AT_RISK, Standing.FAR,
    ]  # fmt: skip


def _row(plan_text, key):
    from reports.rules.pack_reading import read_pack

    pack = read_pack(plan_text, "youyang-2023.toml")
    return pack.row(key), pack.base_year


@pytest.mark.parametrize(
    ("key", "value", "standing", "gap", "note"),
    [
        ("standard_managed", Value(4022, 4312), Standing.AT_RISK, "75 人", "按目前进度 2025 年底 93.82%，有未达标风险"),
        ("beds_per_thousand", Value(Decimal(469), Decimal(852_640)), Standing.FAR, "43 张", "按目前进度 2025 年底 0.56，达不到"),
        ("psychiatrists", Value(Decimal(50), Decimal(852_640)), Standing.ON_TRACK, "2 人",
         "按目前进度 2025 年底 6.05，可以达到"),
        ("prevalence", Value(4312, 852_640), Standing.REPORT_ONLY, "", "距 4.9‰ 还有 0.16‰；不分好坏，只报告"),
        ("staff_ratio", Value(), Standing.NO_DATA, "", "本系统还没有计算它要用的资料"),
        ("mental_health_literacy", Value(), Standing.MISSING, "", "等县卫生健康委填报"),
        ("county_wellbeing_centre", Value(Decimal(1), confirmed=False, entered_on=date(2025, 10, 5)), Standing.UNCONFIRMED,
         "", "10-05 已填报，确认前不算完成"),
        ("secondary_centre", Value(Decimal(1), remark="2025-03 通过等级评审"), Standing.MET, "已达到", "2025-03 通过等级评审"),
    ],
)  # fmt: skip
def test_a_row_of_the_plan_in_words(plan_text, key, value, standing, gap, note):
    row = plan_row(*_row(plan_text, key), date(2025, 9, 30), value)
    assert (row.standing, row.gap_text, row.note) == (standing, gap, note)


def test_after_the_target_year_the_last_target_stands_and_nothing_is_projected(plan_text):
    row = plan_row(*_row(plan_text, "standard_managed"), date(2026, 11, 24), Value(90, 100))
    assert (row.target.year, row.projected, row.note) == (2025, None, "2025 年底已过，没有达到目标")
    assert sum(tally((row,)).values()) == 1


def test_completion_is_value_over_target_and_for_a_ratio_the_other_way(plan_text):
    day = date(2025, 9, 30)
    assert plan_row(*_row(plan_text, "standard_managed"), day, Value(4022, 4312)).completion == "98.18"
    assert plan_row(*_row(plan_text, "staff_ratio"), day, Value(Decimal(57), 4312)).completion == "105.75"
    assert plan_row(*_row(plan_text, "prevalence"), day, Value(4312, 852_640)).completion == "—"


@pytest.mark.parametrize(
    ("counts", "hidden", "total", "sentence"),
    [
        pytest.param({"a": 0, "b": 5, "c": 9}, [], "14", "", id="nothing-small"),
        pytest.param({"a": 4, "b": 14, "c": 90}, ["a", "b"], "108",
                     "a少于 5 人，不显示；为防止倒推，b一并隐藏。以上合计 18 人。", id="the-next-smallest-guards"),
        pytest.param({"a": 1, "b": 2, "c": 30}, ["a", "b", "c"], "33",
                     "a、b少于 5 人，不显示；为防止倒推，c一并隐藏。以上合计 33 人。", id="two-small-ones-sum-to-less-than-five"),
        pytest.param({"a": 3, "b": 4, "c": 30}, ["a", "b"], "37", "a、b少于 5 人，不显示。以上合计 7 人。", id="two-are-enough"),
        pytest.param({"a": 3, "b": 0}, ["a"], "<5", "a少于 5 人，不显示。", id="the-total-gives-it-back"),
    ],
)  # fmt: skip
def test_small_cells_and_what_would_give_them_back(counts, hidden, total, sentence):
    found = hide_small(counts)
    assert [key for key, cell in found.cells.items() if cell.is_hidden] == hidden
    assert (found.total.label, found.explain({key: key for key in counts})) == (total, sentence)


def test_zero_stays_zero_and_five_is_shown():
    assert [one_cell(count).label for count in (0, 1, 4, 5)] == ["0", "<5", "<5", "5"]


def test_quarters_of_a_day():
    assert closed_quarters(date(2025, 6, 29)) == (1,)
    assert closed_quarters(date(2025, 6, 30)) == (1, 2)
    assert last_quarter_end(date(2026, 1, 1)) == date(2025, 12, 31)
    assert quarter_ends_back(date(2025, 4, 1), 3) == (date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31))
    assert quarter_ends_between(date(2024, 12, 31), date(2025, 6, 30)) == (
        date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30),
    )  # fmt: skip
    assert whole_months_between(date(2024, 2, 29), date(2024, 3, 31)) == 1


def _levels(*counts, hospital=7, without=6):
    levels = {f"risk_{level}": count for level, count in enumerate(counts)}
    managed = sum(counts) + hospital
    return levels_of(levels, managed=managed, registered=managed + without)


@pytest.mark.parametrize(
    ("counts", "hidden", "high"),
    [
        pytest.param((300, 44, 15, 41, 14, 2), ["risk_4", "risk_5"], "57", id="a-guard-among-the-high-ones"),
        pytest.param((300, 44, 3, 41, 14, 6), ["risk_1", "risk_2"], "61", id="a-guard-among-the-low-ones"),
        pytest.param((300, 44, 15, 3, 0, 0), ["risk_2", "risk_3"], "<5", id="a-small-total-is-guarded-by-a-low-level"),
        pytest.param((300, 44, 15, 5, 0, 0), [], "5", id="nothing-small"),
    ],
)
def test_levels_are_hidden_so_that_neither_total_gives_one_back(counts, hidden, high):
    found = hide_levels(_levels(*counts), 5)
    assert [code for code, cell in found.cells.items() if cell.is_hidden] == hidden
    assert found.total.label == high


def test_who_is_in_hospital_or_without_a_record_is_no_level_and_guards_nothing():
    found = hide_levels(_levels(300, 44, 15, 3, 0, 0, hospital=2, without=1), 5)
    assert (found.cells["in_hospital"].label, found.cells["no_record"].label) == ("2", "1")
    assert found.explain(NAMES) == "3 级少于 5 人，不显示；为防止倒推，2 级一并隐藏。以上合计 18 人。"
