"""What was told in cases that are over: when its ground proves wrong, those offices hear of that too."""

from datetime import date
from uuid import UUID

from exchange.models import AlertEntry
from exchange.services.disclosing import Source, Telling
from exchange.services.steps import Batch, take_back
from exchange.terms import CaseStatus, EntryKind, SourceKind


def withdraw_from_past(
    batch: Batch, *, kind: SourceKind, told: UUID, source: Source, on: date, holds: tuple[int, date] | None = None
) -> int:
    """收回 to every office whose case is closed and was once told of this: its content is long out of sight, the statement
    was never taken back. `holds`: level and day as they are now; who was told just that hears nothing. Cases told.

    Source: issue 4, Build 3 (corrections and withdrawals reach every past recipient). The caller holds the patient's lock.
    """
    rows = AlertEntry.objects.filter(patient=batch.patient, source_kind=kind, source=told)
    known = set(rows.filter(kind=EntryKind.WITHDRAWN).values_list("alert", flat=True))
    rows = rows.filter(alert__status=CaseStatus.CLOSED, level__isnull=False, withdrawn_at=None).exclude(alert__in=known)
    wrong = {
        entry.alert_id: entry.alert
        for entry in rows.select_related("alert__agency").order_by("alert")
        if (entry.level, entry.occurred_on) != holds
    }
    for case in wrong.values():
        take_back(case, Source(kind, told))
        batch.tell(Telling(case, EntryKind.WITHDRAWN, source, on))
        batch.note("exchange.alert.withdrawn", case)
    return len(wrong)
