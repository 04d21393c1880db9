"""A planned rule: whose date it would move, the switch with its date, and that nothing given before moves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.queries.policy import policy
from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.sessions import PROVEN
from followup.queries.rule_change import difference
from followup.rules.dates import add_months
from followup.services.rule_change import switch_rule
from registry.models import Patient
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db


def switch(world, by, seen, starts_on=None, key="stable_months", value=2):
    with scope(by):
        return switch_rule(
            county=world.county,
            key=key,
            value=value,
            starts_on=starts_on or timezone.localdate(),
            basis="试卫发1号",
            seen=seen,
            by=by,
        )


@pytest.fixture
def two(world, record):
    stable, unstable = world.patient(name="试验甲"), world.patient("990001101201", name="试验乙")
    record(stable, world.worker, days_ago(10))
    record(unstable, world.worker_b, days_ago(3), level=3, basis="在街上砸东西")
    return stable, unstable


def test_the_report_names_whose_date_would_move_per_township(world, two):
    today = timezone.localdate()
    with scope(world.county_office):
        found = difference(world.county, "stable_months", 2, today)
    assert [(one.name, one.now, one.planned) for one in found.moved] == [
        ("试验甲", add_months(days_ago(10), 3), add_months(days_ago(10), 2))
    ]
    assert (found.judged, [(town.name, town.earlier, town.later) for town in found.towns]) == (2, [("东街道", 1, 0)])
    with scope(world.county_office):
        assert difference(world.county, "unstable_days", 7, today).moved[0].days == -7


def test_the_switch_holds_from_its_day_and_moves_no_date_that_was_given(world, two):
    stable, _unstable = two
    tomorrow = timezone.localdate() + timedelta(days=1)
    switch(world, world.county_office, 1, tomorrow)
    assert policy(world.county.pk, "stable_months", timezone.localdate()) == 3
    assert policy(world.county.pk, "stable_months", tomorrow) == 2
    with scope(world.worker):
        assert Patient.objects.get(pk=stable.pk).next_due_on == add_months(days_ago(10), 3)


def test_a_list_that_changed_since_the_report_is_looked_at_again(world, two):
    with pytest.raises(Refused, match="重新查看差异"):
        switch(world, world.county_office, 2)


def test_no_rule_reaches_back(world, two):
    with pytest.raises(Refused, match="不能早于今天"):
        switch(world, world.county_office, 1, days_ago(1))


@pytest.mark.parametrize("who", ["worker", "leader", "psychiatrist", "commission"])
def test_only_the_county_office_switches(world, two, who):
    with pytest.raises(Denied):
        switch(world, getattr(world, who), 1)


def test_other_settings_are_not_switched_here(world):
    with pytest.raises(Refused, match="没有这个项目"):
        switch(world, world.county_office, 0, key="suppress_below", value=3)


def test_the_page_shows_the_report_first_and_then_switches(world, two, log_in):
    client = log_in(world.county_office)
    here, today = reverse("followup:rule_change"), timezone.localdate()
    assert client.get(here).status_code == 302  # password and code are asked again
    session = client.session
    session[PROVEN] = timezone.now().isoformat()
    session.save()
    plan = {"key": "stable_months", "value": "2", "starts_on": today.isoformat(), "basis": "试卫发1号"}
    assert "先看哪些患者" in client.get(here).content.decode()
    report = client.get(here, {**plan, "township": world.town_a.pk}).content.decode()
    assert "<b>1 人</b>" in report
    assert "试验甲" in report
    wrong = client.get(here, {**plan, "value": "9"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["value"])
    assert client.post(here, {**plan, "seen": "7"}).status_code == 400
    assert client.post(here, {**plan, "seen": "1"}).status_code == 302
    assert policy(world.county.pk, "stable_months", today) == 2
