"""The worked cases of the definitions, as pure rules, by the summary rows and straight from the visits."""

from datetime import date

import pytest

from reports.rules.conditions import Is
from reports.rules.detail import Detail, Seen, detail_of
from reports.rules.indicators import COUNTED, INDICATORS, RISK_LEVELS, WITHOUT_DATA
from reports.rules.months import months_apart
from reports.rules.period import PatientPeriod
from tests.reports.histories import WORKED, T, period_from

ANSWERS = ("managed", "standard_managed", "standard_managed_strict", "medicated", "regular_medication", "face_to_face")


@pytest.mark.parametrize(("history", "expected"), WORKED)
def test_worked_cases_as_rules(history, expected):
    person = period_from(history, opened_on=date(2024, 5, 6), as_of=T)
    assert tuple(INDICATORS[code].counts(person) for code in ANSWERS) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(date(2025, 1, 2), date(2025, 4, 30), 3, id="nearly-four-months-are-three"),
        pytest.param(date(2025, 1, 31), date(2025, 5, 1), 4, id="three-months-and-a-day-are-four"),
        pytest.param(date(2024, 10, 31), date(2025, 1, 1), 3, id="over-new-year"),
        pytest.param(date(2025, 1, 1), date(2025, 1, 31), 0, id="one-month"),
    ],
)
def test_months_are_counted_without_their_days(first, second, expected):
    assert months_apart(first, second) == expected


def test_every_code_has_a_definition_and_none_has_two():
    assert INDICATORS.keys() & WITHOUT_DATA.keys() == set()
    assert {indicator.code for indicator in RISK_LEVELS} == {f"risk_{level}" for level in range(6)}
    assert all(indicator.numerator and (indicator.denominator or indicator.is_count) for indicator in COUNTED)


@pytest.mark.parametrize(
    ("last_on", "strict"), [(date(2025, 9, 1), True), (date(2025, 8, 31), False)], ids=["three-months", "four-months"]
)
def test_strict_looks_at_the_time_since_the_last_record(last_on, strict):
    person = PatientPeriod(T, date(2024, 5, 6), complete_n=3, max_gap=3, first_on=date(2025, 1, 5), last_on=last_on,
                           prev_on=date(2024, 11, 1))  # fmt: skip
    assert INDICATORS["standard_managed"].counts(person) is True
    assert INDICATORS["standard_managed_strict"].counts(person) is strict


@pytest.mark.parametrize(
    ("opened_on", "strict"), [(date(2025, 2, 1), True), (date(2025, 1, 31), False)], ids=["three-months", "four-months"]
)
def test_strict_counts_the_first_record_from_the_opening_of_a_new_file(opened_on, strict):
    person = PatientPeriod(T, opened_on, complete_n=3, max_gap=3, first_on=date(2025, 5, 5), last_on=date(2025, 11, 1))
    assert INDICATORS["standard_managed_strict"].counts(person) is strict


def test_quarters_are_owed_only_when_ended_and_begun_after_the_opening():
    opened_on_the_first_day = PatientPeriod(date(2025, 9, 29), date(2025, 4, 1), complete_n=1)
    opened_the_day_before = PatientPeriod(date(2025, 9, 30), date(2025, 3, 31), complete_n=1)
    assert (opened_on_the_first_day.quarters_due, opened_the_day_before.quarters_due) == ((), (2, 3))
    rule = INDICATORS["quarterly_risk"]
    assert (rule.counts(opened_on_the_first_day), rule.counts(opened_the_day_before)) == (True, False)


def test_someone_in_hospital_is_no_home_patient_and_counts_as_medicated():
    person = PatientPeriod(T, date(2024, 1, 1), complete_n=1, last_on=date(2025, 12, 1), last_class=3, last_adherence=3,
                           last_hospital=True, any_taken=True)  # fmt: skip
    assert [INDICATORS[code].includes(person) for code in ("stable", "managed")] == [False, True]
    assert [INDICATORS[code].counts(person) for code in ("medicated", "regular_medication_last")] == [True, True]


def test_an_unknown_value_satisfies_nothing():
    person = PatientPeriod(T, date(2024, 1, 1))
    parts = [Is("last_level", "=", 0), Is("last_level", ">=", 0), Is("months_since_last", "<=", 99)]
    assert [part.holds(person) for part in parts] == [False, False, False]


def _someone(**facts):
    return PatientPeriod(T, date(2024, 5, 6), **facts)


def _day(month, day):
    return date(2025, month, day)


TWO = {"complete_n": 2}
WHY = [
    pytest.param("standard_managed", _someone(prev_on=date(2024, 11, 21)), Detail(),
                 "2025 年没有随访记录；上次是 2024-11-21", id="none-this-year"),
    pytest.param("standard_managed", _someone(), Detail(),
                 "2025 年没有随访记录；2024-05-06 建档后还没有随访过", id="none-ever"),
    pytest.param("managed", _someone(), Detail(attempts=(_day(2, 3), _day(8, 7))),
                 "2025 年 02-03、08-07 共 2 次未访到，不算完整记录", id="attempts"),
    pytest.param("standard_managed", _someone(**TWO, max_gap=4), detail_of([Seen(_day(2, 3)), Seen(_day(6, 10))]),
                 "两次随访间隔 4 个月：02-03 → 06-10", id="gap"),
    pytest.param("standard_managed", _someone(**TWO, max_gap=4), detail_of([Seen(_day(1, 31)), Seen(_day(5, 1))]),
                 "两次随访间隔 4 个月：01-31 → 05-01（按月份算，不按天数）", id="gap-by-months"),
    pytest.param("regular_medication", _someone(**TWO, any_taken=True, any_not_taken=True),
                 detail_of([Seen(_day(7, 31), 2), Seen(_day(10, 1), 1)]), "07-31 的随访为间断用药", id="interrupted"),
    pytest.param("regular_medication", _someone(**TWO), Detail(),
                 "记录里没有规律用药：是医嘱勿需用药，或没有填用药依从性", id="no-medicine-needed"),
    pytest.param("medicated", _someone(**TWO, last_on=_day(6, 10), last_adherence=3), Detail(),
                 "最近一次随访 06-10：不用药", id="not-taken-last"),
    pytest.param("quarterly_risk", _someone(**TWO, level_quarters=(True, False, True, False)), Detail(),
                 "第 2、4 季度没有危险性评估", id="quarters"),
    pytest.param("standard_managed_strict", _someone(complete_n=1, first_on=_day(11, 10), last_on=_day(11, 10)),
                 Detail(), "第一次随访 11-10 与建档 2024-05-06 相隔 18 个月", id="late-first"),
    pytest.param("risk_3", _someone(complete_n=1, last_on=_day(9, 3), last_level=3), Detail(),
                 "最近一次评估（09-03）为 3 级", id="level"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "person", "detail", "expected"), WHY)
def test_each_person_has_a_reason_in_words(code, person, detail, expected):
    assert INDICATORS[code].why(person, detail) == expected


def test_the_widest_gap_is_named_and_of_two_equal_ones_the_earlier():
    days = [date(2025, 1, 5), date(2025, 2, 5), date(2025, 6, 5), date(2025, 10, 5)]
    found = detail_of([Seen(day) for day in days])
    assert (found.gap_from, found.gap_to) == (date(2025, 2, 5), date(2025, 6, 5))
