"""Random lives of moves: every day from the first one has exactly one township; and two people at once."""

from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from accounts.refusals import Refused
from accounts.scope import scope, system_scope
from registry.models import DutyPeriod, Patient, Transfer
from registry.queries.duty import breaches
from registry.services.moves import move_patient
from registry.services.transfers import answer_transfer, propose_transfer
from tests.exchange.test_races import at_once

OPENED = date(2024, 5, 6)


def townships_of(patient, day):
    """Every township that holds the person on the day, by the rule of dated facts."""
    starts = DutyPeriod.objects.filter(patient=patient, starts_on__lte=day).order_by("-starts_on")
    newest = starts.first()
    return [row.township_id for row in starts if newest is not None and row.starts_on == newest.starts_on]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_every_day_has_exactly_one_township(world, ran, seed):
    draw, day = Random(seed), OPENED
    workers = {world.town_a.pk: world.worker, world.town_b.pk: world.worker_b, world.town_c.pk: world.stranger}
    places = {place.pk: place for place in (world.town_a, world.town_b, world.town_c)}
    for _ in range(draw.randint(1, 4)):  # corrections of the past by the county
        day += timedelta(days=draw.randint(1, 150))
        at = where_is(ran)
        with scope(workers[at]):
            move_patient(
                patient=ran, on=day, to_township=places[draw.choice(sorted(places.keys() - {at}))], by=workers[at]
            )
    for _ in range(draw.randint(2, 6)):  # and of today, by both sides
        transfer_somehow(draw, ran, workers, places)
    with system_scope():
        days = (timezone.localdate() - OPENED).days + 1
        held = [townships_of(ran, OPENED + timedelta(days=n)) for n in range(0, days, 7)]
        assert [found for found in held if len(found) != 1] == []
        assert townships_of(ran, timezone.localdate()) == [where_is(ran)]
        assert breaches(timezone.localdate()) == []


def where_is(patient):
    with system_scope():
        return Patient.objects.get(pk=patient.pk).duty_township


def transfer_somehow(draw, patient, workers, places):
    at = where_is(patient)
    to = draw.choice(sorted(places.keys() - {at}))
    with scope(workers[at]):
        row = propose_transfer(patient=patient, by=workers[at], to_township=places[to], reason="moved")
    for answer in draw.choice((("accept",), ("cancel",), ("refuse", "again", "accept"), ("refuse", "cancel"))):
        by = workers[to] if answer in ("accept", "refuse") else workers[at]
        with scope(by):
            answer_transfer(transfer=row.uuid, answer=answer, by=by, reason="试")


def accept(row, user):
    with scope(user):
        return answer_transfer(transfer=row.uuid, answer="accept", by=user).state


@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once_and_one_of_them_did(world, ran):
    with scope(world.worker):
        row = propose_transfer(patient=ran, by=world.worker, to_township=world.town_b, reason="moved")
    receiver = world.worker_b
    assert sorted(at_once(lambda: accept(row, receiver), lambda: accept(row, receiver))) == ["Refused", "accepted"]
    with system_scope():
        assert DutyPeriod.objects.filter(patient=ran).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_propose_at_once_and_one_is_told(world, ran):
    user, place = world.worker, world.town_b

    def propose():
        with scope(user):
            return propose_transfer(patient=ran, by=user, to_township=place, reason="moved").state

    assert sorted(map(str, at_once(propose, propose))) == ["Refused", "proposed"]
    with system_scope():
        assert Transfer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_accepting_at_once_end_in_one_of_the_two(world, ran):
    with scope(world.worker):
        row = propose_transfer(patient=ran, by=world.worker, to_township=world.town_b, reason="moved")
    sender, receiver = world.worker, world.worker_b

    def cancel():
        with scope(sender):
            return answer_transfer(transfer=row.uuid, answer="cancel", by=sender, reason="没有搬").state

    found = at_once(cancel, lambda: accept(row, receiver))
    assert sum(str(one) in ("cancelled", "accepted") for one in found) == 1
    assert where_is(ran) == (world.town_b.pk if "accepted" in map(str, found) else world.town_a.pk)


@pytest.mark.django_db
def test_a_second_answer_to_the_same_page_is_refused_in_words(world, ran):
    with scope(world.worker):
        row = propose_transfer(patient=ran, by=world.worker, to_township=world.town_b, reason="moved")
    accept(row, world.worker_b)
    with pytest.raises(Refused, match="不能这样办理"):
        accept(row, world.worker_b)
