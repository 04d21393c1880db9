"""Joint visits: arranged with dated grants to the sheet, ledgered as a disclosure, read and signed by the members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import unseal
from accounts.doors import authorise
from accounts.models import Assignment, User
from accounts.refusals import NotHere, Refused
from accounts.services.races import one_at_a_time
from accounts.terms import FieldGroup, Permission, Purpose, Role
from exchange.models import Disclosure, JointMember, JointVisit
from exchange.queries.joint import candidates
from exchange.rules.joint import JOINT_MACHINE, grant_ends, refusals, too_early
from exchange.services.disclosing import DISPUTED, SYSTEM, content_digest
from exchange.services.watching import watch_openings
from exchange.terms import SHEET, Basis, JointState, LedgerAct
from followup.services.colours import note_joint
from registry.models import Patient
from registry.queries.objections import is_disputed

CITATION = "严重精神障碍管理治疗工作规范（2018年版）随访管理 联合随访"
OBJECTED = "本人或监护人对提供这些信息有异议。只用于这次随访，有出入的请联系责任医生核实。"
CONTENT = JointVisit._meta.get_field("content")
DID = JointMember._meta.get_field("did")


class JointRefused(Refused):
    """`fields`: a sentence for each field that must be mended."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(next(iter(fields.values())))


@dataclass(frozen=True)
class Mine:
    """A line of a member's own list: no name before the sheet is opened."""

    uuid: UUID
    planned_at: datetime
    state: str
    signed_at: datetime | None
    expires_at: datetime


@transaction.atomic
def arrange_joint(
    *, patient: Patient, planned_at: datetime, sheet: dict[str, str], members: Sequence[User], form_id: UUID, by: User
) -> JointVisit:
    """Ask members of the township's group to come along. Each gets a dated grant to the sheet, never to the file.

    Source: 滕州 三(一); security 3.5 (dated grants), decisions B20 (no clinical word leaves); issue 4, Build 9 (an objection
    marks it). `sheet` has the keys of SHEET.
    Raises: Denied, JointRefused.
    """
    authorise(by, Permission.ARRANGE_JOINT, patient)
    one_at_a_time(form_id)
    known = JointVisit.objects.filter(form_id=form_id, patient=patient).first()
    if known is not None:
        return known
    found = refusals(planned_at=planned_at, members=len(members), now=timezone.now())
    allowed = {user.pk for user in candidates(patient, timezone.localdate())}
    if any(user.pk not in allowed for user in members):
        found["members"] = "请从列出的人里选择。"
    if patient.closed_on is not None:
        found["planned_at"] = "档案已经结案，不再约定协同随访。"
    if found:
        raise JointRefused(found)
    content = {key: sheet.get(key, "") for key in SHEET}
    content[DISPUTED] = OBJECTED if is_disputed(patient.pk) else ""
    row = JointVisit(patient=patient, planned_at=planned_at, content=content, form_id=form_id, arranged_by=by)
    row.save(force_insert=True)
    until = grant_ends(planned_at)
    JointMember.objects.bulk_create(
        [JointMember(joint=row, patient=patient, user=user, expires_at=until) for user in members]
    )
    at = timezone.now()
    Disclosure.objects.bulk_create([_line(row, user, content, at, by) for user in members])
    audit.record(
        "exchange.joint.arranged", row, by=by, person=patient.uuid,
        facts={"at": planned_at.isoformat(), "members": [str(user.uuid) for user in members]},
    )  # fmt: skip
    return row


def _line(
    row: JointVisit, user: User, content: dict[str, str], at: datetime, by: User | None,
    act: LedgerAct = LedgerAct.DISCLOSED,
) -> Disclosure:  # fmt: skip
    return Disclosure(
        at=at, act=act, person=row.patient.uuid, recipient=user.agency.uuid,
        recipient_name=user.agency.name, alert=row.uuid, fields=[key for key, value in content.items() if value],
        basis=Basis.STATUTORY_DUTY, citation=CITATION, actor=by.uuid if by else None,
        actor_name=by.display_name if by else SYSTEM, digest=content_digest(content),
    )  # fmt: skip


