"""Showing a sealed number to a person who says why (security T1, mock notes: 显示证件号 asks the purpose)."""

from typing import cast

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.terms import FieldGroup, Permission
from registry.models import Guardian, Patient
from registry.queries.person import newest

_GROUPS = {
    "id_number": FieldGroup.FULL_IDENTITY,
    "phone": FieldGroup.FULL_IDENTITY,
    "guardian_phone": FieldGroup.GUARDIAN,
}


@transaction.atomic
def reveal(*, patient: Patient, what: str, purpose: str, by: User) -> str:
    """The number in clear ("" when none is on file). The look and its purpose are logged. Raises: Denied, KeyError."""
    authorise(by, Permission.REVEAL_IDENTITY, patient)
    group = _GROUPS[what]
    if what == "guardian_phone":
        guardian = newest(Guardian, [patient.pk]).get(patient.pk)
        value = guardian.phone if guardian else None
    else:
        value = getattr(patient, what)
    audit.record(
        "registry.identity.revealed", patient, by=by, person=patient.uuid,
        facts={"field": what, "purpose": str(purpose)},
    )  # fmt: skip
    audit.saw([patient.uuid], [group], purpose)
    return cast("str | None", value) or ""
