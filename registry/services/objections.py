"""异议: recorded by one, ended by two, each on its day. Until then everything told of the person is marked as disputed."""

from datetime import date, timedelta

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
WHAT = "请写明是哪个单位、哪一项内容，核对的人凭这些话办理。"
NOTHING_WAITS = "没有待核对的撤回。"
CONFIRM_HOURS = 72
CLOSING = ["closing_on", "closing_by", "closing_words", "closing_at", "closing_entered_by"]


@transaction.atomic
def record_objection(*, patient: Patient, on: date, made_by: str, about: str, words: str, by: User) -> Objection:
    """Source: 个人信息保护法 §44, §46; issue 4, Build 9. Units: local date. Raises: Denied, Refused."""
    authorise(by, Permission.EDIT_PATIENT, patient)
    _known(made_by, about)
    _day(on, None)
    if about != ObjectionAbout.SHARING and not words:  # nobody could mend what is not named
        raise Refused(WHAT, field="words")
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
def propose_closing(*, objection: Objection, on: date, asked_by: str, words: str, by: User) -> Objection:
    """The patient or guardian takes it back, never the office by itself; it holds until another person has confirmed.

    Source: security 3.7 (closing of an objection takes two people). Units: local date. Raises: Denied, NotHere, Refused.
    """
    row = _open(objection, by)
    _known(asked_by, row.about)
    _day(on, row.made_on)
    if not words:
        raise Refused("请写明来人为什么撤回。", field="words")
    row.closing_on, row.closing_by, row.closing_words = on, asked_by, words
    row.closing_at, row.closing_entered_by = timezone.now(), by
    row.save(update_fields=CLOSING)
    facts = {"on": on.isoformat(), "by": asked_by}
    audit.record("registry.objection.closing_proposed", row, by=by, person=row.patient.uuid, facts=facts)
    return row


@transaction.atomic
def return_closing(*, objection: Objection, because: str, by: User) -> Objection:
    """The second person does not confirm; or the first one takes the proposal back. The objection goes on.

    Raises: Denied, NotHere, Refused.
    """
    row = _open(objection, by)
    if row.closing_at is None:
        raise Refused(NOTHING_WAITS)
    if not because:
        raise Refused("请写明为什么不撤回。", field="because")
    row.closing_on, row.closing_by, row.closing_words, row.closing_at, row.closing_entered_by = None, "", "", None, None
    row.save(update_fields=CLOSING)
    audit.record("registry.objection.closing_returned", row, by=by, person=row.patient.uuid, because=because)
    return row


@transaction.atomic
def close_objection(*, objection: Objection, seen: str, by: User) -> Objection:
    """The second signature, under the proposal that was seen (`seen`: its mark). From now on nothing is marked any more.

    Source: security 3.7 (requester ≠ approver, bound to what was seen, within 72 hours). Raises: Denied, NotHere, Refused.
    """
    row = _open(objection, by)
    if row.closing_at is None or row.closing_on is None:
        raise Refused(NOTHING_WAITS)
    if row.closing_entered_by_id == by.pk:
        raise Refused("登记撤回的人不能自己核对。请另一个人核对。")
    if seen != closing_mark(row):
        raise Refused("打开以后，撤回的内容改过。请重新看过再核对。")
    if row.closing_at < timezone.now() - timedelta(hours=CONFIRM_HOURS):
        raise Refused(f"登记撤回已超过 {CONFIRM_HOURS} 小时。请先退回，再重新登记。")
    row.withdrawn_on, row.withdrawn_by, row.withdrawn_at, row.withdrawn_entered_by = (
        row.closing_on,
        row.closing_by,
        timezone.now(),
        by,
    )
    row.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_at", "withdrawn_entered_by"])
    facts = {"on": row.closing_on.isoformat(), "by": row.closing_by, "proposer": str(row.closing_entered_by_id)}
    audit.record("registry.objection.withdrawn", row, by=by, person=row.patient.uuid, facts=facts)
    objection_changed.send(sender=Objection, patient=row.patient, by=by)
    return row


def closing_mark(row: Objection) -> str:
    """Names one proposal: another one is another moment."""
    return row.closing_at.isoformat() if row.closing_at else ""


def _open(objection: Objection, by: User) -> Objection:
    row = Objection.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=objection.pk).first()
    if row is None:
        raise NotHere
    authorise(by, Permission.EDIT_PATIENT, row.patient)
    if row.withdrawn_on is not None:
        raise Refused("这项异议已经撤回。")
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
