"""Receipts on which an office is late: not signed, not answered, taken back and not signed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from exchange.models import Feedback, Receipt
from exchange.rules.deadlines import Patience, late_since
from exchange.terms import DISCLOSING, RECALLING, CaseStatus, EntryKind


@dataclass(frozen=True)
class Late:
    """A county's hours at one moment (local)."""

    patience: Patience
    now: datetime

    def unsigned(self, receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
        """Past the hours for 签收: the county's matter."""
        return self._silent(receipts, self.patience.acknowledge)

    def long_unsigned(self, receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
        """Still unsigned when the commission is told."""
        return self._silent(receipts, max(self.patience.commission, self.patience.acknowledge))

    def unanswered(self, receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
        """Signed, and past the hours for 反馈, while the case is open."""
        return without_answer(receipts).filter(self._before("acknowledged_at", self.patience.answer))

    def _silent(self, receipts: QuerySet[Receipt], hours: int) -> QuerySet[Receipt]:
        return without_signature(receipts).filter(self._before("delivered_at", hours))

    def _before(self, moment: str, hours: int) -> Q:
        """Two clocks: desks on duty count every hour, offices the hours of working days."""
        found = Q()
        for on_duty in (True, False):
            since = late_since(self.now, hours=hours, calendar=self.patience.counted(on_duty=on_duty))
            found |= Q(**{"alert__agency__on_duty": on_duty, f"{moment}__lt": since})
        return found


def without_signature(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """An escalation is not counted: it is no reason to escalate."""
    return receipts.filter(acknowledged_at=None).exclude(entry__kind=EntryKind.ESCALATED)


def without_answer(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Signed, no 反馈 since, and the case is open."""
    later = Feedback.objects.filter(alert=OuterRef("alert"), given_at__gte=OuterRef("acknowledged_at"))
    waiting = receipts.filter(~Exists(later), entry__kind__in=DISCLOSING, entry__withdrawn_at=None)
    return waiting.filter(acknowledged_at__isnull=False).exclude(alert__status=CaseStatus.CLOSED)


def noted_late(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """What the clock has escalated to the county and what still lies there."""
    unsigned = without_signature(receipts).filter(silent_noted_at__isnull=False)
    unanswered = without_answer(receipts).filter(answer_noted_at__isnull=False)
    return unsigned | unanswered


def unsigned_recalls(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Taken back, and the office has not yet said that it knows."""
    return receipts.filter(acknowledged_at=None, entry__kind__in=RECALLING)


def untold(receipts: QuerySet[Receipt], noted: str, *, since: datetime) -> QuerySet[Receipt]:
    """Of these, the ones whose escalation is not yet noted in column `noted`."""
    fresh = receipts.filter(**{noted: None}, delivered_at__gt=since)
    return fresh.select_related("entry").defer("entry__content").order_by("id")
