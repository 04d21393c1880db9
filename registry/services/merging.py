"""Two files of one person become one: proposed by one person, confirmed by another, undone within 30 days."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.queries.policy import policy
from accounts.refusals import Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import (
    Consent,
    Diagnosis,
    DutyPeriod,
    EconomicStatus,
    Guardian,
    MergeProposal,
    Patient,
    PatientStatus,
)
from registry.queries.person import facts_of
from registry.rules.merging import COLUMNS, MERGES, OTHER, PARTS, TIMELINES, decided, opened_on, questions
from registry.rules.names import spell
from registry.rules.person import PersonFacts
from registry.services.addresses import begin_with_earlier_file, keep_addresses
from registry.services.identity import id_index, phone_index
from registry.services.papers import follow_file
from registry.services.registration import COPIED, TEXTS
from registry.services.status import settle
from registry.terms import AddressSource, MergeState

_TABLE: dict[str, type[models.Model]] = {
    "status": PatientStatus, "diagnosis": Diagnosis, "guardian": Guardian, "consent": Consent,
    "economy": EconomicStatus,
}  # fmt: skip
UNFINISHED, NOT_ALLOWED = "55006", "42501"
MEANWHILE = "这条合并刚刚被别人办过，或者档案已不在您管理的范围里。请刷新后再看。"
OPEN = "两份档案里有一份已经提出或完成了合并。请先看“疑似重复”里的那一条。"


def _seen(kept: Patient, other: Patient) -> str:
    return f"{kept.version},{other.version}"


@transaction.atomic
def propose_merge(
    *, kept: Patient, other: Patient, said: dict[str, str], reason: str, by: User
) -> MergeProposal:  # fmt: skip
    """Propose that `other` goes into `kept`, field by field. Source: design features A. Raises: Denied, Refused."""
    for patient in (kept, other):
        authorise(by, Permission.PROPOSE_MERGE, patient)
    if kept.pk == other.pk:
        raise Refused("这是同一份档案。")
    if not reason:
        raise Refused("请写明为什么认为是同一个人。", field="reason")
    facts = facts_of([kept, other])
    choices = decided(questions(facts[kept.pk], facts[other.pk]), said)
    proposal = MergeProposal(
        patient=kept, other=other.uuid, other_number=other.number, choices=choices, seen=_seen(kept, other),
        reason=reason, proposed_by=by,
    )  # fmt: skip
    with refusing("merge_one_open", Refused(OPEN)):
        proposal.save(force_insert=True)
    for person in (kept, other):
        audit.record("registry.merge.proposed", proposal, by=by, person=person.uuid, because=reason)
    return proposal


@transaction.atomic
def say_different(*, one: Patient, other: Patient, reason: str, by: User) -> MergeProposal:
    """Two people after all: the pair leaves the list. Raises: Denied, Refused."""
    for patient in (one, other):
        authorise(by, Permission.PROPOSE_MERGE, patient)
    if not reason:
        raise Refused("请写明怎样核对的。", field="reason")
    proposal = MergeProposal.objects.create(
        patient=one, other=other.uuid, other_number=other.number, state=MergeState.DIFFERENT, choices={},
        seen=_seen(one, other), reason=reason, proposed_by=by,
    )  # fmt: skip
    for person in (one, other):
        audit.record("registry.merge.different", proposal, by=by, person=person.uuid, because=reason)
    return proposal


def confirm_merge(*, proposal: MergeProposal, by: User) -> Patient:
    """The second person agrees: every row of the other file is re-pointed, its number is never given again.

    Source: design features A; security 3.7 (two people, bound to what was seen, 72 hours). Raises: Denied, Refused.
    """
    try:
        with transaction.atomic():
            return _confirm(proposal, by)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") == UNFINISHED:
            raise Refused(
                "两份档案各有一件同类的事（没有办完的预警、转诊、移交、临时档案、住院，或同一份扫描件）。请先把其中一件办结，再合并。"
            ) from None
        raise


def _held(proposal: MergeProposal) -> tuple[MergeProposal, Patient, Patient | None]:
    """The proposal as it stands now, with its files held until the transaction ends, always in the same order.

    Whoever decides on the proposal comes through here: the second reads what the first has done. Raises: Refused.
    """
    keys = Q(pk=proposal.patient_id) | Q(uuid=proposal.other)
    files = {row.pk: row for row in Patient.objects.filter(keys).order_by("pk").select_for_update(of=("self",))}
    now = MergeProposal.objects.filter(pk=proposal.pk).first()
    kept = files.get(now.patient_id) if now is not None else None
    if now is None or kept is None:
        raise Refused(MEANWHILE)
    return now, kept, next((row for row in files.values() if row.uuid == now.other), None)


def _confirm(proposal: MergeProposal, by: User) -> Patient:
    proposal, kept, other = _held(proposal)
    MERGES.step(proposal.state, MergeState.MERGED)
    authorise(by, Permission.CONFIRM_MERGE, kept)
    if by.pk == proposal.proposed_by_id:
        raise Refused("合并要由另一个人确认。提出的人不能自己确认。")
    if other is None:
        raise Refused("并入的档案已不在您管理的范围里。请撤回后重新提出。")
    authorise(by, Permission.CONFIRM_MERGE, other)
    hours = cast(int, policy(kept.duty_county, "merge_confirm_hours", timezone.localdate()))
    if timezone.now() > proposal.proposed_at + timedelta(hours=hours):
        raise Refused(f"提出已超过 {hours} 小时。请重新提出，好让两个人看到的是同一份内容。")
    if proposal.seen != _seen(kept, other):
        raise Refused("提出以后有一份档案又改动过。请撤回，核对后重新提出。")
    facts = facts_of([kept, other])
    choices = cast("dict[str, str]", proposal.choices)
    taken = [name for name in TIMELINES if choices.get(name) == OTHER]
    _call("merge_begin", proposal.uuid, [_TABLE[name]._meta.db_table for name in taken])
    kept = _write(kept, facts[kept.pk], facts[other.pk], choices)
    _call("merge_end", proposal.uuid)
    _follow([kept.pk])
    for person in (kept.uuid, proposal.other):
        audit.record(
            "registry.merge.confirmed", proposal, by=by, person=person, because=proposal.reason,
            facts={"kept": str(kept.uuid), "merged": str(proposal.other), "number": proposal.other_number},
        )  # fmt: skip
    return kept


def _call(function: str, *values: Any) -> Any:
    marks = ", ".join(["%s"] * len(values))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}({marks})", [str(v) if isinstance(v, UUID) else v for v in values])
            return cursor.fetchone()[0]
    except DatabaseError as error:  # the database asks once more what was asked above
        if getattr(error.__cause__, "pgcode", "") == NOT_ALLOWED:
            raise Refused(MEANWHILE) from None
        raise


def _write(kept: Patient, mine: PersonFacts, theirs: PersonFacts, choices: dict[str, str]) -> Patient:
    """The chosen columns, the earlier opening, and the status that now holds."""
    kept.refresh_from_db()
    for name in COLUMNS:
        if choices.get(name) == OTHER:
            for part in PARTS.get(name, (name,)):
                _take(kept, part, getattr(theirs, part))
    if choices.get("diagnosis") == OTHER:
        kept.diagnosed_on, kept.diagnosing_hospital = theirs.diagnosed_on, theirs.diagnosing_hospital or ""
    kept.opened_on = opened_on(mine, theirs)
    kept.version += 1
    kept.save()
    begin_with_earlier_file(kept)
    keep_addresses([kept], timezone.localdate(), AddressSource.MERGED)
    for model in (PatientStatus, DutyPeriod, Diagnosis):
        first = model._default_manager.filter(patient=kept).order_by("starts_on").first()
        if first is not None and first.starts_on > kept.opened_on:
            first.starts_on = kept.opened_on
            first.save(update_fields=["starts_on"])
    settle(kept)
    return kept


def _take(kept: Patient, name: str, value: Any) -> None:
    if name in TEXTS:
        setattr(kept, name, value or "")
    elif name in COPIED:
        setattr(kept, name, value)
    if name == "name":
        spelling = spell(kept.name)
        kept.pinyin, kept.initials = spelling.pinyin, spelling.initials
    elif name == "id_number":
        kept.id_index = id_index(value)
    elif name == "phone":
        kept.phone_index = phone_index(value)
    elif name == "household_code":
        from registry.queries.places import divisions_by_code  # leaf

        kept.household_division_id = divisions_by_code([value or ""]).get(value or "")


def _follow(patients: list[int]) -> None:
    """Papers go where the file is; what the floors above derive from a person's records is derived anew."""
    for patient in patients:
        follow_file(patient)
    for path in settings.MERGE_FOLLOWERS:
        import_string(path)(patients)


