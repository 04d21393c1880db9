"""双向转诊: one machine from the slip to the return slip. Each step: authorise, lock, decide, write, audit."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, can, where
from accounts.models import Agency, User
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import Step
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import Patient, Referral
from registry.queries.referrals import STAFF, answers_by_itself
from registry.rules.referral import REFERRAL
from registry.services.facts import checked_day, locked
from registry.services.refusals import DayRefused
from registry.terms import AdmissionKind, ReferralDirection, ReferralState

S = ReferralState


@transaction.atomic
def propose_referral(
    *, patient: Patient, on: date, direction: str, reason: str, category: str, slip: dict[str, str], by: User,
    to_agency: Agency | None = None, to_name: str = "", urgent: bool = False,
) -> Referral:  # fmt: skip
    """Write the slip (转诊单). What the receiver learns of the person is what stands on it.

    Source: 规范2018 双向转诊; 邹城 二(五). Units: local date.
    Raises: Denied, Refused (nowhere to, one is open already), DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.REFER_PATIENT, patient)
    checked_day(on, patient, field="on", what="转诊日期")
    if to_agency is None and not to_name:
        raise Refused("请选择转入医院，或写明医院名称。", field="to_name")
    with refusing("referral_open_once", Refused("这位患者已有一张没有办结的转诊单。请先办结或取消它。")):
        row = Referral.objects.create(
            patient=patient, person=patient.uuid, direction=direction, reason=reason, category=category, slip=slip,
            urgent=urgent, proposed_on=on, proposed_by=by, from_agency=by.agency, to_agency=to_agency,
            to_name="" if to_agency else to_name,
        )  # fmt: skip
    facts = {"direction": direction, "reason": reason, "to": str(to_agency.uuid) if to_agency else "", "urgent": urgent}
    audit.record("registry.referral.proposed", row, by=by, person=row.person, facts=facts)
    return row


def may_answer(referral: Referral, by: User) -> bool:
    """The receiver answers; the township in its place only for a hospital that has no account (纸质回执代录)."""
    if not can(by, Permission.ANSWER_REFERRAL):
        return False
    reach = where(by, Permission.ANSWER_REFERRAL)
    if referral.direction == ReferralDirection.DOWN:
        return referral.duty_township in reach.townships
    seats = {*reach.offices, by.agency_id}
    if referral.to_agency_id in seats:
        return True
    return reach.covers(referral) and not answers_by_itself(referral.to_agency, timezone.localdate())


def receives(referral: Referral, by: User) -> bool:
    """By itself, not in another's place: the hospital it is addressed to; for a way down the duty township."""
    reach = where(by, Permission.ANSWER_REFERRAL)
    if referral.direction == ReferralDirection.DOWN:
        return referral.duty_township in reach.townships
    return can(by, Permission.ANSWER_REFERRAL) and referral.to_agency_id in {*reach.offices, by.agency_id}


def may_ask(referral: Referral, by: User) -> bool:
    """Who sent it may take it back and sign for the return slip."""
    return can(by, Permission.REFER_PATIENT, referral)


def _locked(referral: Referral) -> Referral:
    row = Referral.objects.select_for_update(of=("self",)).select_related(*STAFF).filter(pk=referral.pk).first()
    if row is None:
        raise NotHere
    return row


def _take(referral: Referral, after: ReferralState, by: User, because: str = "") -> tuple[Referral, Step[Any]]:
    """The row, locked, and the arrow this person may walk. Raises: Denied, Refused."""
    row = _locked(referral)
    step = REFERRAL.step(row.state, after)
    allowed = may_answer(row, by) if step.who is Permission.ANSWER_REFERRAL else may_ask(row, by)
    if not allowed:
        raise Denied
    step.demand(because, field="because")
    return row, step


def _write(row: Referral, step: Step[Any], by: User, moment: str, **values: Any) -> Referral:
    row.state = step.after
    for name, value in {**values, f"{moment}_at": timezone.now(), f"{moment}_by": by}.items():
        setattr(row, name, value)
    row.save()
    audit.record(step.action, row, by=by, person=row.person, facts={"from": str(step.before), "to": str(step.after)})
    return row


@transaction.atomic
def receive_referral(*, referral: Referral, by: User) -> Referral:
    """The receiver signs for the slip. Raises: Denied, Refused."""
    row, step = _take(referral, S.RECEIVED, by)
    return _write(row, step, by, "received")


@transaction.atomic
def accept_referral(
    *, referral: Referral, by: User, admitted_on: date | None = None, kind: str = AdmissionKind.UNSTATED
) -> Referral:
    """The receiver has seen the person, and says whether he was admitted. The township registers the stay from this.

    Source: 精神卫生法 第三十条 (the hospital's decision, recorded). Raises: Denied, Refused, DayRefused.
    """
    row, step = _take(referral, S.ACCEPTED, by)
    _check_stay(row, admitted_on, "admitted_on", "收住院日期", row.proposed_on)
    return _write(row, step, by, "answered", admitted_on=admitted_on, admission_kind=kind if admitted_on else "")


@transaction.atomic
def decline_referral(*, referral: Referral, by: User, because: str) -> Referral:
    """The receiver does not take the person, with a reason. Raises: Denied, Refused."""
    row, step = _take(referral, S.DECLINED, by, because)
    return _write(row, step, by, "answered", because=because)


@transaction.atomic
def return_referral(
    *, referral: Referral, by: User, slip: dict[str, str], discharged_on: date | None = None
) -> Referral:
    """The return slip (回转单) goes back to the sender. Raises: Denied, Refused, DayRefused."""
    row, step = _take(referral, S.RETURNED, by)
    _check_stay(row, discharged_on, "discharged_on", "出院日期", row.admitted_on or row.proposed_on)
    return _write(row, step, by, "returned", return_slip=slip, discharged_on=discharged_on)


@transaction.atomic
def complete_referral(*, referral: Referral, by: User) -> Referral:
    """The sender signs for the return slip. Raises: Denied, Refused."""
    row, step = _take(referral, S.COMPLETED, by)
    return _write(row, step, by, "ended")


@transaction.atomic
def cancel_referral(*, referral: Referral, by: User, because: str) -> Referral:
    """The sender takes it back, with a reason (the person did not go). Raises: Denied, Refused."""
    row, step = _take(referral, S.CANCELLED, by, because)
    return _write(row, step, by, "ended", because=because)


def _check_stay(row: Referral, day: date | None, field: str, what: str, earliest: date) -> None:
    if day is None:
        return
    if day > timezone.localdate():
        raise DayRefused(f"{what}不能晚于今天。请核对日期。", field=field)
    if day < earliest:
        raise DayRefused(f"{what}不能早于 {earliest}。请核对日期。", field=field)
