"""Striking through a record of something done that was written down wrongly: it stays readable, with the reason."""

from typing import TypeVar, cast

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from followup.models import Attempt, Checkup, Dispensing, Injection
from followup.services.locking import lock_patient
from followup.services.prescriptions import settle_due

ACTIONS = {
    Injection: "followup.injection.struck",
    Dispensing: "followup.dispensing.struck",
    Checkup: "followup.checkup.struck",
}


Struck = TypeVar("Struck", bound=Injection | Dispensing | Checkup | Attempt)


def strike_row(row: Struck, *, because: str, by: User, gone: str, verb: str) -> Struck:
    """The row as it stands now, struck; `gone` is said of one that was struck before. The patient is held by the caller.

    Raises: NotHere, Refused.
    """
    now = type(row)._default_manager.filter(pk=row.pk).select_related("patient").first()
    found = cast("Struck | None", now)  # a manager of one of four models
    if found is None:
        raise NotHere
    if found.struck_at is not None:
        raise Refused(gone)
    if not because:
        raise Refused(f"请写明{verb}的原因。", field="because")
    found.struck_at, found.struck_by, found.struck_words = timezone.now(), by, {"because": because}
    found.save(update_fields=["struck_at", "struck_by", "struck_words"])
    return found


@transaction.atomic
def strike(row: Injection | Dispensing | Checkup, *, because: str, by: User) -> None:
    """The record counts no longer; what follows from it (the next due day) is worked out anew.

    Source: access model note 5 (nobody edits what was recorded). Raises: Denied, NotHere, Refused.
    """
    patient = row.patient
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    found = strike_row(row, because=because, by=by, gone="这条记录已经作废。", verb="作废")
    if isinstance(found, Injection):
        settle_due([patient.pk])
    audit.record(ACTIONS[type(row)], found, by=by, person=patient.uuid, facts={"row": str(found.uuid)})
