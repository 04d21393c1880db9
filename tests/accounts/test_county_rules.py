"""What a county sets for itself: dated rules, and the working calendar with years not yet announced."""

from datetime import date

import pytest

from accounts.models import CalendarDay, CountyPolicy
from accounts.queries.calendar import work_calendar
from accounts.queries.county_rules import calendar_year, policy_lines
from accounts.queries.policy import policy
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.calendar import add_working_days, is_working_day
from accounts.rules.policy_keys import POLICY_DEFAULTS, POLICY_KEYS, ValueRefused
from accounts.services.county_rules import forget_calendar_day, set_calendar_day, set_policy

TODAY = date(2026, 12, 7)


pytestmark = pytest.mark.usefixtures("noon")


def put(world, by=None, **said):
    facts = {"county": world.county, "key": "unstable_days", "value": 10, "starts_on": TODAY, "basis": "酉卫发12号"}
    return set_policy(**{**facts, **said}, by=by or world.county_office)


def test_every_default_has_its_words_and_bounds():
    assert set(POLICY_KEYS) == set(POLICY_DEFAULTS)
    for key, facts in POLICY_KEYS.items():
        value = POLICY_DEFAULTS[key]
        assert facts.read("是" if value is True else "否" if value is False else str(value)) == value


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("unstable_days", "1", 1),
        ("unstable_days", "14", 14),
        ("fall_needs_psychiatrist", "否", False),
        ("unstable_days", "0", None),
        ("unstable_days", "15", None),
        ("unstable_days", "十", None),
        ("unstable_days", "1.5", None),
        ("fall_needs_psychiatrist", "1", None),
    ],
)
def test_a_value_is_read_within_its_bounds(key, text, value):
    if value is None:
        with pytest.raises(ValueRefused):
            POLICY_KEYS[key].read(text)
    else:
        assert POLICY_KEYS[key].read(text) == value


def test_a_rule_holds_from_its_day_on(world):
    put(world, starts_on=date(2027, 1, 1))
    assert policy(world.county.pk, "unstable_days", date(2026, 12, 31)) == 14
    assert policy(world.county.pk, "unstable_days", date(2027, 1, 1)) == 10


def test_two_values_from_one_day_and_a_missing_basis_are_refused(world):
    put(world)
    with pytest.raises(Refused) as refusal:
        put(world, value=12)
    assert refusal.value.field == "starts_on"
    with pytest.raises(Refused) as refusal:
        put(world, basis="", starts_on=date(2027, 1, 1))
    assert refusal.value.field == "basis"


def test_only_the_own_county_s_office_may_set(world):
    with pytest.raises(Denied):
        put(world, by=world.worker)
    with pytest.raises(NotHere):
        put(world, county=world.places["990002"])


def test_the_page_lists_now_and_the_dated_rows(world, log_in):
    client = log_in(world.county_office)
    answer = client.post(
        "/policy/", {"key": "card_accept_days", "value": "2", "starts_on": "2027-01-01", "basis": "酉卫发〔2026〕12号"}
    )
    assert answer.status_code == 302
    line = next(line for line in policy_lines(world.county, TODAY) if line.key == "card_accept_days")
    assert (line.now, line.is_default, [said for _, said in line.rows]) == ("5 个工作日", True, ["2 个工作日"])
    assert "酉卫发〔2026〕12号" in client.get("/policy/").content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"key": "no_such"}, "key"),
        ({"value": "99"}, "value"),
        ({"key": "stable_months"}, "key"),
        ({"starts_on": "昨天"}, "starts_on"),
        ({"basis": "\x00"}, "basis"),
    ],
)
def test_a_wrong_entry_is_said_at_its_field(said, field, world, log_in):
    right = {"key": "card_accept_days", "value": "2", "starts_on": "2027-01-01", "basis": "文号"}
    answer = log_in(world.county_office).post("/policy/", {**right, **said})
    assert list(answer.context["form"].errors) == [field]
    assert CountyPolicy.objects.count() == 0


# --- the calendar ---------------------------------------------------------------------------------------------------


def test_an_announced_year_knows_its_swapped_days(db):
    year = calendar_year(2026)
    by_day = {line.day: line for line in year.lines}
    assert year.is_announced
    assert (by_day[date(2026, 2, 14)].works, by_day[date(2026, 2, 14)].why) == (True, "调休上班")
    assert (by_day[date(2026, 10, 1)].works, by_day[date(2026, 10, 1)].why) == (False, "放假")


def test_a_year_not_announced_falls_back_and_says_so(db, world, log_in):
    year = calendar_year(2028)
    assert not year.is_announced
    fixed = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    weekdays = {date(2028, *at) for at in fixed if date(2028, *at).weekday() < 5}
    assert {line.day for line in year.lines} == weekdays
    page = log_in(world.county_office).get("/calendar/", {"year": "2028"}).content.decode()
    assert "未公布" in page


def test_a_county_s_own_day_wins_and_can_be_taken_back(world):
    friday = date(2028, 1, 28)
    before = calendar_year(2028).working_days
    set_calendar_day(day=friday, is_working=False, note="春节", by=world.county_office)
    assert is_working_day(friday, work_calendar()) is False
    assert add_working_days(date(2028, 1, 27), 1, work_calendar()) == date(2028, 1, 31)
    assert calendar_year(2028).working_days == before - 1
    set_calendar_day(day=friday, is_working=True, note="更正", by=world.county_office)
    assert is_working_day(friday, work_calendar()) is True
    forget_calendar_day(day=friday, by=world.county_office)
    assert CalendarDay.objects.count() == 0
    with pytest.raises(NotHere):
        forget_calendar_day(day=friday, by=world.county_office)


def test_the_page_sets_and_forgets_a_day(world, log_in):
    client = log_in(world.county_office)
    answer = client.post("/calendar/", {"day": "2027-02-06", "is_working": "1", "note": "春节调休上班"})
    assert answer.url == "/calendar/?year=2027"
    assert "春节调休上班" in client.get(answer.url).content.decode()
    assert client.post("/calendar/forget/", {"day": "2027-02-06"}).url == "/calendar/?year=2027"
    assert CalendarDay.objects.count() == 0
    assert client.post("/calendar/forget/", {"day": "nonsense"}).status_code == 404


@pytest.mark.parametrize("year", ["", "abcd", "1", "99999", "0000", "²⁰²⁶"])
def test_a_strange_year_shows_this_one(year, world, log_in):
    answer = log_in(world.county_office).get("/calendar/", {"year": year})
    assert answer.context["shown"].year == 2026


def test_others_may_not_set_days(world, log_in):
    with pytest.raises(Denied):
        set_calendar_day(day=TODAY, is_working=False, note="x", by=world.worker)
    assert log_in(world.commission).get("/calendar/").status_code == 403
