"""A prepared query answers as the queryset it was made of."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.backends import _account
from accounts.models import Assignment, User
from accounts.prepared import Prepared
from accounts.reach import _assignments
from accounts.sessions import SessionStore


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