@transaction.atomic
def refuse_merge(*, proposal: MergeProposal, reason: str, by: User) -> None:
    """The second person does not agree. Raises: Denied, Refused."""
    proposal, _kept, _other = _held(proposal)
    step = MERGES.step(proposal.state, MergeState.REFUSED)
    authorise(by, Permission.CONFIRM_MERGE, proposal.patient)
    if by.pk == proposal.proposed_by_id:
        raise Refused("提出的人可以撤回，不能自己答复。")
    step.demand(reason, field="reason", sentence="请写明不同意的理由。")
    proposal.answer = reason
    sealed = MergeProposal._meta.get_field("answer").pre_save(proposal, False)
    _call("merge_settle", proposal.uuid, str(MergeState.REFUSED), sealed)
    audit.record(step.action, proposal, by=by, person=proposal.patient.uuid, because=reason)


@transaction.atomic
def withdraw_merge(*, proposal: MergeProposal, by: User) -> None:
    """The proposer takes the proposal back. Raises: Denied, Refused."""
    proposal, _kept, _other = _held(proposal)
    step = MERGES.step(proposal.state, MergeState.WITHDRAWN)
    authorise(by, Permission.PROPOSE_MERGE, proposal.patient)
    if by.pk != proposal.proposed_by_id:
        raise Refused("只有提出的人可以撤回。")
    _call("merge_settle", proposal.uuid, str(MergeState.WITHDRAWN), None)
    audit.record(step.action, proposal, by=by, person=proposal.patient.uuid)


