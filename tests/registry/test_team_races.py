"""Two people end or change one post at the same moment: one row, and a sentence for the other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refused
from accounts.scope import scope
from registry.models import GroupMember, StaffMember
from registry.services import teams
from tests.exchange.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def days_ago(n):
    return timezone.localdate() - timedelta(days=n)


def test_a_member_is_ended_once(world):
    worker, town = world.worker, world.town_a
    with scope(worker):
        row = teams.add_member(
            division=town, kind="township", on=days_ago(9), name="甲", agency_kind="police", by=worker
        )

    def end():
        with scope(worker):
            return str(teams.end_member(slot=row.slot, on=days_ago(1), by=worker).ended)

    assert sorted(at_once(end, end, end)) == ["Refused", "Refused", "True"]
    with scope(worker):
        assert GroupMember.objects.filter(slot=row.slot).count() == 2


def test_a_post_is_changed_or_ended_once_a_day(world):
    worker, town = world.worker, world.town_a
    with scope(worker):
        row = teams.place_staff(township=town, on=days_ago(9), name="乙", share=100, by=worker)

    def end():
        with scope(worker):
            return str(teams.end_staff(township=town, slot=row.slot, on=days_ago(1), by=worker).ended)

    def change():
        with scope(worker):
            new = teams.place_staff(township=town, slot=row.slot, on=days_ago(2), name="乙", share=50, by=worker)
            return str(new.share)

    assert sorted(at_once(change, change)) == ["50", "50"]
    assert sorted(at_once(end, end, end)) == ["Refused", "Refused", "True"]
    with scope(worker):
        assert StaffMember.objects.filter(slot=row.slot).count() == 3


def test_a_member_saved_by_two_clicks_stands_once(world):
    worker, town = world.worker, world.town_a

    def add():
        with scope(worker):
            said = {"kind": "township", "on": days_ago(0), "name": "甲", "agency_kind": "police"}
            return str(teams.add_member(division=town, by=worker, **said).name)

    def place():
        with scope(worker):
            return str(teams.place_staff(township=town, on=days_ago(0), name="乙", share=100, by=worker).share)

    assert sorted(at_once(add, add)) == ["Refused", "甲"]
    assert sorted(at_once(place, place)) == ["100", "Refused"]


def test_a_link_names_a_psychiatrist_of_the_county_only(world):
    with scope(world.worker), pytest.raises(Refused, match="在岗的精神科医师"):
        teams.link_psychiatrist(division=world.town_a, psychiatrist=world.worker_b, on=days_ago(0), by=world.worker)
