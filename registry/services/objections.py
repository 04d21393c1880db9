"""异议: recorded and taken back, each on its day. Until then everything told of the person is marked as disputed."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.services.races import one_at_a_time
from accounts.terms import Permission
from registry.models import Objection, Patient
from registry.signals import objection_changed
from registry.terms import ObjectionAbout, ObjectionBy

AGAIN = "这一项异议已经登记过，还没有撤回。"


@transaction.atomic
def record_objection(*, patient: Patient, on: date, made_by: str, about: str, words: str, by: User) -> Objection:
    """Source: 个人信息保护法 §44, §46; issue 4, Build 9. Units: local date. Raises: Denied, Refused."""
    authorise(by, Permission.EDIT_PATIENT, patient)
    _known(made_by, about)
    _day(on, None)
    one_at_a_time(patient.uuid)
    if Objection.objects.filter(patient=patient, about=about, withdrawn_on=None).exists():
        raise Refused(AGAIN, field="about")
    row = Objection.objects.create(
        patient=patient, made_on=on, made_by=made_by, about=about, words=words, entered_by=by
    )
    facts = {"on": on.isoformat(), "by": made_by, "about": about}
    audit.record("registry.objection.made", row, by=by, person=patient.uuid, facts=facts)
    objection_changed.send(sender=Objection, patient=patient, by=by)
    return row


@transaction.atomic
def withdraw_objection(*, objection: Objection, on: date, withdrawn_by: str, by: User) -> Objection:
    """By the patient or guardian, never by the office. Raises: Denied, NotHere, Refused."""
    row = Objection.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=objection.pk).first()
    if row is None:
        raise NotHere
    authorise(by, Permission.EDIT_PATIENT, row.patient)
    if row.withdrawn_on is not None:
        raise Refused("这项异议已经撤回。")
    _known(withdrawn_by, row.about)
    _day(on, row.made_on)
    row.withdrawn_on, row.withdrawn_by, row.withdrawn_at, row.withdrawn_entered_by = (
        on,
        withdrawn_by,
        timezone.now(),
        by,
    )
    row.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_at", "withdrawn_entered_by"])
    facts = {"on": on.isoformat(), "by": withdrawn_by}
    audit.record("registry.objection.withdrawn", row, by=by, person=row.patient.uuid, facts=facts)
    objection_changed.send(sender=Objection, patient=row.patient, by=by)
    return row


def _known(who: str, about: str) -> None:
    if who not in ObjectionBy.values:
        raise Refused("请选择是谁。", field="who")
    if about not in ObjectionAbout.values:
        raise Refused("请选择对什么有异议。", field="about")


def _day(on: date, earliest: date | None) -> None:
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", field="on")
    if earliest is not None and on < earliest:
        raise Refused(f"撤回日期不能早于提出日期 {earliest}。", field="on")
