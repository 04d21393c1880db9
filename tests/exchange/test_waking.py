"""The wake after the commit: one per transaction, and no save that waits for a broker that is away."""

import logging

import pytest
from celery import Celery, current_app

from exchange.services import waking
from tests.exchange.conftest import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker_away(settings, tmp_path, monkeypatch):
    """Celery with a broker's address where nobody listens, in the settings of production."""
    usual = current_app._get_current_object()
    other = Celery("away", broker=f"redis+socket://{tmp_path}/nobody.sock")
    other.conf.update(
        task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY,
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        broker_connection_timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT,
    )
    other.set_current()
    monkeypatch.setattr(waking, "_silent_until", 0.0)
    yield
    usual.set_current()
    other.close()


def test_two_visits_in_one_transaction_wake_once(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as found:
        save(world.worker, world.patient(), 3)
        save(world.worker, world.patient(name="又一人"), 4)
    assert found.count(waking.wake) == 1


def test_a_low_visit_wakes_nobody(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as found:
        save(world.worker, world.patient(), 1)
    assert found == []


def test_after_a_failure_nobody_is_woken_for_half_a_minute(broker_away, caplog, monkeypatch):
    def failures():
        return len([record for record in caplog.records if "wake not published" in record.getMessage()])

    with caplog.at_level(logging.WARNING):
        waking.wake()
        waking.wake()
        assert failures() == 1
        later = waking.time.monotonic() + waking.SILENT_SECONDS + 1
        monkeypatch.setattr(waking.time, "monotonic", lambda: later)
        waking.wake()
        assert failures() == 2
