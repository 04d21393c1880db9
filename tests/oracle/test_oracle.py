"""The calculator itself, held against the worked cases of the definitions (year 2025, T = 2025-12-31)."""

from datetime import date

import pytest
from stdnum.cn import ric

from .calculator import (
    had_an_incident,
    indicators,
    is_managed,
    is_medicated,
    is_stable,
    is_standard,
    is_standard_strictly,
    months_apart,
    rate,
    takes_regularly,
    was_assessed_each_quarter,
    was_met,
)
from .county import make_county
from .edits import take_back_the_end
from .facts import OFF, Person, Record, Register
from .people import Place
from .reading import read_people, read_visits

T = date(2025, 12, 31)
TOWN = "500242101"


def record(on, level, adherence, *, form="2", seen="1", hospital=False, stability=None, incidents=0, entered=0):
    day, who = date.fromisoformat(on), frozenset(seen.split(";"))
    return Record(day, form, who, level, adherence, hospital, stability, incidents, entered)


def person(*records, opened="2024-05-06", diagnosis="01", ends=()):
    start = date.fromisoformat(opened)
    ended = [(date.fromisoformat(day), OFF) for day in ends]
    return Person("x", date(1980, 1, 1), start, [(start, TOWN)], [(start, diagnosis)], ended, list(records))


def year(dates, level, adherences, **more):
    return [record(f"2025-{d}", level, a, **more) for d, a in zip(dates, adherences, strict=True)]


ALL_YEAR = ("01-02", "04-30", "07-31", "10-31")
FOUR_APART = ("01-31", "05-01", "08-01", "11-01")
CASES = (
    pytest.param(person(), (False, False, False, False, False, False), id="none"),
    pytest.param(
        person(*year(("01-10",), 0, [1], stability=3)), (True, True, False, True, True, True), id="one-in-january"
    ),
    pytest.param(
        person(
            record("2024-10-08", 0, 1, form="3", seen="2"),
            *year(ALL_YEAR, 0, [1, 1, 1, 1], form="3", seen="2", stability=3),
        ),
        (True, True, True, True, True, False),
        id="four-by-telephone",
    ),
    pytest.param(
        person(*year(FOUR_APART, 0, [1, 1, 2, 1], form="1")),
        (True, False, False, True, False, True),
        id="end-of-january-to-may-is-four-months",
    ),
    pytest.param(
        person(*year(("03-15",), None, [2], hospital=True, seen="2")),
        (True, True, False, True, True, False),
        id="in-hospital-without-a-level",
    ),
    pytest.param(
        person(record("2024-11-30", 0, 4), *year(("02-01", "04-20", "07-02", "10-09"), 1, [4, 4, 4, 4])),
        (True, True, True, False, False, True),
        id="needs-no-medicine",
    ),
    pytest.param(
        person(record("2024-10-31", 0, 4), *year(("02-01", "04-20", "07-02", "10-09"), 1, [4, 4, 4, 4])),
        (True, True, False, False, False, True),
        id="needs-no-medicine-but-came-late-after-2024",
    ),
)


@pytest.mark.parametrize(("who", "expected"), CASES)
def test_worked_cases(who, expected):
    answers = (is_managed, is_standard, is_standard_strictly, is_medicated, takes_regularly, was_met)
    assert tuple(answer(who, T) for answer in answers) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("2025-01-02", "2025-04-30", 3, id="nearly-four-months-are-three"),
        pytest.param("2025-01-31", "2025-05-01", 4, id="three-months-and-a-day-are-four"),
        pytest.param("2024-10-31", "2025-01-01", 3, id="over-the-new-year"),
    ],
)
def test_months_apart(first, second, expected):
    assert months_apart(date.fromisoformat(first), date.fromisoformat(second)) == expected


def test_of_two_records_on_one_day_the_one_entered_later_is_the_last():
    who = person(record("2025-12-01", 0, 1, stability=3, entered=2), record("2025-12-01", 4, 3, stability=1, entered=5))
    assert (is_medicated(who, T), is_stable(who, T)) == (False, False)


