"""What a freeze keeps of a person, and when somebody counts otherwise."""

from datetime import date

import pytest

from reports.rules.frozen import (
    Differing,
    PersonRow,
    differing,
    digest_of,
    fault_of,
    need_of,
    outcome_of,
    pair_of,
    read,
    tallies,
    written,
)  # fmt: skip
from reports.terms import FreezeKind, Outcome

TODAY = date(2026, 10, 8)
PLAN_YEARS = (2023, 2025)


def test_what_is_written_is_read_back_in_the_order_of_the_keys():
    rows = [PersonRow(12, "10a"), PersonRow(3, "111")]
    assert written(rows) == "3 111\n12 10a"
    assert list(read(written(rows))) == [PersonRow(3, "111"), PersonRow(12, "10a")]
    assert list(read(written([]))) == []


@pytest.mark.parametrize(
    ("letter", "outcome", "need"),
    [("0", Outcome.OUT, None), ("1", Outcome.MET, None), ("a", Outcome.UNMET, 0), ("d", Outcome.UNMET, 3)],
)
def test_a_letter_says_the_outcome_and_the_requirement_that_failed(letter, outcome, need):
    assert (outcome_of(letter), need_of(letter)) == (outcome, need)


def test_figures_and_reasons_are_counted_from_the_same_letters():
    found = tallies(["managed", "stable"], [PersonRow(1, "10"), PersonRow(2, "1b"), PersonRow(3, "a0")])
    assert {code: pair_of(tally) for code, tally in found.items()} == {"managed": (2, 3), "stable": (0, 1)}
    assert found["stable"]["b"] == 1
    assert {code: pair_of(tally) for code, tally in tallies(["managed"], []).items()} == {"managed": (0, 0)}


@pytest.mark.parametrize(
    ("before", "after", "listed"),
    [
        pytest.param({1: "1"}, {1: "1"}, [], id="the-same"),
        pytest.param({1: "a"}, {1: "b"}, [], id="another-reason-only"),
        pytest.param({1: "a"}, {1: "1"}, [Differing(1, "a", "1")], id="counts-now"),
        pytest.param({1: "1"}, {}, [Differing(1, "1", "0")], id="no-longer-on-the-register"),
        pytest.param({}, {1: "a"}, [Differing(1, "0", "a")], id="a-file-entered-late"),
        pytest.param({1: "0"}, {}, [], id="was-out-and-is-gone"),
    ],
)
def test_only_another_outcome_is_listed(before, after, listed):
    assert list(differing(before, after)) == listed


def test_the_digest_holds_every_digit_and_not_the_order_of_the_keys():
    assert digest_of({"a": 1, "b": [1, "2"]}) == digest_of({"b": [1, "2"], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


@pytest.mark.parametrize(
    ("kind", "as_of", "years", "word"),
    [
        pytest.param(FreezeKind.QUARTER, date(2026, 9, 30), None, "", id="a-closed-quarter"),
        pytest.param(FreezeKind.QUARTER, date(2026, 9, 29), None, "最后一天", id="a-day-inside-a-quarter"),
        pytest.param(FreezeKind.QUARTER, date(2026, 12, 31), None, "不能晚于今天", id="ahead"),
        pytest.param(FreezeKind.MIDTERM, TODAY, (2024, 2026), "", id="an-assessment-of-today"),
        pytest.param(FreezeKind.MIDTERM, TODAY, None, "哪个计划", id="no-plan"),
        pytest.param(FreezeKind.MIDTERM, date(2022, 12, 31), PLAN_YEARS, "早于计划", id="before-the-plan"),
        pytest.param(FreezeKind.FINAL, date(2026, 6, 30), PLAN_YEARS, "", id="held-after-its-last-year"),
        pytest.param(FreezeKind.FINAL, date(2026, 6, 30), (2016, 2020), "晚于计划结束", id="long-after-the-plan"),
    ],
)
def test_which_day_can_be_frozen_as_what(kind, as_of, years, word):
    said = fault_of(kind, as_of, TODAY, years)
    assert word in said
    assert bool(said) == bool(word)


def test_a_quarter_that_ends_today_is_not_over():
    assert "明天起" in fault_of(FreezeKind.QUARTER, date(2026, 9, 30), date(2026, 9, 30), None)
