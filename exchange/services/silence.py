"""An office that does not sign: noted once in the trail; the county sees it on its list until somebody signs."""

from datetime import timedelta

from django.utils import timezone

from accounts import audit
from accounts.models import Division
from accounts.queries.policy import policy
from accounts.scope import scope
from accounts.terms import DivisionLevel
from exchange.models import Receipt
from exchange.queries.receipts import newly_silent

SEARCHED_BACK = timedelta(days=30)


def note_silence() -> int:
    """Write one audit event per unsigned entry that has passed the county's hours. Safe to run twice.

    Source: security 4.3 (24 h without 签收 → county). Units: hours, the county's `acknowledge_hours`.
    """
    noted, now = 0, timezone.now()
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None).values_list("pk", flat=True):
        with scope(counties=[county]):
            hours = int(policy(county, "acknowledge_hours", timezone.localdate()))
            for receipt in newly_silent(before=now - timedelta(hours=hours), since=now - SEARCHED_BACK):
                if not Receipt.objects.filter(pk=receipt.pk, silent_noted_at=None).update(silent_noted_at=now):
                    continue  # another worker was faster
                audit.record(
                    "exchange.alert.unanswered",
                    receipt.alert,
                    by=None,
                    person=receipt.patient.uuid,
                    facts={"agency": str(receipt.alert.agency.uuid), "hours": hours},
                )
                noted += 1
    return noted
