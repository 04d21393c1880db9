"""未访到: a try that reached nobody is a fact with a reason; it moves no due date."""

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from followup.models import Attempt
from followup.rules.attempts import Tries, tries
from followup.services.refusals import FormUsed
from followup.services.striking import strike_row
from followup.services.visits import care_policy, lock_patient
from followup.terms import MissedReason
from registry.models import Patient


class AttemptRefused(Refused):
    code = "attempt_refused"


@transaction.atomic
def record_missed(*, patient: Patient, on: date, reason: str, form_id: UUID, by: User) -> Tries:
    """Write down a try and say what follows (again within two weeks; after three over a month: 失访).

    The same form_id again writes nothing. Source: 管理治疗工作规范2018 失访. Raises: Denied, AttemptRefused, FormUsed.
    """
    authorise(by, Permission.RECORD_VISIT, patient)
    today = timezone.localdate()
    lock_patient(patient)
    if reason not in MissedReason.values:
        raise AttemptRefused("请选择没访到的原因。", field="reason")
    if on > today:
        raise AttemptRefused("日期不能晚于今天。", field="on")
    if patient.closed_on and on >= patient.closed_on:
        raise AttemptRefused("患者的档案已经结束，不用再记未访到。", field="on")
    existing = Attempt.objects.filter(form_id=form_id, patient=patient).exists()
    if not existing:
        _insert(patient, on, reason, form_id, by)
    return tries([on, *_days_since_last(patient, but=form_id)], care_policy(patient.duty_county, today))


def _insert(patient: Patient, on: date, reason: str, form_id: UUID, by: User) -> None:
    attempt = Attempt(patient=patient, attempted_on=on, reason=reason, form_id=form_id, entered_by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO followup_attempt (uuid, patient_id, attempted_on, reason, form_id, entered_at, entered_by_id, "
            "duty_township, duty_county, at_township) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (form_id) DO NOTHING RETURNING id",
            [attempt.uuid, patient.pk, on, reason, form_id, attempt.entered_at, by.pk, patient.duty_township,
             patient.duty_county, patient.duty_township],
        )  # fmt: skip
        if cursor.fetchone() is None:
            raise FormUsed
    audit.record(
        "followup.attempt.recorded",
        attempt,
        by=by,
        person=patient.uuid,
        because=MissedReason(reason).label,
        facts={"on": on.isoformat(), "reason": reason},
    )


def _days_since_last(patient: Patient, *, but: UUID) -> list[date]:
    found = Attempt.objects.standing().filter(patient=patient).exclude(form_id=but)
    if patient.last_visit_on:
        found = found.filter(attempted_on__gt=patient.last_visit_on)
    return list(found.values_list("attempted_on", flat=True))


@transaction.atomic
def strike_attempt(*, attempt: Attempt, because: str, by: User) -> None:
    """Strike a try that was written down wrongly: it counts no longer towards 失访, whatever counts is read anew.

    Source: 管理治疗工作规范2018 失访 (three running); access model note 5 (nobody edits what was recorded).
    Raises: Denied, NotHere, Refused (struck before, no reason).
    """
    patient = attempt.patient
    authorise(by, Permission.CORRECT_VISIT, patient)
    lock_patient(patient)
    found = strike_row(attempt, because=because, by=by, gone="这条未访到已经作废。", verb="作废")
    audit.record(
        "followup.attempt.struck", found, by=by, person=patient.uuid, facts={"on": found.attempted_on.isoformat()}
    )