@transaction.atomic
def undo_merge(*, proposal: MergeProposal, reason: str, by: User) -> None:
    """Both files as they were, row by row; what was written since stays with the kept file.

    Source: design features A (undo within 30 days); security T45. Raises: Denied, Refused.
    """
    proposal, kept, _other = _held(proposal)
    step = MERGES.step(proposal.state, MergeState.UNDONE)
    authorise(by, Permission.CONFIRM_MERGE, kept)
    step.demand(reason, field="reason", sentence="请写明为什么撤销。")
    days = cast(int, policy(kept.duty_county, "merge_undo_days", timezone.localdate()))
    if proposal.decided_at is None or timezone.now() > proposal.decided_at + timedelta(days=days):
        raise Refused(f"合并已超过 {days} 天，不能撤销。请按资料变更办理。")
    after = Q(decided_at__gt=proposal.decided_at) | Q(decided_at=proposal.decided_at, pk__gt=proposal.pk)
    if MergeProposal.objects.filter(after, patient=kept, state=MergeState.MERGED).exists():
        raise Refused("这份档案后来又合并过。请先撤销后一次合并，再撤销这一次。")
    gone = _call("merge_undo", proposal.uuid)
    _follow([kept.pk, gone])
    for person in (kept.uuid, proposal.other):
        audit.record(step.action, proposal, by=by, person=person, because=reason)
