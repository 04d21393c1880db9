"""Cut anywhere: every process of an alert dies at every point between two steps, and each office has one entry.

Each point twice here, twenty times in the nightly run (NIGHTLY=1). The worker stays warm between the rounds.
"""

import os
import time
from datetime import date, timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.conf import settings

from accounts.scope import scope
from exchange.models import AlertEntry, Delivery, DeliveryEvent, Receipt
from exchange.services.failpoints import DELIVERING, EXIT_CODE, POINTS, SAVING
from followup.models import Visit
from ops.pytest_clones import cloned_database
from tests.conftest import make_world
from tests.exchange.stand import standing, wait_for

NIGHTLY = bool(os.environ.get("NIGHTLY"))
ROUNDS = 20 if NIGHTLY else 2
BROKER_AWAY_SECONDS = 60 if NIGHTLY else 3
OFFICES = 4
_people = count()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Committed, for all the tests here: their processes are started once."""
    with django_db_blocker.unblock(), cloned_database():
        yield make_world()


@pytest.fixture(scope="module")
def stand(world, tmp_path_factory):
    assert world.worker
    with standing(tmp_path_factory.mktemp("stand")) as running:
        yield running


def another(world):
    """A new person; the birthday moves on because the factory knows 500 numbers a day."""
    number = next(_people)
    return world.patient(name=f"第{number}人", born=date(1960, 1, 1) + timedelta(days=number // 100))


def saved(world):
    with scope(counties=[world.county.pk]):
        return Visit.objects.filter(level__gte=3).count()


def receipts(world, patient=None):
    with scope(counties=[world.county.pk]):
        found = Receipt.objects.filter(patient=patient) if patient else Receipt.objects.all()
        return sorted(found.values_list("entry_id", flat=True))


def entries(world, patient=None):
    with scope(counties=[world.county.pk]):
        found = AlertEntry.objects.filter(patient=patient) if patient else AlertEntry.objects.all()
        return sorted(found.values_list("pk", flat=True))


def everything_arrived_once(world):
    """Entries, inbox, outbox and its history agree, office by office, and there is an entry for every saved visit."""
    with scope(counties=[world.county.pk]):
        by_office = AlertEntry.objects.values_list("alert__agency", "source", "source_version")
        assert len(by_office) == len(set(by_office)) == OFFICES * saved(world)
        assert Delivery.objects.filter(delivered_at=None).count() == 0
        told = list(DeliveryEvent.objects.filter(outcome="delivered").values_list("entry", flat=True))
        assert sorted(told) == sorted(AlertEntry.objects.values_list("uuid", flat=True))
    assert receipts(world) == entries(world)


def test_the_points_stand_between_every_pair_of_steps():
    assert len(DELIVERING) >= 8
    assert len(set(POINTS)) == len(POINTS)
    assert settings.FAILPOINTS_ENABLED


def test_a_worker_that_dies_anywhere_delivers_each_entry_once(world, stand):
    made, before = 0, saved(world)
    for _ in range(ROUNDS):
        for point in DELIVERING:
            stand.web.arm(point)
            while not stand.web.has_fired():  # the sweeper may be faster than a worker that is just coming back
                patient = another(world)
                assert stand.save(patient.uuid, 3) == 0
                wait_for(lambda who=patient: len(receipts(world, who)) == OFFICES, f"four receipts at {point}")
                made += 1
    assert made < 10 * ROUNDS * len(DELIVERING)
    wait_for(lambda: receipts(world) == entries(world), "the last receipt")
    assert saved(world) == before + made
    everything_arrived_once(world)


def test_a_save_that_dies_anywhere_leaves_all_or_nothing(world, stand):
    made, before = 0, saved(world)
    for _ in range(ROUNDS):
        for point in SAVING:
            patient, form = another(world), uuid4()
            stand.web.arm(point)
            assert stand.save(patient.uuid, 4, form) == EXIT_CODE
            assert stand.web.has_fired()
            left = len(entries(world, patient))
            assert left == (OFFICES if point in ("committed", "woken") else 0)
            assert stand.save(patient.uuid, 4, form) == 0  # the person presses the button once more
            wait_for(lambda who=patient: len(receipts(world, who)) == OFFICES, f"four receipts after {point}")
            made += 1
    assert saved(world) == before + made
    everything_arrived_once(world)


def test_without_the_broker_visits_are_saved_and_alerts_arrive_by_the_sweeper(world, stand):
    before = saved(world)
    first = world.patient(name="先前")
    assert stand.save(first.uuid, 3) == 0
    wait_for(lambda: len(receipts(world, first)) == OFFICES, "the worker to be warm")
    stand.broker.stop()
    gone, made = time.monotonic(), 0
    while time.monotonic() - gone < BROKER_AWAY_SECONDS:
        patient = another(world)
        assert stand.save(patient.uuid, 3) == 0
        wait_for(lambda who=patient: len(receipts(world, who)) == OFFICES, "the sweeper, which needs no broker")
        made += 1
    stand.broker.start()
    last = world.patient(name="之后")
    assert stand.save(last.uuid, 3) == 0
    wait_for(lambda: len(receipts(world, last)) == OFFICES, "the alert after the broker came back")
    assert saved(world) == before + made + 2
    everything_arrived_once(world)
