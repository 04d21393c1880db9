"""失访 decided by a person from the tries: the note in the follow-up record, the status, and the signal patient_lost."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from followup.queries.tries import prompt_for
from followup.rules.choice import Problem
from followup.rules.facts import VisitFacts
from followup.services.refusals import VisitRefused
from followup.services.visits import Recorded, care_policy, lock_patient, record_visit
from followup.terms import LostReason
from registry.models import Patient
from registry.terms import CareStatus


@transaction.atomic
def decide_lost(*, patient: Patient, reason: str, words: str, form: str, form_id: UUID, by: User) -> Recorded:
    """Say that a patient is lost. The same form_id again writes nothing.

    Source: 管理治疗工作规范2018 失访 (在随访记录表中记录, 立即书面报告). Reason 4 stands only when the tries make it.
    Raises: Denied, Refused, VisitRefused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    known = lock_patient(patient, form_id)
    today = timezone.localdate()
    if known is None and patient.status == CareStatus.LOST:
        raise Refused("这位患者已经登记为失访。")
    prompt = prompt_for(patient, care_policy(patient.duty_county, today))
    wrong = []
    if reason not in LostReason.values:
        wrong.append(Problem("reason", "请选择失访原因。"))
    if reason == LostReason.NOT_REACHED and known is None and (prompt is None or not prompt.is_run):
        wrong.append(Problem("reason", "还没有连续三次、超过一个月未访到。请继续再访，或选择其他原因。"))
    if reason == LostReason.OTHER and not words:
        wrong.append(Problem("words", "原因选“其他”时，请写明是什么情况。"))
    if wrong:
        raise VisitRefused(wrong)
    facts = VisitFacts(visited_on=today, form=form, lost_reason=reason, lost_text=words)
    recorded = record_visit(patient=patient, facts=facts, form_id=form_id, by=by)
    if recorded.created:
        audit.record(
            "followup.loss.decided",
            recorded.visit.root,
            by=by,
            person=patient.uuid,
            because=prompt.because if prompt else str(LostReason(reason).label),
            facts={"on": today.isoformat(), "reason": reason, "tries": len(prompt.evidence) if prompt else 0},
        )
    return recorded
