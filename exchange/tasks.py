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


@shared_task(acks_late=True, expires=60)
def send_notices() -> int:
    """From the clock: tell offices by mail or webhook that something lies in their inbox."""
    from exchange.services.noticing import send_due

    return send_due()


@shared_task(acks_late=True, expires=240)
def escalate() -> int:
    """From the clock: tell the county, then the commission, of what an office or a township has left lying."""
    from exchange.services.escalating import escalate_silence
    from exchange.services.late_differences import escalate_differences

    return escalate_silence() + escalate_differences()


@shared_task(acks_late=True, expires=600)
def open_packages() -> int:
    """From the clock: the packages of every period that has ended, each once."""
    from django.utils import timezone

    from exchange.services.preparing import open_due

    return open_due(timezone.localdate())


@shared_task(acks_late=True, expires=3600)
def correct_packages() -> int:
    """From the clock, once a night: each county for itself, so that none waits behind the others' people."""
    from exchange.queries.deltas import counties_to_correct

    counties = counties_to_correct()
    for county in counties:
        correct_county.apply_async((county,), retry=False, ignore_result=True)
    return len(counties)


@shared_task(acks_late=True, expires=6 * 3600)
def correct_county(county: int) -> int:
    """What the recipients of one county hold against its records of today."""
    from exchange.services.deltas import open_corrections

    return open_corrections(county)


@shared_task(acks_late=True, expires=240)
def prepare_packages() -> int:
    """From the clock: whatever is opened. A worker that dies leaves nothing half-made: the next turn does it."""
    from exchange.services.delivery import offer_waiting
    from exchange.services.preparing import prepare_due

    offer_waiting()
    return prepare_due()


@shared_task(acks_late=True, expires=60)
def follow_notices() -> int:
    """From the clock: copies of 单人告知 that are past their days, and those that nobody has signed for in time."""
    from exchange.services.person_notice_ends import end_expired, note_silence

    return end_expired() + note_silence()


@shared_task(acks_late=True, expires=3600)
def compare_notices() -> int:
    """From the clock, once a night: what offices read of single persons against the records of today."""
    from exchange.services.person_notice_checks import compare_notices as compare

    return compare()


@shared_task(acks_late=True, expires=240)
def follow_refusals() -> int:
    """From the clock: rows that an office has sent back become somebody's work."""
    from exchange.services.refusals import follow_refusals as follow

    return follow()


@shared_task(acks_late=True, expires=60)
def compare_lists() -> int:
    """From the clock: lists of other agencies that were sent and wait, and letters for those that are done."""
    from exchange.services.answering import answer_due
    from exchange.services.inbound_comparing import compare_due

    return compare_due() + answer_due()


@shared_task(acks_late=True, expires=3600)
def forget_requests() -> int:
    """Every night: urgent questions that are older than their county keeps them."""
    from django.utils import timezone

    from accounts.scope import system_scope
    from exchange.services.emergency_forgetting import forget_emergencies

    with system_scope():
        return forget_emergencies(today=timezone.localdate())


@shared_task(acks_late=True, expires=3600)
def forget_lists() -> int:
    """Every night: what answered lists said of people, and drafts that nobody sent."""
    from django.utils import timezone

    from accounts.scope import system_scope
    from exchange.services.inbound_forgetting import drop_drafts, forget_inbound, forget_platforms

    today = timezone.localdate()
    with system_scope():
        return forget_inbound(today=today) + forget_platforms(today=today) + drop_drafts(now_day=today)
