"""The end of a file ends what was on its way: a leaf below `status`."""

from datetime import date

from django.utils import timezone

from accounts import audit
from accounts.models import User
from registry.models import AdmissionHelp, Patient, Referral, TemporaryFile, Transfer
from registry.rules.admission_help import HELP
from registry.rules.referral import REFERRAL
from registry.rules.transfers import TRANSFER
from registry.services.notices import tell
from registry.terms import OPEN_TRANSFER, AwayState, HelpState, NoticeKind, ReferralState, TransferState

ENDED = "档案已结案"  # all that the other side learns


def end_journeys(patient: Patient, on: date, *, by: User) -> None:
    """Open transfers and temporary files of a file that ends: nobody is asked for them any more."""
    states = [*OPEN_TRANSFER, TransferState.ACCEPTED]
    for row in Transfer.objects.filter(patient=patient, state__in=states).select_for_update(of=("self",)):
        step = TRANSFER.step(row.state, TransferState.CLOSED)
        row.state = TransferState.CLOSED
        row.save(update_fields=["state"])
        audit.record(step.action, row, by=by, person=patient.uuid, facts={"on": on.isoformat()})
    end_temporary_files(patient, on, by=by)
    _end_requests(patient, on, by=by)


def _end_requests(patient: Patient, on: date, *, by: User) -> None:
    """Referrals that nobody has answered, and help with an admission: the hospital and the township need do nothing."""
    waiting = Referral.objects.filter(patient=patient, state__in=[ReferralState.PROPOSED, ReferralState.RECEIVED])
    for row in waiting.select_for_update(of=("self",)):
        taken = REFERRAL.step(row.state, ReferralState.CANCELLED)
        row.state, row.because, row.ended_at, row.ended_by = ReferralState.CANCELLED, ENDED, timezone.now(), by
        row.save(update_fields=["state", "because", "ended_at", "ended_by"])
        audit.record(taken.action, row, by=by, person=patient.uuid, facts={"on": on.isoformat()})
    helps = AdmissionHelp.objects.filter(patient=patient, state__in=[HelpState.ASKED, HelpState.ARRANGED])
    for asked in helps.select_for_update(of=("self",)):
        ended = HELP.step(asked.state, HelpState.CANCELLED)
        asked.state, asked.note, asked.ended_on = HelpState.CANCELLED, ENDED, max(on, asked.asked_on)
        asked.save(update_fields=["state", "note", "ended_on"])
        audit.record(ended.action, asked, by=by, person=patient.uuid, facts={"on": on.isoformat()})


def end_temporary_files(patient: Patient, on: date, *, by: User) -> list[TemporaryFile]:
    """Back, moved on, or the file ended: what the destination holds of the person ends with it."""
    rows = list(TemporaryFile.objects.filter(patient=patient, ended_on=None).select_for_update(of=("self",)))
    for row in rows:
        row.state, row.ended_on = AwayState.ENDED, on
        row.save(update_fields=["state", "ended_on"])
        audit.record("registry.temporary_file.ended", row, by=by, person=patient.uuid, facts={"on": on.isoformat()})
    return rows


def come_back(patient: Patient, on: date, *, by: User) -> None:
    """No longer away: the temporary file ends and its township is told."""
    for row in end_temporary_files(patient, on, by=by):
        if row.to_township_id is not None:
            words = f"{patient.name}自 {on} 起不再外出，临时档案已结束。"
            tell(kind=NoticeKind.AWAY, words=words, by=by, to_township=row.to_township_id, person=row.person)
