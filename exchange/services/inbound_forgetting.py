"""What other agencies' lists said of people does not stay: dropped a while after the answer, of a platform's export a
while after each difference is reviewed or gone, drafts after two days.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import audit
from accounts.queries.policy import CountyRules
from exchange.models import Difference, InboundList
from exchange.queries.inbound import kinds
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
            _forget(one)
        row.forgotten_at = timezone.now()
        row.save(update_fields=["forgotten_at"])
        audit.record("exchange.inbound.forgotten", row, by=None)
        done += 1
    return done


def _forget(one: Difference) -> None:
    one.told, one.words, one.because = None, "", ""
    one.save(update_fields=["told", "words", "because"])


@transaction.atomic
def forget_platforms(*, today: date) -> int:
    """What a platform's exports said of people falls away once the difference is reviewed or gone; it is followed on by
    its key until an export agrees. How many differences forgot. Runs in the system's scope.

    Source: issue 4, Build 7; 个人信息保护法 §47; county setting platform_forget_days.
    """
    rules, done = CountyRules(today), 0
    over = Q(state=S.LAPSED) | Q(state=S.ACCEPTED) | Q(equal_at__isnull=False)
    rows = Difference.objects.filter(over, inbound__kind__in=_platforms(), told__isnull=False)
    for one in rows.select_for_update(of=("self",)).order_by("pk").iterator(chunk_size=500):
        if (today - _closed_on(one)).days >= int(rules[one.county_id]["platform_forget_days"]):
            _forget(one)
            done += 1
    _note_forgotten()
    return done


def _platforms() -> list[str]:
    return [kind.code.value for kind in kinds().values() if kind.platform]


def _closed_on(one: Difference) -> date:
    """When nobody had to read their words any more; of one that came to agree before an answer, when it was opened."""
    moments = [moment for moment in (one.reviewed_at, one.equal_at) if moment]
    return timezone.localdate(min(moments) if moments else one.opened_at)


def _note_forgotten() -> None:
    """An export says that it has forgotten when none of its people's words is left and a newer one is there."""
    rows = InboundList.objects.filter(kind__in=_platforms(), state=InboundState.COMPARED, forgotten_at=None)
    newer = InboundList.objects.filter(
        county=OuterRef("county"), agency=OuterRef("agency"), kind=OuterRef("kind"), number__gt=OuterRef("number"),
        state=InboundState.COMPARED,
    )  # fmt: skip
    left = Difference.objects.filter(Q(inbound=OuterRef("pk")) | Q(last_inbound=OuterRef("pk")), told__isnull=False)
    for row in rows.filter(Exists(newer), ~Exists(left)).order_by("pk"):
        row.forgotten_at = timezone.now()
        row.save(update_fields=["forgotten_at"])
        audit.record("exchange.inbound.forgotten", row, by=None)


DRAFT_DAYS = 2


@transaction.atomic
def drop_drafts(*, now_day: date) -> int:
    """Files that were looked through and never sent do not stay. Runs in the system's scope."""
    rows = InboundList.objects.filter(state=InboundState.DRAFT)
    old = [row for row in rows if (now_day - timezone.localdate(row.drafted_at)).days >= DRAFT_DAYS]
    for row in old:
        row.delete()
    return len(old)
