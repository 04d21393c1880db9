"""The emergency record: opened when the disposal becomes known, written within 24 hours, then checked again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from followup.models import Emergency, EmergencyCheck, Incident
from followup.models.incident import ENDED_BECAUSE
from followup.rules.choice import Problem
from followup.rules.emergencies import EMERGENCY_MACHINE, WRITE_WITHIN, EmergencyFacts, problems
from followup.services.incidents import IncidentRefused, WentOver, columns_of, hold, same_subject
from followup.services.refusals import FormUsed
from followup.terms import EmergencyState
from registry.models import Clue, Patient


@transaction.atomic
def open_emergency(
    *, about: Patient | Clue, started_at: datetime, form_id: UUID, by: User, incident: Incident | None = None
) -> Emergency:
    """Say that a disposal has begun: from now on its record is waited for.

    Source: 表1-9. Raises: Denied, NotHere (an incident of somebody else), Refused.
    """
    hold(about, Permission.RECORD_INCIDENT, by)
    if incident is not None and not same_subject(incident, about):
        raise NotHere
    known = Emergency.objects.filter(form_id=form_id).first()
    if known is not None:
        if not same_subject(known, about):
            raise FormUsed
        return known
    if started_at > timezone.localtime():
        raise Refused("处置开始时间不能晚于现在。", field="started_at")
    row = Emergency(form_id=form_id, started_at=started_at, opened_by=by, incident=incident, **columns_of(about))
    row.save(force_insert=True)
    audit.record(
        "followup.emergency.opened", row, by=by, person=row.person, facts={"started_at": started_at.isoformat()}
    )
    return row


def _locked(emergency: Emergency, by: User) -> Emergency:
    hold(emergency.subject, Permission.RECORD_INCIDENT, by)
    rows = Emergency.objects.select_for_update(of=("self",)).select_related("patient", "clue")
    found = rows.filter(pk=emergency.pk).first()
    if found is None:
        raise NotHere
    if found.patient and emergency.patient is None:  # the lock held is the clue's
        raise WentOver
    return found


@transaction.atomic
def write_emergency(*, emergency: Emergency, facts: EmergencyFacts, by: User) -> Emergency:
    """Write 表1-9, once. Late is written down, never refused.

    Source: 表1-9; 管理治疗工作规范2018 应急处置 (24 小时). Raises: Denied, Refused, IncidentRefused.
    """
    row = _locked(emergency, by)
    step = EMERGENCY_MACHINE.step(row.state, EmergencyState.WRITTEN)
    if row.is_forgotten:
        raise Refused("这个人的信息已按规定删去，记录单不能再填写。登记有误的，请撤销。")
    found = problems(facts, now=timezone.localtime())
    if found:
        raise IncidentRefused(found)
    now = timezone.now()
    row.state, row.settled_at, row.settled_by = step.after, now, by
    row.started_at, row.ended_at, row.content = facts.started_at, facts.ended_at, facts.as_content()
    row.save()
    audit.record(
        step.action, row, by=by, person=row.person,
        facts={"late": now - facts.ended_at > WRITE_WITHIN, "reasons": list(facts.reasons)},
    )  # fmt: skip
    return row


@transaction.atomic
def cancel_emergency(*, emergency: Emergency, because: str, by: User) -> Emergency:
    """The disposal was entered by mistake. Raises: Denied, Refused."""
    row = _locked(emergency, by)
    step = EMERGENCY_MACHINE.step(row.state, EmergencyState.CANCELLED)
    step.demand(because, field="because", sentence="请写明撤销的原因。")
    row.state, row.settled_at, row.settled_by = step.after, timezone.now(), by
    row.content = {ENDED_BECAUSE: because}
    row.save()
    audit.record(step.action, row, by=by, person=row.person, because=because)
    return row


@transaction.atomic
def record_check(
    *, emergency: Emergency, checked_at: datetime, stable: bool, note: str, form_id: UUID, by: User
) -> EmergencyCheck:
    """A look after the disposal. Raises: Denied, Refused, IncidentRefused."""
    row = _locked(emergency, by)
    if row.state != EmergencyState.WRITTEN or row.ended_at is None:
        raise Refused("记录单还没有填写，填写后再记复查。")
    known = EmergencyCheck.objects.filter(form_id=form_id).first()
    if known is not None:
        if known.emergency_id != row.pk:
            raise FormUsed
        return known
    if not row.ended_at <= checked_at <= timezone.now():
        raise IncidentRefused([Problem("checked_at", "复查时间应在处置结束与现在之间。")])
    check = EmergencyCheck(
        emergency=row, patient=row.patient, clue=row.clue, checked_at=checked_at, stable=stable, note=note or None,
        form_id=form_id, entered_by=by,
    )  # fmt: skip
    check.save(force_insert=True)
    audit.record("followup.emergency.checked", row, by=by, person=row.person, facts={"stable": stable})
    return check
