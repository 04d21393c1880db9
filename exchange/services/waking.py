"""Wake the worker after the commit. The row in the outbox is what counts: a wake that fails is only a slower alert."""

import logging
import time

from django.db import connection, transaction

from exchange.services.failpoints import reached

logger = logging.getLogger(__name__)
SILENT_SECONDS = 30
_silent_until = 0.0


def wake_after_commit() -> None:
    """Once per transaction. Source: decisions A15."""
    if not any(entry[1] is wake for entry in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Publish without retry; after a failure say nothing for half a minute, so that no save waits for a dead broker."""
    global _silent_until
    reached("committed")
    if time.monotonic() < _silent_until:
        return
    from exchange.tasks import deliver

    try:
        deliver.apply_async(retry=False, ignore_result=True)
    except Exception as error:
        _silent_until = time.monotonic() + SILENT_SECONDS
        logger.warning("wake not published (%s): the sweeper delivers", type(error).__name__)
    reached("woken")
