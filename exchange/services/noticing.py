"""Notices: queued with the delivery, sent by the worker outside of any transaction, at least once under one key."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.scope import system_scope
from exchange.models import AlertEntry, Notice, NoticeChannel, Package, PersonNoticeCopy
from exchange.rules.notices import MOST_ATTEMPTS, Said, wait_seconds, word_for
from exchange.rules.receipts import prefix_of
from exchange.services.failpoints import reached
from exchange.services.sending import WHOLE_SECONDS, send, why_not
from exchange.terms import NoticeWord

logger = logging.getLogger(__name__)

_CHOOSE = """
SELECT id FROM exchange_notice
WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= %s AND (leased_until IS NULL OR leased_until <= %s)
  AND EXISTS (SELECT 1 FROM exchange_noticechannel c WHERE c.id = channel_id AND c.ended_at IS NULL)
ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_CLAIM = """
UPDATE exchange_notice SET lease = %s, leased_until = %s, attempts = attempts + 1 WHERE id = %s RETURNING attempts
"""


@dataclass(frozen=True)
class Errand:
    """A claimed notice with all that its sending needs."""

    notice: int
    lease: UUID
    attempt: int
    kind: str
    address: str
    secret: str
    said: Said


def queue_notices(entry: AlertEntry) -> int:
    """One row per address of the entry's office, in the transaction that puts the entry into its inbox."""
    return queue_word(entry.alert.agency_id, entry.uuid, word_for(entry.kind))


def queue_word(agency: int, about: UUID, word: NoticeWord) -> int:
    """The same for anything that lies in an office's inbox: one row per address, word and thing."""
    channels = NoticeChannel.objects.filter(agency=agency, ended_at=None).values_list("pk", flat=True)
    rows = [Notice(channel_id=pk, entry=about, word=word) for pk in channels]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    reached("notices_queued")
    return len(rows)


def send_due(limit: int = 200) -> int:
    """Send every notice that is due and free, at most `limit`. Safe to run many times at once."""
    sent = 0
    for _ in range(limit):
        errand = claim_notice()
        if errand is None:
            break
        sent += _send(errand)
    return sent


def claim_notice() -> Errand | None:
    """Take the oldest free notice for as long as a sending may last, in a transaction of its own."""
    now = timezone.now()
    with system_scope(), connection.cursor() as cursor:
        cursor.execute(_CHOOSE, [now, now])
        found = cursor.fetchone()
        if found is None:
            return None
        lease, until = uuid4(), now + timedelta(seconds=settings.LEASE_SECONDS + WHOLE_SECONDS)
        cursor.execute(_CLAIM, [lease, until, found[0]])
        attempt = int(cursor.fetchone()[0])
        row = Notice.objects.select_related("channel").get(pk=found[0])
        channel = row.channel
        errand = Errand(
            row.pk, lease, attempt, channel.kind, str(channel.address), str(channel.secret or ""), _said(row)
        )
        reached("notice_claim_written")
    reached("notice_claimed")
    return errand


def _said(row: Notice) -> Said:
    number, path = "", reverse("exchange:inbox")
    if row.word == NoticeWord.URGENT:  # queued by exchange_ask(): a question has no number
        path = reverse("exchange:emergency", args=[row.entry])
    elif row.entry is not None:
        found = AlertEntry.objects.filter(uuid=row.entry).values_list("alert__number", "alert__uuid").first()
        if found is not None:
            number, path = found[0], reverse("exchange:case", args=[found[1]])
        elif Package.objects.filter(uuid=row.entry).exists():
            number, path = prefix_of(row.entry), reverse("exchange:my_package", args=[row.entry])
        else:
            number = PersonNoticeCopy.objects.values_list("number", flat=True).get(uuid=row.entry)
            path = reverse("exchange:my_notice", args=[row.entry])
    return Said(row.uuid, number, NoticeWord(row.word), settings.PUBLIC_URL + path)


def _send(errand: Errand) -> bool:
    try:
        send(errand.kind, errand.address, errand.secret, errand.said)
    except Exception as error:
        why = why_not(error)
        logger.warning("notice %s not sent: %s", errand.said.key, type(error).__name__)
        _put_off(errand, why)
        return False
    reached("notice_sent")
    return _mark_sent(errand)


def _mark_sent(errand: Errand) -> bool:
    with system_scope():
        done = Notice.objects.filter(pk=errand.notice, lease=errand.lease, sent_at=None).update(
            sent_at=timezone.now(), lease=None, leased_until=None, last_error=""
        )
        reached("notice_marked")
    return bool(done)


def _put_off(errand: Errand, why: str) -> None:
    """Later again; after MOST_ATTEMPTS the row rests on the county's list until somebody sends it anew."""
    now = timezone.now()
    with system_scope():
        row = Notice.objects.select_for_update().filter(pk=errand.notice, lease=errand.lease, sent_at=None).first()
        if row is None:
            return
        row.lease = row.leased_until = None
        row.last_error, row.due_at = why[:80], now + timedelta(seconds=wait_seconds(errand.attempt))
        if errand.attempt >= MOST_ATTEMPTS:
            row.failed_at = now
            audit.record("exchange.notice.failed", row, by=None, facts={"why": row.last_error})
        row.save(update_fields=["lease", "leased_until", "last_error", "due_at", "failed_at"])
