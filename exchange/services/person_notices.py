"""单人告知: written by one person, signed by a second where it is urgent, in the ledger and in the inbox at once.

What an office reads is frozen when it is written, bound to what the writer saw, and drawn again before it is signed.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.doors import authorise
from accounts.models import User
from accounts.queries.policy import policies
from accounts.refusals import NotHere, Refused
from accounts.services.races import one_at_a_time
from accounts.terms import Permission
from exchange.models import Disclosure, PersonNotice, PersonNoticeCopy
from exchange.queries.person_notices import Offer, copies_of, drawn, notice_for, offers, offices_to_tell, waiting_of
from exchange.rules.person_notices import PERSON_NOTICES, SIGN_HOURS, as_text, ends_at, is_late, signs_twice
from exchange.services.failpoints import reached
from exchange.services.noticing import queue_word
from exchange.services.person_notice_ends import copy_line, end_copies
from exchange.services.steps import next_numbers
from exchange.terms import CopyEnded, LedgerAct, NoticeWord, PersonNoticeState, Situation
from registry.models import Patient
from registry.queries.objections import is_disputed
from registry.services.facts import locked
from registry.terms import CareStatus

S, P = PersonNoticeState, Permission
CHANGED = "打开以后，资料或接收模板有变化。请核对下面新的内容，再发出。"
CHANGED_SINCE = "拟写以后，资料、接收单位或接收模板有变化。请退回，重新拟写。"


def fingerprint(situation: str, offered: Iterable[Offer]) -> bytes:
    """Keyed, so that nobody can try a guessed content against it."""
    told = [(str(o.agency.uuid), str(o.template.uuid), o.cells) for o in offered if o.template is not None]
    return blind_index("personnotice.digest", as_text(situation, told))


def sendable(
    patient: Patient, situation: str, *, by: User, corrects: PersonNotice | None = None
) -> list[Offer]:  # fmt: skip
    """What could be sent now. A correction goes to everybody who still reads what it corrects, and to nobody else."""
    today = timezone.localdate()
    if corrects is not None:
        reading = [copy.agency for copy in copies_of(corrects) if copy.ended_at is None and copy.agency.is_active]
        return drawn(patient, situation, today, reading, by=by)
    asked = waiting_of(patient, situation)
    entered = asked.opened_by.agency_id if asked and asked.opened_by else None
    return offers(patient, situation, today, by=by, but=(by.agency_id, entered))


@transaction.atomic
def send_notice(
    *, patient: Patient, situation: str, agencies: Collection[UUID], because: str, seen: str, form_id: UUID, by: User,
    corrects: PersonNotice | None = None,
) -> PersonNotice:  # fmt: skip
    """Tell these offices of the person, or (urgent) lay it before a second person. Same form again: the first one.

    Source: issue 4, Build 1 and 3; 个人信息保护法 §23, §55. `seen`: the fingerprint of what stood on the page.
    Raises: Denied, NotHere, Refused.
    """
    authorise(by, P.SEND_NOTICE, patient)
    one_at_a_time(form_id)
    known = PersonNotice.objects.filter(form_id=form_id, patient=patient).first()
    if known is not None:
        return known
    patient = locked(patient)
    _refuse(patient, situation, because, corrects)
    offered = [one for one in sendable(patient, situation, by=by, corrects=corrects) if one.template is not None]
    if seen != fingerprint(situation, offered).hex():
        raise Refused(CHANGED)
    chosen = [one for one in offered if one.agency.uuid in agencies]
    if not chosen or len(chosen) != len(set(agencies)) or (corrects is not None and len(chosen) != len(offered)):
        raise Refused("请从列出的单位里选择，至少一个。", field="agencies")
    asked = waiting_of(patient, situation) if corrects is None else None
    row = asked or PersonNotice(patient=patient, situation=situation, corrects=corrects)
    row.county_id, row.form_id, row.because = patient.duty_county, form_id, because
    row.first_at, row.first_by, row.digest = timezone.now(), by, fingerprint(situation, chosen)
    copies = [
        PersonNoticeCopy(notice=row, patient=patient, agency=o.agency, template=o.template, content=o.cells)
        for o in chosen
    ]
    if signs_twice(situation):
        row.state = S.PROPOSED
        return _proposed(row, copies, by)
    PERSON_NOTICES.step(S.PENDING, S.SENT)
    _mark_sent(row, copies, by)
    row.save()
    PersonNoticeCopy.objects.bulk_create(copies)
    reached("notice_written")
    _tell(row, copies, by)
    return row


def _refuse(patient: Patient, situation: str, because: str, corrects: PersonNotice | None) -> None:
    if not because:
        raise Refused("请写明为什么告知。", field="because")
    if patient.closed_on is not None and not (
        situation == Situation.LOST_REPORT and patient.status == CareStatus.DEAD
    ):  # fmt: skip
        raise Refused("档案已经结案，不再告知其他单位。")
    if corrects is not None and (corrects.state != S.SENT or corrects.situation != situation):
        raise Refused("这份告知已经结束，不能更正。需要时请收回，再重新发出。")


def _proposed(row: PersonNotice, copies: list[PersonNoticeCopy], by: User) -> PersonNotice:
    row.save()
    PersonNoticeCopy.objects.bulk_create(copies)
    reached("notice_written")
    audit.record("exchange.person_notice.proposed", row, by=by, person=row.patient.uuid, facts=_facts(row, copies))
    return row


@transaction.atomic
def sign_notice(*, notice: PersonNotice, seen: str, by: User) -> PersonNotice:
    """The second signature: by another person, under exactly what stands on the page, while it is still true.

    Source: security 3.7 (two people, bound to the hash, 72 hours). Raises: Denied, NotHere, Refused.
    """
    row = held(notice, by, P.RELEASE_NOTICE)
    PERSON_NOTICES.step(row.state, S.SENT)
    if row.state != S.PROPOSED or row.first_by is None or row.first_at is None:
        raise Refused("这份告知不用第二人签发。")
    if row.first_by_id == by.pk:
        raise Refused("您是拟写人。请另一个人签发。")
    if is_late(row.first_at, timezone.now()):
        raise Refused(f"拟写已超过 {SIGN_HOURS} 小时。请退回，重新拟写。")
    digest = bytes(row.digest or b"")
    if seen != digest.hex():
        raise Refused("打开以后，内容有变化。请重新查看再签发。")
    copies = copies_of(row)
    if _as_now(row, copies) != digest:
        raise Refused(CHANGED_SINCE)
    _mark_sent(row, copies, by)
    row.save(update_fields=["state", "released_at", "released_by", "expires_at"])
    for copy in copies:
        copy.save(update_fields=["number", "disputed", "delivered_at"])
    reached("notice_written")
    _tell(row, copies, by)
    return row


def _as_now(row: PersonNotice, copies: Sequence[PersonNoticeCopy]) -> bytes:
    """The fingerprint that these offices would have today; another one when one of them is no longer to be told."""
    today, patient = timezone.localdate(), row.patient
    reading = {copy.agency_id for copy in copies if copy.agency.is_active}
    if row.corrects is None:
        reading &= {agency.pk for agency in offices_to_tell(patient, row.situation, today)}
    agencies = [copy.agency for copy in copies if copy.agency_id in reading]
    return fingerprint(row.situation, drawn(patient, row.situation, today, agencies, by=row.first_by))


def _mark_sent(row: PersonNotice, copies: Sequence[PersonNoticeCopy], by: User) -> None:
    now, rules = timezone.now(), policies(row.patient.duty_county, timezone.localdate())
    row.state, row.released_at, row.released_by = S.SENT, now, by
    row.expires_at = ends_at(
        now, row.situation, days=int(rules["notice_open_days"]), urgent_days=int(rules["urgent_notice_open_days"])
    )
    disputed = is_disputed(row.patient_id)
    numbers = next_numbers(row.county, timezone.localdate().year, len(copies))
    for copy, number in zip(copies, numbers, strict=True):
        copy.number, copy.delivered_at, copy.disputed = number, now, disputed


def _tell(row: PersonNotice, copies: Sequence[PersonNoticeCopy], by: User) -> None:
    """Ledger, addresses outside, the end of what is corrected, audit: with the copies in one transaction."""
    at: datetime = row.released_at or timezone.now()
    Disclosure.objects.bulk_create([copy_line(copy, LedgerAct.DISCLOSED, at, by) for copy in copies])
    reached("notice_in_ledger")
    for copy in copies:
        queue_word(copy.agency_id, copy.uuid, NoticeWord.CHANGED if row.corrects else NoticeWord.NEW)
    if row.corrects is not None:
        end_copies(PersonNoticeCopy.objects.filter(notice=row.corrects, ended_at=None), CopyEnded.CORRECTED, by=by)
    facts = _facts(row, copies)
    audit.record("exchange.person_notice.sent", row, by=by, person=row.patient.uuid, facts=facts)
    reached("notice_released")


def _facts(row: PersonNotice, copies: Sequence[PersonNoticeCopy]) -> dict[str, object]:
    return {
        "situation": row.situation, "agencies": [str(copy.agency.uuid) for copy in copies],
        "corrects": str(row.corrects.uuid) if row.corrects else "",
    }  # fmt: skip


def held(notice: PersonNotice, by: User, permission: Permission) -> PersonNotice:
    """The row with its patient, both locked (the patient first, as every act does). Raises: NotHere, Denied."""
    found = notice_for(by, notice.uuid)
    if found is None:
        raise NotHere
    authorise(by, permission, found.patient)
    locked(found.patient)
    row = PersonNotice.objects.select_for_update(of=("self",)).filter(pk=found.pk)
    return row.select_related("patient__village", "county", "first_by__agency", "corrects").get()


@transaction.atomic
def return_notice(*, notice: PersonNotice, because: str, by: User) -> PersonNotice:
    """Not signed: back to its writer, who may write another. The writer takes it back in the same way.

    Raises: Denied, NotHere, Refused.
    """
    row = held(notice, by, P.SEND_NOTICE if notice.first_by_id == by.pk else P.RELEASE_NOTICE)
    return _finished(row, S.DROPPED, because, by)


@transaction.atomic
def decline_notice(*, notice: PersonNotice, because: str, by: User) -> PersonNotice:
    """What the system asked for is not sent, with the reason. Raises: Denied, NotHere, Refused."""
    return _finished(held(notice, by, P.SEND_NOTICE), S.DECLINED, because, by)


@transaction.atomic
def withdraw_notice(*, notice: PersonNotice, because: str, by: User) -> PersonNotice:
    """Taken back from everybody who ever got it, whether they still read it or not; each is asked to sign for it.

    Source: issue 4, Build 3. Raises: Denied, NotHere, Refused.
    """
    row = _finished(held(notice, by, P.SEND_NOTICE), S.WITHDRAWN, because, by)
    end_copies(PersonNoticeCopy.objects.filter(notice=row, delivered_at__isnull=False), CopyEnded.WITHDRAWN, by=by)
    return row


def _finished(row: PersonNotice, state: PersonNoticeState, because: str, by: User) -> PersonNotice:
    step = PERSON_NOTICES.step(row.state, state)
    step.demand(because, field="because")
    row.state, row.ended_at, row.ended_by, row.ended_because = step.after, timezone.now(), by, because
    row.save(update_fields=["state", "ended_at", "ended_by", "ended_because"])
    audit.record(step.action, row, by=by, person=row.patient.uuid, facts={"situation": row.situation})
    return row