@transaction.atomic
def settle_joint(*, joint: JointVisit, to: JointState, because: str, by: User) -> JointVisit:
    """Done or cancelled. A cancelled one takes every grant back at once. Raises: Denied, Refused, NotHere."""
    row = JointVisit.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=joint.pk).first()
    if row is None:
        raise NotHere
    authorise(by, Permission.ARRANGE_JOINT, row.patient)
    step = JOINT_MACHINE.step(row.state, to)
    step.demand(because, field="because")
    if to == JointState.DONE and (early := too_early(timezone.localtime(row.planned_at), timezone.localtime())):
        raise Refused(early)
    row.state = step.after
    if to == JointState.CANCELLED:
        row.because = because
    row.save(update_fields=["state", "because"])
    if to == JointState.DONE:
        _met(row, by)
    if to == JointState.CANCELLED:
        _take_back(row, by)
    audit.record(step.action, row, by=by, person=row.patient.uuid, because=because)
    return row


def end_joints(patient: Patient, because: str, *, by: User | None) -> None:
    """Moved or off the register: what was arranged is off, and no member of the old place reads the sheet any longer.

    Source: threat T15; issue 4, Build 3. The caller holds the patient's lock and the transaction.
    """
    rows = JointVisit.objects.select_for_update(of=("self",)).select_related("patient")
    for row in rows.filter(patient=patient, state=JointState.PLANNED):
        step = JOINT_MACHINE.step(row.state, JointState.CANCELLED)
        row.state, row.because = step.after, because
        row.save(update_fields=["state", "because"])
        _take_back(row, by)
        audit.record(step.action, row, by=by, person=row.patient.uuid, because=because)


def _take_back(row: JointVisit, by: User | None) -> None:
    """Every member's grant ends, and the ledger says so for each who held one. Source: issue 4, Build 3."""
    now = timezone.now()
    held = JointMember.objects.filter(joint=row, revoked_at=None).select_related("user__agency")
    content = cast("dict[str, str]", row.content)
    lines = [_line(row, one.user, content, now, by, LedgerAct.RECALLED) for one in held]
    Disclosure.objects.bulk_create(lines)
    held.update(revoked_at=now)


def _met(row: JointVisit, by: User) -> None:
    """The police were there: their next visit by the county's colours counts from this one."""
    on = timezone.localtime(row.planned_at).date()
    police = Assignment.objects.live(on).filter(role=Role.TOWNSHIP_POLICE)
    went = JointMember.objects.filter(joint=row, revoked_at=None, user__in=police.values("user"))
    if went.exists():
        note_joint(patient=row.patient, on=on, by=by)


# the members' side: these run as app_partner for partners, through functions only


def my_joints(*, by: User) -> list[Mine]:
    authorise(by, Permission.JOIN_VISIT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exchange_my_joints()")
        return [Mine(*row) for row in cursor.fetchall()]


def open_joint(*, joint: UUID, by: User, proven: bool = False) -> dict[str, str]:
    """The sheet's words in its order; each reading is a line of the ledger.

    Raises: Denied, NotHere, TooMany, StepUpNeeded (as opening an alert).
    """
    authorise(by, Permission.JOIN_VISIT)
    watch_openings(by=by, proven=proven, cases=[joint])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exchange_joint_open(%s, %s)", [joint, timezone.now()])
        row = cursor.fetchone()
    if row is None:
        raise NotHere
    audit.saw([row[1]], (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY), Purpose.ALERT)
    told = CONTENT.load(unseal(bytes(row[0]), label=CONTENT.label, uuid=joint))
    return {label: str(told.get(key, "")) for key, label in SHEET.items() if told.get(key)}


@transaction.atomic
def sign_joint(*, joint: UUID, did: str, by: User) -> bool:
    """A member signs what was done; the first signature stays. Raises: Denied, NotHere, JointRefused."""
    authorise(by, Permission.JOIN_VISIT)
    if not did:
        raise JointRefused({"did": "请写做了什么。"})
    for one in my_joints(by=by):
        if one.uuid == joint and (early := too_early(timezone.localtime(one.planned_at), timezone.localtime())):
            raise JointRefused({"did": early})
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange_joint_member(%s)", [joint])
        (member,) = cursor.fetchone() or (None,)
        if member is None:
            raise NotHere
        cursor.execute("SELECT * FROM exchange_joint_sign(%s, %s, %s)", [member, DID.seal(did, member), timezone.now()])
        signed, person = cursor.fetchone() or (0, None)
    if person is None:
        raise NotHere
    if signed:
        audit.record("exchange.joint.signed", None, by=by, person=person, facts={"joint": str(joint)})
    return bool(signed)
