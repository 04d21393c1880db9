"""A file's way to the next township: proposed, seen, accepted or refused; nobody is ever between two townships."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policy
from accounts.reach import Reach
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.text import TextRefused
from accounts.scope import scope, set_reach
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import Patient, Transfer
from registry.queries.places import address_of
from registry.queries.transfers import sides_of, transfers_for
from registry.rules.id_number import age_on
from registry.rules.transfers import TRANSFER, Answer, after_refusal, answer_by, check_destination, is_silent, offers
from registry.services.facts import locked
from registry.services.moves import give, target
from registry.services.notices import tell
from registry.services.status import close_patient
from registry.terms import AddressSource, CareStatus, NoticeKind, TransferState

S = TransferState
WRITTEN = (
    "state", "said", "refusals", "seen_at", "seen_by", "answer_due_on", "answered_at", "answered_by", "accepted_on",
    "visit_due_on", "done_on",
)  # fmt: skip
TAKEN = "这位患者已有一件移交没有办结。请先办结或撤回它。"


def proposal_of(patient: Patient, today: date, *, address: str, words: str) -> dict[str, Any]:
    """What the receiver learns before it takes the file, and no more. Source: security 3.2 (F1, F2 address, F5)."""
    return {
        "name": patient.name, "sex": patient.get_sex_display(), "age": age_on(patient.birth_on, today),
        "address": address or address_of(patient), "level": patient.last_level, "words": words,
    }  # fmt: skip


@transaction.atomic
def propose_transfer(
    *, patient: Patient, by: User, reason: str, to_township: Division | None = None, outside: str = "",
    address: str = "", words: str = "",
) -> Transfer:  # fmt: skip
    """Ask a township (or note a place outside of the system) to take the file. The duty stays until it is accepted.

    Source: 规范2018 迁居; transfer_answer_days working days. Raises: Denied, Refused.
    """
    patient = locked(patient)
    authorise(by, Permission.MOVE_PATIENT, patient)
    if patient.closed_on is not None:
        raise Refused("档案已结案，不能移交。如果是误结案，请先恢复。")
    try:
        check_destination(
            from_township=patient.duty_township, to_township=to_township.pk if to_township else None, outside=outside
        )
    except TextRefused as refusal:
        raise Refused(str(refusal), field="to") from None
    to = target(patient, to_township) if to_township else None
    today = timezone.localdate()
    days = policy(patient.duty_county, "transfer_answer_days", today)
    with refusing("transfer_one_open", Refused(TAKEN)):
        row = Transfer.objects.create(
            patient=patient, person=patient.uuid, from_township_id=patient.duty_township,
            from_county_id=patient.duty_county, to_township=to, to_county_id=to.parent_id if to else None,
            outside=outside or None, reason=reason, proposed_by=by,
            told=proposal_of(patient, today, address=address, words=words),
            answer_due_on=answer_by(today, days, work_calendar()),
        )  # fmt: skip
    audit.record(
        "registry.transfer.proposed", row, by=by, person=row.person, facts={"to": to.pk if to else 0, "reason": reason}
    )
    return row


def _locked(transfer: UUID, by: User) -> Transfer:
    """The transfer's row, held after its patient's: whoever ends a file holds the patient first and its transfers next.

    The receiver reaches the person for the length of the lock only. Raises: NotHere.
    """
    found = transfers_for(by).select_related(None).filter(uuid=transfer)
    row = found.first()
    if row is None:
        raise NotHere
    reach = frozenset({row.patient_id})
    with scope(patients=reach):
        set_reach(Reach(patients=reach), user_id=by.pk, actor=str(by.uuid))
        locked(Patient(pk=row.patient_id))
    row = found.select_for_update(of=("self",)).filter(patient=row.patient_id).first()
    if row is None:  # merged into another file meanwhile
        raise NotHere
    return row


def _step(row: Transfer, after: TransferState, by: User, reason: str = "") -> None:
    """Move the state by the table, with its right, its reason and its word in the trail."""
    step = TRANSFER.step(row.state, after)
    step.demand(reason, field="reason", sentence="请写明原因，对方会看到。")
    facts = {"from": row.state, "to": str(after)}
    row.state = after
    if reason:
        said = {"state": str(after), "who": by.display_name, "at": timezone.localtime().strftime("%Y-%m-%d %H:%M")}
        row.said = [*cast("list[Any]", row.said or []), {**said, "words": reason}]
    if after in TRANSFER.ends or after == S.ACCEPTED:
        row.answered_at, row.answered_by = timezone.now(), by
    row.save(update_fields=WRITTEN)
    audit.record(step.action, row, by=by, person=row.person, because=reason, facts=facts)


@transaction.atomic
def see_transfer(*, transfer: UUID, by: User) -> Transfer:
    """The receiver has opened it: noted once, visible to the proposer. Raises: Denied, NotHere."""
    authorise(by, Permission.MOVE_PATIENT)
    row = transfers_for(by).filter(uuid=transfer).first()
    if row is None:
        raise NotHere
    townships = where(by, Permission.MOVE_PATIENT).townships
    if row.state != S.PROPOSED or row.to_township_id not in townships:
        return row  # a look holds nobody up
    row = _locked(transfer, by)
    if row.state == S.PROPOSED:
        row.seen_at, row.seen_by = timezone.now(), by
        _step(row, S.SEEN, by)
    return row


@transaction.atomic
def answer_transfer(
    *, transfer: UUID, answer: Answer | str, by: User, reason: str = "", village: Division | None = None,
    on: date | None = None,
) -> Transfer:  # fmt: skip
    """Do what the page offers to this side. `on`: the day the receiver outside took the person (LEFT only).

    Source: rules.transfers (offers, TRANSFER). Raises: Denied, NotHere, Refused, DayRefused.
    """
    authorise(by, Permission.MOVE_PATIENT)
    row, wanted, today = _locked(transfer, by), Answer(answer), timezone.localdate()
    sides, silent = sides_of(row, by), is_silent(row.state, row.answer_due_on, today=today)
    if not sides:
        raise Denied
    if wanted not in offers(row.state, sides, outside=row.to_township_id is None, silent=silent):
        now = S(row.state).label
        raise Refused(f"这件移交现在是“{now}”，不能这样办理。可能别人刚刚办过，请重新打开。", field="answer")
    if wanted == Answer.ACCEPT:
        _accept(row, by, reason, village, today)
    elif wanted == Answer.REFUSE:
        _refuse(row, by, reason)
    elif wanted == Answer.AGAIN:
        days = policy(row.from_county_id, "transfer_answer_days", today)
        row.answer_due_on, row.seen_at, row.seen_by = answer_by(today, days, work_calendar()), None, None
        _step(row, S.PROPOSED, by, reason)
    elif wanted == Answer.LEFT:
        _leave(row, by, reason, on or today)
    else:
        _step(row, S.COUNTY if wanted == Answer.TAKE_OVER else S.CANCELLED, by, reason)
        _tell_receiver(row, by)
    return row


def _refuse(row: Transfer, by: User, reason: str) -> None:
    if row.state == S.PROPOSED:
        row.seen_at, row.seen_by = timezone.now(), by
        _step(row, S.SEEN, by)
    row.refusals += 1
    _step(row, after_refusal(row.refusals), by, reason)


def _accept(row: Transfer, by: User, reason: str, village: Division | None, today: date) -> None:
    """The receiver takes the file: duty, every row and the state change in one transaction."""
    assert row.to_township is not None  # noqa: S101  (offers() knows no acceptance of a place outside)
    if village is not None and village.parent_id != row.to_township_id:
        raise Refused("请选择本乡镇（街道）的村（社区）。", field="village")
    if row.state == S.PROPOSED:
        row.seen_at, row.seen_by = timezone.now(), by
        _step(row, S.SEEN, by)
    told = cast("dict[str, Any]", row.told)
    reach = frozenset({row.patient_id})
    with scope(patients=reach):  # the receiver reaches this one person for the length of the hand-over
        set_reach(Reach(patients=reach), user_id=by.pk, actor=str(by.uuid))
        patient = locked(Patient(pk=row.patient_id))
        if patient.duty_township != row.from_township_id or patient.closed_on is not None:
            raise Refused("档案已经不由移出方管理，或者已结案，不能接收。请与移出方核对。", field="answer")
        words = f"移交：{row.get_reason_display()}"
        give(
            patient, row.to_township, today, by=by, reason=words, village=village, address=told["address"],
            source=AddressSource.TRANSFER,
        )  # fmt: skip
    days = policy(row.to_county_id or 0, "first_visit_days", today)
    row.accepted_on, row.visit_due_on = today, answer_by(today, days, work_calendar())
    _step(row, S.ACCEPTED, by, reason)
    tell(
        kind=NoticeKind.TRANSFER, by=by, to_township=row.from_township_id, person=row.person,
        words=f"{told['name']}的档案已由{row.to_township}接收，自 {today} 起由对方管理。",
    )  # fmt: skip


def _leave(row: Transfer, by: User, reason: str, on: date) -> None:
    """Taken by a place outside of this system: the receipt is the evidence, the file ends as 迁出."""
    patient = locked(Patient(pk=row.patient_id))
    row.accepted_on = on
    _step(row, S.LEFT, by, reason)
    close_patient(
        patient=patient,
        value=CareStatus.MOVED_OUT,
        on=on,
        by=by,
        reason=f"迁往{cast('str', row.outside)}",
        evidence=reason[:200],
    )


def _tell_receiver(row: Transfer, by: User) -> None:
    """A receiver that has seen it learns that nothing is asked of it any more."""
    if row.seen_at is not None and row.state == S.CANCELLED and row.to_township_id is not None:
        words = f"{cast('dict[str, Any]', row.told)['name']}的档案移交已撤回，仍由原处管理，不需要办理。"
        tell(kind=NoticeKind.TRANSFER, words=words, by=by, to_township=row.to_township_id, person=row.person)
