"""The outbox empties into the inboxes: claimed by one worker at a time, delivered once, safe to cut anywhere."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.scope import system_scope
from exchange.models import Delivery, DeliveryEvent, Receipt
from exchange.services.failpoints import reached
from exchange.services.noticing import queue_notices

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 20
LONGEST_WAIT_SECONDS = 600

# The oldest row that is due and that nobody holds. A row locked by somebody else is passed over, not waited for.
_CHOOSE = """
SELECT id FROM exchange_delivery
WHERE delivered_at IS NULL AND failed_at IS NULL AND due_at <= %s AND (leased_until IS NULL OR leased_until <= %s)
ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Claim:
    """The right to deliver one row until the lease runs out; `lease` tells it from an older claim of the same row."""

    delivery: int
    lease: UUID
    attempt: int


def deliver_due(limit: int = 500) -> int:
    """Deliver everything that is due and free, at most `limit`, and say how many. Safe to run many times at once."""
    delivered = 0
    for _ in range(limit):
        claim = claim_next()
        if claim is None:
            break
        reached("claimed")
        delivered += deliver(claim)
        reached("delivered")
    reached("finished")
    return delivered


def claim_next() -> Claim | None:
    """Take the oldest free row for LEASE_SECONDS, in a transaction of its own. None: nothing is due."""
    now = timezone.now()
    with system_scope(), connection.cursor() as cursor:
        cursor.execute(_CHOOSE, [now, now])
        row = cursor.fetchone()
        if row is None:
            return None
        reached("row_chosen")
        claim = Claim(row[0], uuid4(), 0)
        until = now + timedelta(seconds=settings.LEASE_SECONDS)
        cursor.execute(
            "UPDATE exchange_delivery SET lease = %s, leased_until = %s, attempts = attempts + 1 WHERE id = %s "
            "RETURNING attempts",
            [claim.lease, until, claim.delivery],
        )
        attempt = int(cursor.fetchone()[0])
        reached("claim_written")
    return Claim(claim.delivery, claim.lease, attempt)


def deliver(claim: Claim) -> bool:
    """Put the entry into the office's inbox and mark it done, in one transaction. False: not ours, or it failed."""
    try:
        with system_scope():
            return _deliver(claim)
    except Exception as error:
        logger.exception("delivery %s failed", claim.delivery)
        _put_off(claim, type(error).__name__)
        return False


def _deliver(claim: Claim) -> bool:
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("entry__alert")
        .filter(pk=claim.delivery)
        .first()
    )
    reached("row_locked")
    if row is None or row.delivered_at is not None or row.lease != claim.lease:
        return False  # the lease ran out and another worker took over
    now = timezone.now()
    Receipt.objects.bulk_create(
        [Receipt(entry=row.entry, alert_id=row.entry.alert_id, patient_id=row.patient_id, delivered_at=now)],
        ignore_conflicts=True,  # the entry is in the inbox once, whoever brings it
    )
    reached("receipt_written")
    queue_notices(row.entry)
    row.delivered_at, row.lease, row.leased_until = now, None, None
    row.save(update_fields=["delivered_at", "lease", "leased_until"])
    DeliveryEvent.objects.create(entry=row.entry.uuid, attempt=claim.attempt, outcome="delivered")
    reached("delivery_marked")
    return True


def _put_off(claim: Claim, why: str) -> None:
    """Later again, twice as long each time; after MOST_ATTEMPTS the row rests with its reason, and the list says so."""
    wait = min(LONGEST_WAIT_SECONDS, settings.LEASE_SECONDS * 2 ** min(claim.attempt, 10))
    now = timezone.now()
    with system_scope(), transaction.atomic():
        row = Delivery.objects.select_for_update().select_related("entry").filter(pk=claim.delivery).first()
        if row is None or row.lease != claim.lease:
            return
        row.lease = row.leased_until = None
        row.last_error, row.due_at = why[:80], now + timedelta(seconds=wait)
        if claim.attempt >= MOST_ATTEMPTS:
            row.failed_at = now
        row.save(update_fields=["lease", "leased_until", "last_error", "due_at", "failed_at"])
        outcome = "failed" if row.failed_at else "put_off"
        DeliveryEvent.objects.create(entry=row.entry.uuid, attempt=claim.attempt, outcome=outcome, note=why[:80])
