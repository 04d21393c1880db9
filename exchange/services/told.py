"""The print for the person: made on request, and its printing is itself in the trail."""

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from exchange.queries.told import Recipient, told_of
from registry.models import Patient
from registry.terms import ObjectionBy


@transaction.atomic
def print_told(*, patient: Patient, asked_by: str, by: User) -> list[Recipient]:
    """Source: issue 4, Build 9. Raises: Denied, Refused."""
    authorise(by, Permission.VIEW_PATIENT_TRAIL, patient)
    if asked_by not in ObjectionBy.values:
        raise Refused("请选择是谁来查询。", field="who")
    found = told_of(patient.uuid)
    facts = {"asked_by": asked_by, "lines": sum(len(one.lines) for one in found)}
    audit.record("exchange.told.printed", patient, by=by, person=patient.uuid, facts=facts)
    return found
