"""What the register says of a person ends an agreement by itself, or lets one run on that a mistake had ended.

Days count as they happened (decisions A5). What was paid already stays: a later settlement finds the difference
(`rules/offsets.py`). A stay, custody and an incident end nothing here: settlement reads them as dated facts.
"""

from datetime import date

from django.utils import timezone

from accounts import audit
from accounts.models import User
from registry.models import Patient
from registry.terms import CareStatus
from subsidy.models import Agreement
from subsidy.services.agreements import close, guardian_left_on
from subsidy.terms import AgreementEnd

CLOSED_BY = {
    CareStatus.DEAD: AgreementEnd.DIED,
    CareStatus.MOVED_OUT: AgreementEnd.MOVED,
    CareStatus.EXCLUDED: AgreementEnd.EXCLUDED,
}


def _running(patient: Patient) -> list[Agreement]:
    rows = Agreement.objects.select_for_update(of=("self",)).filter(patient=patient, ended_on=None)
    return list(rows.select_related("patient").order_by("starts_on"))


def follow_guardian(patient: Patient, by: User) -> None:
    """End the agreement of whoever is guardian no longer, on the day on which that became so."""
    today = timezone.localdate()
    for row in _running(patient):
        left = guardian_left_on(patient, row, today)
        if left is not None and left <= row.ends_on:
            close(row, on=left, reason=AgreementEnd.GUARDIAN_CHANGED, by=by)


def follow_closing(patient: Patient, on: date, value: str, by: User) -> None:
    """The file was closed on a day: it is the first day without."""
    for row in _running(patient):
        if row.ends_on >= on:
            close(row, on=on, reason=CLOSED_BY[CareStatus(value)], by=by)


def follow_reopening(patient: Patient, on: date, by: User) -> None:
    """A closing that never was is taken back: what it ended runs on. A later return asks for a new agreement."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("patient")
    reasons = list(CLOSED_BY.values())
    for row in rows.filter(patient=patient, ended_on=on, end_reason__in=reasons):
        row.ended_on, row.end_reason, row.end_words, row.ended_by = None, "", "", None
        row.save(update_fields=["ended_on", "end_reason", "end_words", "ended_by"])
        audit.record("subsidy.agreement.resumed", row, by=by, person=patient.uuid, facts={"on": on.isoformat()})


def follow_move(patient: Patient, on: date, *, other_county: bool, by: User) -> None:
    """A county's money ends at its border; a move within the county changes only who looks after the papers."""
    if not other_county:
        return
    for row in _running(patient):
        if row.ends_on >= on:
            close(row, on=on, reason=AgreementEnd.MOVED, by=by)
