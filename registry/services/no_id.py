"""Confirming that a person without an identity number is who the file says, and nobody else on file."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.models import IdentityStep, Patient
from registry.queries.no_id import identity_state, opener_of, reporter_of
from registry.rules.no_id import IDENTITY, may_confirm
from registry.services.facts import locked
from registry.terms import IdentityState


@transaction.atomic
def step_identity(*, patient: Patient, to: str, words: str, by: User) -> IdentityStep:
    """Confirm, give back, or report again; each step stays written with its words.

    Source: docs/adr/0007 (two people; the count does not wait). Raises: Denied, Refused.
    """
    patient = locked(patient)
    was = identity_state(patient)
    step = IDENTITY.step(was, to)
    authorise(by, step.who or Permission.SETTLE_ID_CHECK, patient)
    if patient.id_index is not None:
        raise Refused("这份档案已登记身份证号，不需要再核实。")
    if patient.closed_on is not None:
        raise Refused("档案已结案，不需要核实。")
    step.demand(words, field="words", sentence="请写明怎样核实的，例如看过什么证明、问过谁。")
    if to == IdentityState.CONFIRMED and not may_confirm(opener_of(patient), reporter_of(patient), str(by.uuid)):
        raise Refused("建档或补查的人不能自己核实，请另一个人办理。")
    row = IdentityStep.objects.create(patient=patient, state=to, words=words, on=timezone.localdate(), by=by)
    audit.record(step.action, row, by=by, person=patient.uuid, facts={"from": str(was), "to": str(to)})
    return row
