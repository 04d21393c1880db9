"""The worker's side of the outbox. Every task may run twice, at once or again: the rows decide."""

from celery import shared_task


@shared_task(acks_late=True)
def deliver() -> int:
    """Woken after a commit: deliver what is due."""
    from exchange.services.delivering import deliver_due
    from exchange.services.failpoints import reached

    reached("received")
    return deliver_due()


@shared_task(acks_late=True, expires=60)
def sweep() -> int:
    """From the clock: what no wake reached, and what a dead worker had claimed."""
    from exchange.services.delivering import deliver_due

    return deliver_due()


@shared_task(acks_late=True, expires=240)
def escalate() -> int:
    """From the clock: note once in the trail which entries an office has left unsigned past the county's hours."""
    from exchange.services.silence import note_silence

    return note_silence()
