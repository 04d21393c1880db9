"""What other agencies' lists said of people does not stay: dropped a while after the answer, drafts after two days."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.queries.policy import CountyRules
from exchange.models import Difference, InboundList
from exchange.terms import DifferenceState, InboundState

S = DifferenceState


@transaction.atomic
def forget_inbound(*, today: date) -> int:
    """What lists said of people falls away a while after the answer; numbers, classes and conclusions stay.

    Source: issue 4; 个人信息保护法 §47; county setting inbound_forget_days. Runs in the system's scope.
    """
    rules, done = CountyRules(today), 0
    for row in InboundList.objects.filter(state=InboundState.ANSWERED, forgotten_at=None).order_by("pk"):
        answered = timezone.localdate(row.answered_at)
        if (today - answered).days < int(rules[row.county_id]["inbound_forget_days"]):
            continue
        for one in Difference.objects.filter(last_inbound=row, state__in=(S.ACCEPTED, S.LAPSED), told__isnull=False):
            one.told, one.words, one.because = None, "", ""
            one.save(update_fields=["told", "words", "because"])
        row.forgotten_at = timezone.now()
        row.save(update_fields=["forgotten_at"])
        audit.record("exchange.inbound.forgotten", row, by=None)
        done += 1
    return done


DRAFT_DAYS = 2


@transaction.atomic
def drop_drafts(*, now_day: date) -> int:
    """Files that were looked through and never sent do not stay. Runs in the system's scope."""
    rows = InboundList.objects.filter(state=InboundState.DRAFT)
    old = [row for row in rows if (now_day - timezone.localdate(row.drafted_at)).days >= DRAFT_DAYS]
    for row in old:
        row.delete()
    return len(old)
