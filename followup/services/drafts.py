"""草稿: kept every few seconds while a visit form is filled in, given up, and cleared when it has run out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.queries.policy import policies
from accounts.refusals import Refused
from accounts.terms import Permission
from followup.models import Draft
from followup.rules.drafts import Held, Page, expiry, may_write, seal_of
from followup.services.visits import lock_patient
from registry.models import Patient

Answers = Mapping[str, Sequence[str]]


class FormSaved(Refused):
    """The form has been saved as a visit: nothing is left to keep."""

    code = "form_saved"
    status = 409
    message = "这张表已经保存过，不用再暂存。要改内容请打开那次随访，点“更正”。"


class DraftElsewhere(Refused):
    """Another window of the same person holds the newer text."""

    code = "draft_elsewhere"
    status = 409
    message = "您在另一个窗口也在填这位患者的随访，那里的内容已经暂存，这里的没有。请到那个窗口继续，或重新打开这一页。"


@dataclass(frozen=True)
class Kept:
    version: int
    at: datetime


@transaction.atomic
def keep_draft(*, patient: Patient, page: Page, answers: Answers, by: User) -> Kept:
    """Keep what stands in the form. It raises no alert and counts nowhere. Units: aware moments.

    Source: design of the visit form. Raises: Denied, NotHere, FormSaved, DraftElsewhere.
    """
    authorise(by, Permission.RECORD_VISIT, patient)
    now = timezone.now()
    if lock_patient(patient, page.form_id) is not None:  # a save and a draft of one form never pass each other
        raise FormSaved
    draft = Draft.objects.select_for_update(of=("self",)).filter(patient=patient, kept_by=by).first()
    held = Held(draft.form_id, draft.tab, draft.version, draft.expires_at) if draft else None
    if not may_write(held, page, now):
        raise DraftElsewhere
    days = int(policies(patient.duty_county, timezone.localdate())["draft_keeps_days"])
    facts = {"tab": page.tab, "content": dict(answers), "saved_at": now, "expires_at": expiry(now, keeps_days=days)}
    if draft is not None and draft.form_id == page.form_id:
        for name, value in facts.items():
            setattr(draft, name, value)
        draft.version += 1
        draft.save()
        return Kept(draft.version, now)
    if draft is not None:
        draft.delete()
    return _begin(patient, page, facts, by, now)


def _begin(patient: Patient, page: Page, facts: Mapping[str, object], by: User, now: datetime) -> Kept:
    draft = Draft(
        uuid=seal_of(by.uuid, patient.uuid, page.form_id),
        patient=patient,
        kept_by=by,
        form_id=page.form_id,
        started_at=now,
        **facts,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # the form's number is in use elsewhere
        raise DraftElsewhere from None
    audit.record("followup.draft.begun", draft, by=by, person=patient.uuid)
    return Kept(draft.version, now)


@transaction.atomic
def drop_draft(*, patient: Patient, by: User) -> bool:
    """Give up one's own draft of this patient. False when there is none. Raises: Denied."""
    authorise(by, Permission.RECORD_VISIT, patient)
    lock_patient(patient)
    draft = Draft.objects.filter(patient=patient, kept_by=by).first()
    if draft is None:
        return False
    audit.record("followup.draft.dropped", draft, by=by, person=patient.uuid)
    draft.delete()
    return True


@transaction.atomic
def clear_drafts() -> int:
    """Remove what has run out; every night, with the system's reach."""
    removed, _ = Draft.objects.filter(expires_at__lte=timezone.now()).delete()
    return removed
