"""Cut anywhere: every process of an alert dies at every point between two steps, and each office has one entry.

Each point twice here, twenty times in the nightly run (NIGHTLY=1). The worker stays warm between the rounds.
"""

import os
import time
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from accounts.scope import scope
from exchange.models import AlertEntry, Delivery, DeliveryEvent, Receipt
from exchange.services.failpoints import DELIVERING, EXIT_CODE, POINTS, SAVING
from tests.exchange.stand import standing, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTLY = bool(os.environ.get("NIGHTLY"))
ROUNDS = 20 if NIGHTLY else 2
BROKER_AWAY_SECONDS = 60 if NIGHTLY else 3
OFFICES = 4


@pytest.fixture
def stand(world, tmp_path):
    assert world.worker
    with standing(tmp_path) as running:
        yield running


def another(world, count):
    """A new person; the birthday moves on because the factory knows 500 numbers a day."""
    return world.patient(name=f"第{count}人", born=date(1960, 1, 1) + timedelta(days=count // 100))


def receipts(world, patient=None):
    with scope(counties=[world.county.pk]):
        found = Receipt.objects.filter(patient=patient) if patient else Receipt.objects.all()
        return sorted(found.values_list("entry_id", flat=True))


def entries(world, patient=None):
    with scope(counties=[world.county.pk]):
        found = AlertEntry.objects.filter(patient=patient) if patient else AlertEntry.objects.all()
        return sorted(found.values_list("pk", flat=True))


def everything_arrived_once(world, assessments):
    """Entries, inbox, outbox and its history agree, office by office."""
    with scope(counties=[world.county.pk]):
        by_office = AlertEntry.objects.values_list("alert__agency", "source", "source_version")
        assert len(by_office) == len(set(by_office)) == OFFICES * assessments
        assert Delivery.objects.filter(delivered_at=None).count() == 0
        told = list(DeliveryEvent.objects.filter(outcome="delivered").values_list("entry", flat=True))
        assert sorted(told) == sorted(AlertEntry.objects.values_list("uuid", flat=True))
    assert receipts(world) == entries(world)


def test_the_points_stand_between_every_pair_of_steps():
    assert len(DELIVERING) >= 8
    assert len(set(POINTS)) == len(POINTS)
    assert settings.FAILPOINTS_ENABLED


def test_a_worker_that_dies_anywhere_delivers_each_entry_once(world, stand):
    count = 0
    for _ in range(ROUNDS):
        for point in DELIVERING:
            stand.arm(point)
            while not stand.has_fired():  # the sweeper may be faster than a worker that is just coming back
                patient = another(world, count)
                assert stand.save(patient.uuid, 3)["exit"] == 0
                wait_for(lambda who=patient: len(receipts(world, who)) == OFFICES, f"four receipts at {point}")
                count += 1
    assert count < 10 * ROUNDS * len(DELIVERING)
    wait_for(lambda: receipts(world) == entries(world), "the last receipt")
    everything_arrived_once(world, count)


def test_a_save_that_dies_anywhere_leaves_all_or_nothing(world, stand):
    count = 0
    for _ in range(ROUNDS):
        for point in SAVING:
            patient, form = another(world, count), uuid4()
            stand.arm(point)
            assert stand.save(patient.uuid, 4, form)["exit"] == EXIT_CODE
            assert stand.has_fired()
            left = len(entries(world, patient))
            assert left == (OFFICES if point in ("committed", "woken") else 0)
            assert stand.save(patient.uuid, 4, form)["exit"] == 0  # the person presses the button once more
            wait_for(lambda who=patient: len(receipts(world, who)) == OFFICES, f"four receipts after {point}")
            count += 1
    everything_arrived_once(world, count)


def test_without_the_broker_visits_are_saved_and_alerts_arrive_by_the_sweeper(world, stand):
    first = world.patient(name="先前")
    assert stand.save(first.uuid, 3)["exit"] == 0
    wait_for(lambda: len(receipts(world, first)) == OFFICES, "the worker to be warm")
    stand.broker.stop()
    gone, count = time.monotonic(), 0
    while time.monotonic() - gone < BROKER_AWAY_SECONDS:
        patient = another(world, count)
        assert stand.save(patient.uuid, 3)["exit"] == 0
        wait_for(lambda who=patient: len(receipts(world, who)) == OFFICES, "the sweeper, which needs no broker")
        count += 1
    stand.broker.start()
    last = world.patient(name="之后")
    assert stand.save(last.uuid, 3)["exit"] == 0
    wait_for(lambda: len(receipts(world, last)) == OFFICES, "the alert after the broker came back")
    everything_arrived_once(world, count + 2)
