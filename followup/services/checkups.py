"""Laboratory results and the yearly physical examination."""

from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.terms import Permission
from followup.models import Checkup
from followup.rules.checkups import CheckupFacts, checkup_problems
from followup.services.locking import lock_patient
from followup.services.prescriptions import limits_of
from followup.services.refusals import FormSaved, FormUsed, VisitRefused
from registry.models import Patient


class CheckupRefused(VisitRefused):
    """`problems` names every field."""


@transaction.atomic
def record_checkup(*, patient: Patient, facts: CheckupFacts, form_id: UUID, by: User) -> Checkup:
    """Write down results, or why there is no yearly examination. The same form again returns the first record.

    Source: 规范第三版 健康体检; 规范2018 实验室检查. Raises: Denied, CheckupRefused, FormUsed.
    """
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    known = Checkup.objects.filter(form_id=form_id).first()
    if known is not None:
        if known.patient_id != patient.pk:
            raise FormUsed
        content: Any = known.content
        if known.checked_on != facts.checked_on or content != facts.as_content():
            raise FormSaved
        return known
    found = checkup_problems(facts, limits_of(patient))
    if found:
        raise CheckupRefused(found)
    row = Checkup(
        patient=patient, form_id=form_id, kind=facts.kind, outcome=facts.outcome, checked_on=facts.checked_on,
        content=facts.as_content(), entered_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        "followup.checkup.recorded", row, by=by, person=patient.uuid,
        facts={"on": facts.checked_on.isoformat(), "kind": facts.kind, "outcome": facts.outcome},
    )  # fmt: skip
    return row
