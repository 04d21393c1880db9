"""紧急查询: an officer at a scene asks about one ID number; the county's psychiatrist answers, by telephone.

The office reads the same whether or not the county knows the person: its page is fed from what it asked, and the only
answers are that the doctor has telephoned, or that there is nothing to tell.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.doors import authorise, where
from accounts.models import User
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.models import Disclosure, EmergencyRequest
from exchange.services.disclosing import DISPUTED
from exchange.services.watching import watch_openings
from exchange.terms import Advice, Basis, EmergencyAnswer, EmergencyState, LedgerAct
from registry.models import Patient
from registry.queries.objections import is_disputed
from registry.rules.id_number import IdRefused, read_id_number
from registry.rules.phone import PhoneRefused, read_phone

CITATION = "个人信息保护法第十三条第一款第四项（紧急情况下为保护自然人的生命健康和财产安全所必需）"
ID = EmergencyRequest._meta.get_field("id_number")
SCENE = EmergencyRequest._meta.get_field("scene")
PHONE = EmergencyRequest._meta.get_field("phone")


def ask_emergency(*, number: str, scene: str, phone: str, form_id: UUID, proven: bool, by: User) -> bool:
    """One exact ID number, whatever it is. False when this form had been sent. Runs as app_partner.

    Source: issue 4, Build 8. Raises: Denied, Refused, TooMany, StepUpNeeded.
    """
    authorise(by, Permission.ASK_EMERGENCY)
    exact = _exact(number, timezone.localdate())
    if not scene:
        raise Refused("请写现场情况，医生据此判断。", field="scene")
    _callable(phone)
    index = blind_index("id_number", exact)
    watch_openings(by=by, proven=proven, index=index)  # not inside: its refusal keeps what was tried
    return _ask(exact, index, scene, phone, form_id, by)


@transaction.atomic
def _ask(exact: str, index: bytes, scene: str, phone: str, form_id: UUID, by: User) -> bool:
    new = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exchange_ask(%s, %s, %s, %s, %s, %s, %s)",
            [
                new,
                form_id,
                ID.seal(exact, new),
                index,
                SCENE.seal(scene, new),
                PHONE.seal(phone or None, new),
                timezone.now(),
            ],
        )
        (made,) = cursor.fetchone()
    if made is None:
        raise Denied
    if made:
        audit.record("exchange.emergency.asked", None, by=by, facts={"request": str(new)})
    return bool(made)


def _exact(number: str, today: date) -> str:
    try:
        return read_id_number(number, today=today).number
    except IdRefused as refusal:
        raise Refused(str(refusal), field="number") from None


def _callable(phone: str) -> None:
    try:
        read_phone(phone)
    except PhoneRefused as refusal:
        raise Refused(str(refusal), field="phone") from None


def emergency_person(row: EmergencyRequest, by: User) -> Patient | None:
    """Whom the county knows under that number, in the psychiatrist's own reach; the look is logged."""
    authorise(by, Permission.ANSWER_EMERGENCY)
    found = Patient.objects.visible_to(by).select_related("village").filter(id_index=bytes(row.id_index)).first()
    if found is not None:
        audit.saw([found.uuid], (FieldGroup.IDENTITY, FieldGroup.RISK), Purpose.ALERT)
    return found


@transaction.atomic
def answer_emergency(*, request: EmergencyRequest, answer: str, advice: list[str], by: User) -> EmergencyRequest:
    """What was said on the telephone, or that nothing can be told. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.ANSWER_EMERGENCY)
    rows = EmergencyRequest.objects.select_for_update(of=("self",)).select_related("agency")
    row = rows.filter(pk=request.pk).first()
    if row is None or row.county_id not in where(by, Permission.ANSWER_EMERGENCY).counties:
        raise NotHere
    if row.state != EmergencyState.WAITING:
        raise Refused("已经有人答复过了。")
    told = _told(answer, advice)
    person = emergency_person(row, by)
    row.state, row.answer, row.advice = EmergencyState.ANSWERED, EmergencyAnswer(answer), told
    row.answered_at, row.answered_by, row.person = timezone.now(), by, person.uuid if person else None
    row.save(update_fields=["state", "answer", "advice", "answered_at", "answered_by", "person"])
    if person is not None and told:
        Disclosure.objects.create(**_line(row, person, by))
    audit.record(
        "exchange.emergency.answered", row, by=by, person=person.uuid if person else None, facts={"answer": answer}
    )
    return row


def _told(answer: str, advice: list[str]) -> list[str]:
    if answer not in EmergencyAnswer.values:
        raise Refused("请选择怎样答复。", field="answer")
    if any(one not in Advice.values for one in advice):
        raise Refused("请从列出的内容里选择。", field="advice")
    if answer == EmergencyAnswer.PHONED and not advice:
        raise Refused("请选电话里说了什么。", field="advice")
    if answer == EmergencyAnswer.NOTHING and advice:
        raise Refused("没有提供信息的，不选说了什么。", field="advice")
    return sorted(advice)


def _line(row: EmergencyRequest, person: Patient, by: User) -> dict[str, Any]:
    """Being on the register was told with it. Source: security 3.3 note 1; issue 4, Build 3, 8 and 9."""
    return {
        "at": row.answered_at, "act": LedgerAct.DISCLOSED, "person": person.uuid, "recipient": row.agency.uuid,
        "recipient_name": row.agency.name, "release": row.uuid, "basis": Basis.EMERGENCY,
        "fields": [*row.advice, *([DISPUTED] if is_disputed(person.pk) else [])],
        "citation": CITATION[:120], "actor": by.uuid, "actor_name": by.display_name,
    }  # fmt: skip
