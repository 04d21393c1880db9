"""Dated facts: said again for the same day they are corrected, said for a later day they begin anew (decisions A5)."""

from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.rules.text import TextRefused
from accounts.terms import Permission
from registry import signals
from registry.models import Consent, Diagnosis, EconomicStatus, Guardian, Patient, Scan
from registry.queries.around import drawn
from registry.rules.around import second_payee
from registry.rules.lifecycle import Life, check_day
from registry.services.refusals import DayRefused

F = TypeVar("F", bound=models.Model)


def life_of(patient: Patient) -> Life:
    return Life(patient.opened_on, patient.birth_on, patient.closed_on)


def locked(patient: Patient) -> Patient:
    """The patient's row, held until the transaction ends. Raises: NotHere (moved out of reach since the door)."""
    row = Patient.objects.select_for_update(of=("self",)).filter(pk=patient.pk).first()
    if row is None:
        raise NotHere
    return row


def checked_day(day: date, patient: Patient, *, field: str, what: str) -> None:
    """Raises: DayRefused."""
    try:
        check_day(day, life_of(patient), today=timezone.localdate(), what=what)
    except TextRefused as refusal:
        raise DayRefused(str(refusal), field=field) from None


def today_or_before(day: date) -> None:
    """For facts about places, which have no life of a file. Raises: DayRefused (field "on")."""
    if day > timezone.localdate():
        raise DayRefused("日期不能晚于今天。请核对日期。", field="on")


def put_fact(model: type[F], patient: Patient, starts_on: date, **values: Any) -> F:
    """One row a day: the same day said again replaces its values."""
    row = model._default_manager.filter(patient=patient, starts_on=starts_on).first()
    if row is None:
        return model._default_manager.create(patient=patient, starts_on=starts_on, **values)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def _permitted(patient: Patient, by: User) -> Patient:
    authorise(by, Permission.EDIT_PATIENT, patient)
    return locked(patient)


@transaction.atomic
def record_guardian(
    *, patient: Patient, on: date, name: str, by: User, relation: str = "", phone: str | None = None,
    id_number: str | None = None, address: str | None = None, duty: str = "", payee: bool = False,
) -> Guardian:  # fmt: skip
    """A guardian from `on` on. Source: 个人信息补充表. Raises: Denied, DayRefused, Refused (another draws the allowance)."""
    patient = _permitted(patient, by)
    checked_day(on, patient, field="on", what="监护开始日期")
    if payee:
        later = Guardian.objects.filter(patient=patient, starts_on__gt=on).order_by("starts_on").first()
        until = later.starts_on if later else None
        if taken := second_payee(drawn(patient, guardian=False), on, until):
            raise Refused(taken, field="payee")
    row = put_fact(
        Guardian, patient, on, name=name, relation=relation, phone=phone, id_number=id_number, address=address,
        duty=duty, payee=payee, ended=False,
    )  # fmt: skip
    audit.record("registry.guardian.recorded", row, by=by, person=patient.uuid, facts={"on": on.isoformat()})
    signals.guardian_changed.send(Guardian, patient=patient, guardian=row, by=by)
    return row


@transaction.atomic
def record_consent(
    *, patient: Patient, on: date, agreed: bool, by: User, signer: str = "", text_version: str = "", path: str = "",
    relation: str = "", reason: str = "", doctor: str = "", scan: Scan | None = None,
) -> Consent:  # fmt: skip
    """Consent or refusal from `on` on. A signature may be older than the file. Raises: Denied, DayRefused."""
    patient = _permitted(patient, by)
    if on >= patient.opened_on:
        checked_day(on, patient, field="on", what="签字日期")
    row = put_fact(
        Consent, patient, on, agreed=agreed, signer=signer, text_version=text_version, path=path, relation=relation,
        reason=reason, doctor=doctor, scan=scan,
    )  # fmt: skip
    audit.record(
        "registry.consent.recorded", row, by=by, person=patient.uuid,
        facts={"on": on.isoformat(), "agreed": agreed, "path": path},
    )  # fmt: skip
    signals.consent_changed.send(Consent, patient=patient, consent=row, by=by)
    return row


@transaction.atomic
def record_diagnosis(
    *, patient: Patient, on: date, code: str, by: User, icd10: str = "", hospital: str = "",
    diagnosed_on: date | None = None,
) -> Diagnosis:  # fmt: skip
    """The diagnosis that holds from `on` on. Source: 报告卡 040–042. Raises: Denied, DayRefused."""
    patient = _permitted(patient, by)
    checked_day(on, patient, field="on", what="诊断生效日期")
    row = put_fact(Diagnosis, patient, on, code=code, icd10=icd10, hospital=hospital, diagnosed_on=diagnosed_on or on)
    audit.record(
        "registry.diagnosis.recorded", row, by=by, person=patient.uuid, facts={"on": on.isoformat(), "code": code}
    )
    return row


@transaction.atomic
def record_economy(*, patient: Patient, on: date, poor: bool, by: User) -> EconomicStatus:
    """Poor or not, from `on` on. Raises: Denied, DayRefused."""
    patient = _permitted(patient, by)
    checked_day(on, patient, field="on", what="认定日期")
    row = put_fact(EconomicStatus, patient, on, poor=poor)
    audit.record("registry.economy.recorded", row, by=by, person=patient.uuid, facts={"on": on.isoformat()})
    return row
