"""Acts about the people around a patient and what the patient is entitled to. Each is one dated row."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry import signals
from registry.models import Companion, EconomicStatus, Guardian, Guardianship, GuardianTraining, Patient, SocialFact
from registry.queries.around import drawn
from registry.queries.person import guardian_on
from registry.rules.around import in_force, second_payee
from registry.services.facts import checked_day, locked, put_fact
from registry.terms import CompanionRole, SocialKind


def _open(patient: Patient, on: date, by: User, what: str) -> Patient:
    authorise(by, Permission.EDIT_PATIENT, patient)
    patient = locked(patient)
    checked_day(on, patient, field="on", what=what)
    return patient


def _note(action: str, row: Any, patient: Patient, by: User, on: date, **facts: Any) -> None:
    audit.record(action, row, by=by, person=patient.uuid, facts={"on": on.isoformat(), **facts})


@transaction.atomic
def end_guardian(*, patient: Patient, on: date, by: User) -> Guardian:
    """From `on` on nobody is guardian; the past stays. Raises: Denied, Refused, DayRefused."""
    patient = _open(patient, on, by, "结束日期")
    present = guardian_on(patient, on)
    if present is None:
        raise Refused("这一天没有登记的监护人，不需要结束。", field="on")
    if Guardian.objects.filter(patient=patient, starts_on__gt=on).exists():
        raise Refused("之后已登记了别的监护人。请核对日期。", field="on")
    if present.starts_on == on:
        raise Refused("监护人是这一天开始的，结束日期要晚一天以上；登记有误的请直接改姓名。", field="on")
    row = put_fact(
        Guardian, patient, on, name=present.name, relation=present.relation, phone=None, id_number=None, address=None,
        duty="", payee=False, ended=True,
    )  # fmt: skip
    _note("registry.guardian.ended", row, patient, by, on)
    signals.guardian_changed.send(Guardian, patient=patient, guardian=None, by=by)
    return row


@transaction.atomic
def name_companion(
    *, patient: Patient, role: str, on: date, name: str, by: User, phone: str | None = None, relation: str = "",
    duty: str = "", payee: bool = False,
) -> Companion:  # fmt: skip
    """An assistant guardian (any number) or the helper of one role (one at a time) from `on` on.

    Source: 邹城 二(七), 滕州 三(五). Raises: Denied, Refused, DayRefused.
    """
    patient = _open(patient, on, by, "开始日期")
    assistant = role == CompanionRole.ASSISTANT
    slot = uuid4().hex if assistant else role
    values = {
        "role": role, "ended": False, "name": name, "phone": phone, "relation": relation if assistant else "",
        "duty": duty, "payee": payee and assistant,
    }  # fmt: skip
    present = in_force(Companion.objects.filter(patient=patient, role=CompanionRole.ASSISTANT), on) if assistant else []
    if any(str(row.name) == name for row in present):
        raise Refused(f"{name}已经登记为协助监护人。可能刚刚保存过，请看名单。", field="name")
    if values["payee"] and (taken := second_payee(drawn(patient), on, None)):
        raise Refused(taken, field="payee")
    row = Companion.objects.filter(patient=patient, slot=slot, starts_on=on).first()
    row = row or Companion(patient=patient, slot=slot, starts_on=on)
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    _note("registry.companion.named", row, patient, by, on, role=role)
    if assistant:
        signals.guardian_changed.send(Companion, patient=patient, guardian=None, by=by)
    return row


@transaction.atomic
def end_companion(*, patient: Patient, slot: str, on: date, by: User) -> Companion:
    """Close one thread from `on` on. Raises: Denied, Refused, DayRefused."""
    patient = _open(patient, on, by, "结束日期")
    present = Companion.objects.filter(patient=patient, slot=slot).order_by("-starts_on").first()
    if present is None or present.ended:
        raise Refused("这个人已经不再担任。请刷新页面。", field="slot")
    if on <= present.starts_on:
        raise Refused(f"结束日期要晚于开始日期 {present.starts_on}，最早是第二天。", field="on")
    row = Companion.objects.create(patient=patient, slot=slot, starts_on=on, role=present.role, ended=True)
    _note("registry.companion.ended", row, patient, by, on, role=present.role)
    if present.role == CompanionRole.ASSISTANT:
        signals.guardian_changed.send(Companion, patient=patient, guardian=None, by=by)
    return row


@transaction.atomic
def set_guardianship(*, patient: Patient, state: str, on: date, by: User, note: str = "") -> Guardianship:
    """监护状态 from `on` on. Raises: Denied, DayRefused."""
    patient = _open(patient, on, by, "开始日期")
    row = put_fact(Guardianship, patient, on, state=state, note=note)
    _note("registry.guardianship.set", row, patient, by, on, state=state)
    signals.guardian_changed.send(Guardianship, patient=patient, guardian=guardian_on(patient, on), by=by)
    return row


@transaction.atomic
def record_social(
    *, patient: Patient, kind: str, holds: bool, on: date, source: str, by: User, grade: int | None = None,
    number: str | None = None, note: str = "",
) -> SocialFact | EconomicStatus:  # fmt: skip
    """A social fact from `on` on, with the office it comes from; 贫困 goes to EconomicStatus, where reports read it.

    Source: 个人信息补充表; 邹城 二(六). Raises: Denied, Refused, DayRefused.
    """
    patient = _open(patient, on, by, "认定日期")
    disabled = kind == SocialKind.DISABILITY
    if grade is not None and not (disabled and holds):
        raise Refused("只有持残疾人证的才填等级。", field="grade")
    if kind == SocialKind.POOR:
        row: SocialFact | EconomicStatus = put_fact(EconomicStatus, patient, on, poor=holds)
    else:
        row = _social_row(patient, kind, on)
        row.holds, row.grade, row.source, row.note = holds, grade, source, note
        row.save()
    if disabled and number:
        patient.disability_number = number
        patient.version += 1
        patient.save(update_fields=["disability_number", "version"])
    _note("registry.social.recorded", row, patient, by, on, kind=kind, holds=holds, source=source)
    return row


def _social_row(patient: Patient, kind: str, on: date) -> SocialFact:
    known = SocialFact.objects.filter(patient=patient, kind=kind, starts_on=on).first()
    return known or SocialFact(patient=patient, kind=kind, starts_on=on)


@transaction.atomic
def log_training(
    *, patient: Patient, on: date, topic: str, hours: Decimal, attended: str, by: User
) -> GuardianTraining:
    """A day on which the guardian was trained. Source: 精神卫生法 art. 55. Units: hours. Raises: Denied, DayRefused."""
    patient = _open(patient, on, by, "培训日期")
    row = GuardianTraining.objects.filter(patient=patient, starts_on=on, topic=topic).first()
    row = row or GuardianTraining(patient=patient, starts_on=on, topic=topic)
    row.hours, row.attended = hours, attended
    row.save()
    _note("registry.training.logged", row, patient, by, on)
    return row
