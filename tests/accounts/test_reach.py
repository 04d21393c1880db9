"""Assignments die at their last day, and a right only counts where its own role reaches."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.doors import authorise, can
from accounts.models import Assignment, User
from accounts.reach import reach_of, standing
from accounts.refusals import Denied
from accounts.terms import ROLES, SEPARATED_DUTIES, Permission, Role
from tests.conftest import VILLAGE_A1, VILLAGE_B1, World


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_an_assignment_holds_on_its_last_day_and_not_on_the_next(world: World) -> None:
    worker, today = world.worker, timezone.localdate()
    Assignment.objects.filter(user=worker).update(ends_on=today)
    assert reach_of(fresh(worker), today).townships == {world.town_a.pk}
    assert reach_of(fresh(worker), today + timedelta(days=1)).townships == set()


def test_a_disabled_account_reaches_nobody(world: World) -> None:
    worker = world.worker
    worker.is_active = False
    assert not standing(worker).rows


def test_a_right_counts_only_where_its_own_role_reaches(world: World) -> None:
    """Township leader in A (may look), worker in B (may record): no record in A through the right held in B."""
    here, there = world.patient(VILLAGE_A1), world.patient(VILLAGE_B1)
    person = world.leader
    Assignment.objects.create(
        user=person,
        role=Role.TOWNSHIP_WORKER,
        agency=person.agency,
        division=world.town_b,
        starts_on=timezone.localdate(),
    )
    person = fresh(person)
    assert can(person, Permission.VIEW_PATIENT, here)
    assert can(person, Permission.RECORD_VISIT, there)
    assert not can(person, Permission.RECORD_VISIT, here)
    with pytest.raises(Denied):
        authorise(person, Permission.RECORD_VISIT, here)


def test_names_are_shown_only_where_a_treating_role_reaches(world: World) -> None:
    """Commission of the county and doctor of one village: the rest of the county stays masked."""
    here, there = world.patient(VILLAGE_A1), world.patient(VILLAGE_B1)
    person = world.commission
    Assignment.objects.create(
        user=person, role=Role.VILLAGE_DOCTOR, agency=person.agency, division=world.places[VILLAGE_A1],
        starts_on=timezone.localdate(),
    )  # fmt: skip
    held = standing(fresh(person))
    assert (held.reach.covers(there), held.named.covers(there), held.named.covers(here)) == (True, False, True)


def test_a_village_counts_only_while_its_township_answers_for_the_person(world: World) -> None:
    person = world.patient(VILLAGE_A1)
    assert can(world.village_doctor, Permission.RECORD_VISIT, person)
    person.duty_township = world.town_b.pk  # moved away, the old home still written on the file
    assert not can(world.village_doctor, Permission.RECORD_VISIT, person)


def test_every_role_of_the_design_has_its_row() -> None:
    assert set(ROLES) == set(Role)


def test_the_three_duties_share_no_right_but_the_own_page() -> None:
    for one in SEPARATED_DUTIES:
        for other in SEPARATED_DUTIES - {one}:
            assert ROLES[one].permissions & ROLES[other].permissions == {Permission.SEE_OWN_PAGE}
