"""A difference past its deadline: the county sees it by township, the commission some working days later, masked."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import CalendarDay, CountyPolicy
from accounts.rules.calendar import WorkCalendar
from accounts.scope import scope
from exchange.models import Difference
from exchange.queries.late_differences import late_difference_lines, late_towns
from exchange.rules.late_differences import passed_by
from exchange.services.differences import accept_differences, return_difference
from exchange.services.late_differences import escalate_differences
from exchange.tasks import escalate
from tests.accounts.trail import actions
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.exchange.conftest import client_of
from tests.exchange.inbound import answer, by_police, differences, row_of, stranger
from tests.exchange.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = date(2026, 3, 6)
LATE, TOLD = "exchange.difference.late", "exchange.difference.commission_told"


@pytest.mark.parametrize(
    ("more", "today", "is_late"),
    [
        (0, FRIDAY, False),
        (0, FRIDAY + timedelta(days=1), True),
        (2, FRIDAY + timedelta(days=4), False),  # Tuesday is the second working day after it
        (2, FRIDAY + timedelta(days=5), True),
    ],
)
def test_the_last_day_and_the_working_days_after_it(more, today, is_late):
    assert passed_by([FRIDAY], today, more=more, calendar=WorkCalendar()) == ({FRIDAY} if is_late else set())


@pytest.fixture
def two_towns(lists):
    """One difference in each of two townships and a stranger in the first; every day to come is a working day."""
    today = timezone.localdate()
    CalendarDay.objects.bulk_create(CalendarDay(day=today + timedelta(days=n), is_working=True) for n in range(60))
    world = lists["world"]
    here, there = world.patient(VILLAGE_A1, "冉启明"), world.patient(VILLAGE_B1, "不同丙")
    row = by_police(lists, [row_of(one, phone="19900000099") for one in (here, there)] + [stranger()])
    return {**lists, "row": row, "due": today + timedelta(days=10)}


def days_after(due, days, act=escalate_differences):
    moved = timezone.now() + timedelta(days=(due - timezone.localdate()).days + days)
    with time_machine.travel(moved):
        return act()


def seen_by(user):
    with scope(user):
        return {town.name: sorted(line.name for line in town.lines) for town in late_towns(user)}


def test_on_the_last_day_nothing_is_late_and_the_day_after_the_county_hears_it_once(two_towns):
    due, office, commission = two_towns["due"], two_towns["office"], two_towns["world"].commission
    assert days_after(due, 0) == 0
    assert days_after(due, 1) == 3
    assert days_after(due, 2) == 0
    assert actions(LATE) == [LATE] * 3
    assert seen_by(office) == {"东街道": ["冉启明", "外来丁"], "西镇": ["不同丙"]}
    assert seen_by(commission) == {}
    with scope(office):
        lines = late_difference_lines(office, timezone.localdate())
    day = f"{due:%-m 月 %-d 日}"
    assert {(one.name, one.verb, one.why) for one in lines} == {
        ("东街道名册核实", "督促", f"2 件逾期，最早 {day}到期。"), ("西镇名册核实", "督促", f"1 件逾期，最早 {day}到期。"),
    }  # fmt: skip


def test_the_commission_hears_it_later_with_masked_names_and_nobody_else_does(two_towns):
    due, world = two_towns["due"], two_towns["world"]
    days_after(due, 5)
    assert seen_by(world.commission) == {}
    assert days_after(due, 6) == 3
    assert actions(TOLD) == [TOLD] * 3
    assert seen_by(world.commission) == {"东街道": ["冉＊明", "名册第 4 行"], "西镇": ["不＊丙"]}
    with scope(world.commission):
        assert late_difference_lines(world.commission, timezone.localdate()) == []
    for user in (world.worker, two_towns["clerk"], world.stranger):
        assert seen_by(user) == {}


def test_the_countys_own_days_for_the_commission(two_towns):
    CountyPolicy.objects.create(
        county=two_towns["county"], key="difference_commission_days", value=0, starts_on=timezone.localdate(),
        set_by=two_towns["office"],
    )  # fmt: skip
    assert days_after(two_towns["due"], 1) == 6


def test_what_is_answered_leaves_the_county_and_what_is_not_reviewed_stays_with_the_commission(two_towns):
    due, world, office = two_towns["due"], two_towns["world"], two_towns["office"]
    found = differences(two_towns["county"])
    answer(world.worker, found["differs 冉启明"], "theirs_wrong")
    days_after(due, 6)
    assert actions(LATE) == [LATE] * 2
    assert seen_by(office) == {"东街道": ["外来丁"], "西镇": ["不同丙"]}
    assert seen_by(world.commission)["东街道"] == ["冉＊明", "名册第 4 行"]
    with scope(office):
        return_difference(difference=found["differs 冉启明"], because="再核", by=office)
    assert days_after(due, 7) == 1  # the first deadline stays: it is the township's again
    assert "冉启明" in seen_by(office)["东街道"]
    answer(world.worker, found["differs 冉启明"], "theirs_wrong")
    with scope(office):
        accept_differences(row=two_towns["row"], chosen=[found["differs 冉启明"].uuid], by=office)
    assert seen_by(world.commission)["东街道"] == ["名册第 4 行"]


def test_two_clocks_note_each_once_and_the_beat_does_it(two_towns):
    due = two_towns["due"]
    assert sum(days_after(due, 1, lambda: at_once(escalate_differences, escalate_differences))) == 3
    assert actions(LATE) == [LATE] * 3
    assert days_after(due, 6, escalate) == 3
    with scope(counties=[two_towns["county"].pk]):
        assert Difference.objects.filter(commission_noted_at=None).count() == 0


def test_the_page_of_the_county_leads_to_the_difference_and_the_commissions_does_not(two_towns):
    days_after(two_towns["due"], 6)
    address, world = reverse("exchange:late_differences"), two_towns["world"]
    difference = reverse("exchange:difference", args=[differences(two_towns["county"])["differs 冉启明"].uuid])
    county, commission = (
        client_of(user).get(address).content.decode() for user in (world.county_office, world.commission)
    )
    assert difference in county
    assert difference not in commission
    assert "冉启明" not in commission
    assert "冉＊明" in commission
    assert "名册核实超期 3 件" in client_of(world.commission).get(reverse("exchange:overdue")).content.decode()
    assert client_of(world.worker).get(address).status_code == 403
