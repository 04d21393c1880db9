"""Taking somebody off the list of the due: a coded reason and a day to try again; the running window is excused."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from followup.models import OffList
from followup.rules.choice import Problem
from followup.rules.dates import day_after
from followup.rules.off_list import latest_again, off_list_problems
from followup.services.refusals import VisitRefused
from followup.services.visits import care_policy, lock_patient
from followup.services.windows import refresh_windows
from followup.terms import Excuse
from registry.models import Patient


@transaction.atomic
def take_off_list(*, patient: Patient, reason: str, words: str, again_on: date | None, by: User) -> OffList:
    """Write down why nobody is visited until a day; the worklist shows the person again from then on.

    Source: 本系统 移出名单; 管理治疗工作规范2018. Raises: Denied, Refused, VisitRefused (every field at once).
    """
    authorise(by, Permission.RECORD_VISIT, patient)
    lock_patient(patient)
    patient.refresh_from_db(fields=["next_due_on", "last_class"])
    today = timezone.localdate()
    policy = care_policy(patient.duty_county, today)
    if patient.closed_on is not None:
        raise Refused("患者的档案已经结束，不在名单上。")
    if patient.next_due_on is None or patient.next_due_on > day_after(today, policy.worklist_days_ahead):
        raise Refused("这位患者现在不在到期名单上，不用移出。")
    if OffList.objects.filter(patient=patient, given_on=today).exists():
        raise Refused("今天已经移出过一次。要改的话，请直接记录一次随访或未访到。")
    latest = latest_again(patient.last_class, patient.last_level, today, policy)
    found = off_list_problems(reason, words, again_on, today=today, latest=latest)
    if found or again_on is None:
        raise VisitRefused(found or [Problem("again_on", "请填写再次联系的日期。")])
    row = OffList.objects.create(
        patient=patient, given_on=today, reason=reason, words=words or None, again_on=again_on, entered_by=by
    )
    refresh_windows([patient.pk], today=today)
    audit.record(
        "followup.off_list.given",
        row,
        by=by,
        person=patient.uuid,
        because=str(Excuse(reason).label),
        facts={"on": today.isoformat(), "reason": reason, "again_on": again_on.isoformat()},
    )
    return row
