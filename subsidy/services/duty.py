"""履责认定: the group's word on a stretch of duty."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.services.facts import locked
from subsidy.models import Agreement, DutyRecord
from subsidy.queries.duty import periods_of
from subsidy.rules.agreements import duty_problems
from subsidy.rules.spans import Span
from subsidy.services.refusals import PaperRefused
from subsidy.terms import DutyFailure, DutyResult


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What was said of a stretch of days, who signed it, and on which day."""

    days: Span
    result: DutyResult
    said_on: date
    failures: Sequence[DutyFailure] = ()
    note: str = ""
    signers: Sequence[str] = field(default=())


@transaction.atomic
def record_duty(*, agreement: Agreement, facts: DutyFacts, by: User) -> DutyRecord:
    """Record a word on duty; what was said before of the same days stays readable and counts no longer.

    Source: 河北 2016; practice.md A2. Raises: Denied, NotHere, Refused, PaperRefused.
    """
    patient = agreement.patient
    authorise(by, Permission.ASSESS_DUTY, patient)
    locked(patient)
    today = timezone.localdate()
    if facts.days not in periods_of(agreement, today):
        raise Refused("请从列表中选一段已经开始的日期。", field="days")
    if not facts.days.first <= facts.said_on <= today:
        raise Refused(f"认定日期应在 {facts.days.first} 与今天之间。", field="said_on")
    if found := duty_problems(facts.result, facts.failures, facts.note, facts.signers):
        raise PaperRefused(found)
    row = DutyRecord(
        patient=patient, agreement=agreement, first_on=facts.days.first, last_on=facts.days.last, result=facts.result,
        failures=[one.value for one in facts.failures], note=facts.note, signers=list(facts.signers),
        said_on=facts.said_on, said_by=by,
    )  # fmt: skip
    if _said_already(row):
        raise Refused("这段日期已经这样认定过，可能刚刚保存。请看认定记录。")
    row.save(force_insert=True)
    audit.record(
        "subsidy.duty.recorded", row, by=by, person=patient.uuid,
        facts={"from": row.first_on.isoformat(), "to": row.last_on.isoformat(), "result": facts.result.value},
    )  # fmt: skip
    return row


def _said_already(row: DutyRecord) -> bool:
    last = DutyRecord.objects.filter(patient=row.patient, first_on=row.first_on, last_on=row.last_on).last()
    said = ("result", "failures", "note", "signers", "said_on")
    return last is not None and all(getattr(last, name) == getattr(row, name) for name in said)
