"""A prepared query answers as the queryset it was made of."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.backends import _account
from accounts.models import Assignment, User
from accounts.prepared import Prepared
from accounts.reach import Reach, _assignments
from accounts.scope import scope
from accounts.sessions import SessionStore
from registry.doors import _within
from registry.models import Patient
from tests.conftest import VILLAGE_A1, VILLAGE_B1


def same(ours, theirs):
    """Every column, of the related rows too, and none of them asked for again."""
    told = [{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} for row in (ours, theirs)]
    assert type(ours) is type(theirs)
    assert told[0] == told[1]
    assert not ours.get_deferred_fields()
    assert not ours._state.adding
    return True


def test_an_account_comes_with_its_agency_and_place(world, django_assert_num_queries):
    world.worker.phone = "19900001234"
    world.worker.save()
    expected = User.objects.select_related("agency__division").get(pk=world.worker.pk)
    with django_assert_num_queries(1):
        [found] = _account(world.worker.pk)
        assert same(found, expected)
        assert same(found.agency, expected.agency)
        assert same(found.agency.division, expected.agency.division)
    assert found.phone == "19900001234"


def test_each_call_has_its_own_values(world):
    assert [_account(user.pk)[0].pk for user in (world.worker, world.police, world.worker)] == [
        world.worker.pk, world.police.pk, world.worker.pk,
    ]  # fmt: skip
    assert _account(0) == []


def test_a_disabled_account_is_nobody(world):
    User.objects.filter(pk=world.worker.pk).update(is_active=False)
    assert _account(world.worker.pk) == []


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (1, True)])
def test_an_assignment_holds_on_its_last_day(world, days, holds):
    today = timezone.localdate()
    Assignment.objects.filter(user=world.worker).update(starts_on=date(2020, 1, 1), ends_on=today + timedelta(days))
    found = _assignments(world.worker.pk, today)
    assert [same(row, Assignment.objects.get(pk=row.pk)) for row in found] == [True] * holds
    assert [same(row.division, world.town_a) for row in found] == [True] * holds


def test_an_assignment_that_begins_later_does_not_hold(world):
    today = timezone.localdate()
    Assignment.objects.filter(user=world.worker).update(starts_on=today + timedelta(1), ends_on=None)
    assert _assignments(world.worker.pk, today) == []
    assert len(_assignments(world.worker.pk, today + timedelta(1))) == 1


def test_a_session_is_read_until_it_expires(db, monkeypatch):
    store = SessionStore()
    store["said"] = "甲"
    store.save()
    assert SessionStore(store.session_key).load() == {"said": "甲"}
    late = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("accounts.sessions.timezone.now", lambda: late)
    again = SessionStore(store.session_key)
    assert again.load() == {}
    assert again.session_key is None


def test_a_mark_that_the_query_does_not_hold_is_an_error(db):
    with pytest.raises(ValueError, match="mark"):
        Prepared(lambda key, _unused: User.objects.filter(pk=key), -1, -2)(1, 2)


def test_what_a_row_does_not_name_is_none(world):
    """A file whose village nobody knows still comes."""
    both = Prepared(lambda key: Patient.objects.select_related("village", "household_division").filter(pk=key), -1)
    patient = world.patient()
    with scope(world.worker):
        (found,) = both(patient.pk)
        assert same(found.village, world.places[VILLAGE_A1])
        assert found.household_division is None
        Patient.objects.filter(pk=patient.pk).update(village=None)
        (found,) = both(patient.pk)
        assert found.village is None


@pytest.mark.parametrize("places", [1, 2, 3])
def test_a_person_is_found_within_any_number_of_places(world, places):
    """A statement is kept for each shape of reach; values of one reach never answer for another."""
    here, there = world.patient(), world.patient(VILLAGE_B1)
    more = range(-places + 1, 0)
    with scope(counties=[world.county.pk]):
        for own, other in ((here, there), (there, here)):
            reach = Reach(townships=frozenset([own.duty_township, *more]), patients=frozenset([*more]))
            assert _within(reach, own.uuid).pk == own.pk
            assert _within(reach, other.uuid) is None
            assert _within(reach | Reach(patients=frozenset([other.pk])), other.uuid).pk == other.pk
        village = Reach(
            villages=frozenset([world.places[VILLAGE_A1].pk]), village_townships=frozenset([world.town_a.pk])
        )
        assert _within(village, here.uuid).pk == here.pk
        assert _within(village, there.uuid) is None
        assert _within(Reach(), here.uuid) is None
