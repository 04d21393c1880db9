"""The sweeper that needs no broker: a thread of the clock's process reads the outbox from the database.

The clock's own task (`exchange.tasks.sweep`) goes through Redis and stops with it; this loop does not.
Two of them at once are harmless: rows are claimed.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from exchange.services.delivering import deliver_due
from exchange.services.noticing import send_due

logger = logging.getLogger(__name__)


def connect() -> None:
    """Start with Celery's clock, wherever that runs (beat, or worker -B)."""
    from celery.signals import beat_embedded_init, beat_init

    beat_init.connect(_start, dispatch_uid="exchange.sweeping")
    beat_embedded_init.connect(_start, dispatch_uid="exchange.sweeping")


def _start(**kwargs: Any) -> None:
    """Two loops: an office's slow server must not hold up what lies on our own side."""
    for name, work in (("alert-sweeper", deliver_due), ("notice-sweeper", send_due)):
        threading.Thread(target=sweep_for_ever, kwargs={"work": work}, name=name, daemon=True).start()


def sweep_for_ever(stop: threading.Event | None = None, work: Callable[[], object] = deliver_due) -> None:
    """Every SWEEP_SECONDS until `stop`; a database that is away is tried again at the next round."""
    stop = stop or threading.Event()
    while not stop.wait(settings.SWEEP_SECONDS):
        try:
            close_old_connections()
            work()
        except Exception:
            logger.exception("sweep failed; the next one tries again")
        finally:
            close_old_connections()
