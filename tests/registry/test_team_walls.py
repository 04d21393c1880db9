"""Names and phones of those who serve a place are for those who work there: the database itself keeps it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Refused
from accounts.scope import scope
from registry.models import CareGroup, GroupMember, StaffMember, StaffYear
from registry.services import teams
from tests.conftest import VILLAGE_A1

pytestmark = pytest.mark.django_db
TABLES = (CareGroup, GroupMember, StaffMember, StaffYear)


@pytest.fixture
def staffed(world):
    """A team of the eastern township, one of its village, a post with its year."""
    day, worker = timezone.localdate() - timedelta(days=9), world.worker
    with scope(worker):
        for place, kind in ((world.town_a, "township"), (world.places[VILLAGE_A1], "village")):
            teams.add_member(division=place, kind=kind, on=day, name="甲", agency_kind="police", by=worker)
        post = teams.place_staff(township=world.town_a, on=day, name="乙", share=100, by=worker)
        with pytest.raises(Refused, match="还没有开始"):
            teams.record_staff_year(
                township=world.town_a, slot=post.slot, year=day.year + 1, hours=Decimal(8), by=worker
            )
        teams.record_staff_year(township=world.town_a, slot=post.slot, year=day.year, hours=Decimal(8), by=worker)
    return post


def test_hours_are_not_written_for_a_year_to_come(world, staffed):
    year, by = timezone.localdate().year, world.worker
    with scope(by):
        with pytest.raises(Refused, match="还没有开始"):
            teams.record_staff_year(township=world.town_a, slot=staffed.slot, year=year + 1, hours=Decimal(8), by=by)
        assert not StaffYear.objects.filter(year=year + 1).exists()


def seen(user):
    with scope(user):
        return [table.objects.count() for table in TABLES]


def test_the_place_and_its_county_see_their_teams_and_nobody_else_does(world, staffed):
    assert seen(world.worker) == [2, 2, 1, 1]
    assert seen(world.county_office) == [2, 2, 1, 1]
    assert seen(world.worker_b) == [0, 0, 0, 0]


def test_nobody_writes_into_another_township(world, staffed):
    with scope(world.worker_b), transaction.atomic(), pytest.raises(DatabaseError):
        CareGroup.objects.create(kind="intake", division=world.town_a, starts_on=timezone.localdate())
    with scope(world.worker_b), transaction.atomic(), pytest.raises(DatabaseError):
        StaffMember.objects.create(township=world.town_a, starts_on=timezone.localdate(), name="丙", share=50)
    with scope(world.worker_b):
        assert StaffMember.objects.update(share=1) == 0