def test_registered_from_the_opening_to_the_day_before_the_end():
    who = person(ends=("2025-06-30",))
    days = ("2024-05-05", "2024-05-06", "2025-06-29", "2025-06-30")
    assert [who.is_registered(date.fromisoformat(d)) for d in days] == [False, True, True, False]


def test_an_end_taken_back_on_its_own_day_never_held():
    register = Register(people={"x": person(ends=("2025-06-30",))})
    take_back_the_end(register, "x", date(2025, 6, 30))
    assert register.people["x"].is_registered(date(2025, 6, 30))
    assert register.people["x"].closed_on() is None


def test_a_file_opened_again_later_was_closed_until_then():
    register = Register(people={"x": person(ends=("2025-06-30",))})
    take_back_the_end(register, "x", date(2025, 9, 1))
    days = ("2025-06-29", "2025-06-30", "2025-08-31", "2025-09-01")
    assert [register.people["x"].is_registered(date.fromisoformat(d)) for d in days] == [True, False, False, True]


def test_a_quarter_that_began_on_the_opening_day_is_not_asked_for():
    second_half = [record("2025-08-01", 0, 1), record("2025-12-31", 0, 1)]
    assert was_assessed_each_quarter(person(*second_half, opened="2025-04-01"), T)
    assert not was_assessed_each_quarter(person(*second_half, opened="2025-03-31"), T)


def test_a_quarter_still_running_is_not_asked_for():
    who = person(record("2025-02-01", 0, 1))
    days = (date(2025, 6, 29), date(2025, 6, 30))
    assert [was_assessed_each_quarter(who, day) for day in days] == [True, False]


def test_stable_needs_a_last_record_within_three_months():
    who = person(record("2025-09-01", 0, 1, stability=3))
    assert (is_stable(who, T), is_stable(who, date(2026, 1, 1))) == (True, False)
    late = person(record("2025-08-31", 0, 1, stability=3))
    assert (is_stable(late, date(2025, 11, 30)), is_stable(late, date(2025, 12, 1))) == (True, False)


def test_incident_counts_from_new_year_to_the_day():
    who = person(record("2024-12-31", 3, 1, incidents=1), record("2025-07-01", 3, 1, incidents=2))
    days = ("2025-06-30", "2025-07-01", "2026-01-01")
    assert [had_an_incident(who, date.fromisoformat(d)) for d in days] == [False, True, False]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        pytest.param(1, 8, "12.50", id="plain"),
        pytest.param(1, 3, "33.33", id="down"),
        pytest.param(2001, 16_000, "12.51", id="half-goes-up"),
        pytest.param(0, 0, None, id="nobody-asked"),
    ],
)
def test_rates_round_half_up(numerator, denominator, expected):
    assert rate(numerator, denominator, 100) == expected


def test_population_falls_back_to_the_latest_earlier_year_and_is_unknown_without_any():
    register = Register(people={"x": person()}, population={(TOWN, 2024): 500, (TOWN, 2026): 9})
    assert indicators(register, [TOWN], T)["prevalence"] == {"numerator": 1, "denominator": 500, "rate": "2.00"}
    assert indicators(register, [TOWN, "500242102"], T)["prevalence"]["rate"] is None


def test_rows_that_must_not_count_are_refused():
    places = [Place(TOWN, [TOWN + "200"]), Place("500242102", ["500242102200"])]
    county = make_county("500242", places, seed=1, today=date(2026, 11, 24), patients=60, visits=300)
    register = Register()
    read_people(register, county.patients)
    refused = read_visits(register, county.visits, county.today)
    assert (refused, sum(len(p.records) for p in register.people.values())) == (7, 300)


def test_identity_numbers_are_unique_and_carry_their_check_digit():
    place = Place(TOWN, [TOWN + "200"])
    county = make_county("500242", [place], seed=2, today=date(2026, 11, 24), patients=900, visits=50)
    numbers = [row["身份证号"] for row in county.patients if row["身份证号"]]
    assert len(set(numbers)) == len(numbers)
    assert [n for n in numbers if ric.calc_check_digit(n) != n[-1]] == []
