"""外出: the dated status, the temporary file at the destination, and the notices that belong to it."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.queries.policy import policy
from accounts.refusals import Denied, NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import Guardian, Patient, TemporaryFile
from registry.queries.away import files_for, household_township
from registry.queries.person import newest
from registry.rules.away import TEMPORARY_FILE, household_to_tell, needs_file
from registry.rules.id_number import age_on
from registry.services.facts import locked
from registry.services.moves import target
from registry.services.notices import tell
from registry.services.refusals import DayRefused
from registry.services.status import set_status
from registry.terms import AwayState, CareStatus, NoticeKind


def _told(patient: Patient, today: date, address: str, words: str) -> dict[str, Any]:
    """What the destination holds: how to find the person and whom to call; no diagnosis, medicine or visit."""
    guardian = newest(Guardian, [patient.pk]).get(patient.pk)
    return {
        "name": patient.name, "sex": patient.get_sex_display(), "age": age_on(patient.birth_on, today),
        "phone": patient.phone or "", "address": address, "level": patient.last_level, "words": words,
        "guardian": guardian.name if guardian else "", "guardian_phone": (guardian.phone or "") if guardian else "",
    }  # fmt: skip


@transaction.atomic
def register_away(
    *, patient: Patient, on: date, by: User, until: date | None = None, to_township: Division | None = None,
    outside: str = "", address: str = "", words: str = "",
) -> TemporaryFile | None:  # fmt: skip
    """The person is away since `on`; a long absence opens a temporary file at the destination and tells who must know.

    The duty stays. Source: 邹城 三(三); away_file_days. Units: local dates. Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.EDIT_PATIENT, patient)
    if until is not None and until < on:
        raise DayRefused("预计返回日期不能早于外出日期。", field="until")
    if (to_township is None) == (not outside):
        raise Refused("请选择去向的乡镇（街道），或写明县外的去向，只填一个。", field="to")
    to = target(patient, to_township) if to_township is not None else None
    if patient.status != CareStatus.AWAY:
        set_status(patient=patient, value=CareStatus.AWAY, on=on, by=by, reason="外出")
        patient.refresh_from_db()
    today = timezone.localdate()
    if not needs_file(on, until, today=today, days=policy(patient.duty_county, "away_file_days", today)):
        return None
    with refusing("temporaryfile_one_open", Refused("这次外出已经告知过流入地。返回后再登记新的外出。", field="to")):
        row = TemporaryFile.objects.create(
            patient=patient, person=patient.uuid, from_township_id=patient.duty_township,
            from_county_id=patient.duty_county, to_township=to, to_county_id=to.parent_id if to else None,
            outside=outside or None, told=_told(patient, today, address, words), away_from=on, expected_until=until,
            opened_on=today, opened_by=by,
        )  # fmt: skip
    facts = {"on": on.isoformat(), "to": to.pk if to else 0}
    audit.record("registry.temporary_file.opened", row, by=by, person=row.person, facts=facts)
    _tell_household(patient, to, by)
    return row


def _tell_household(patient: Patient, to: Division | None, by: User) -> None:
    home = household_to_tell(household_township(patient), duty=patient.duty_township, destination=to.pk if to else None)
    if home is not None:
        where_to = f"{to}" if to else "县外"
        words = f"户籍在您这里的{patient.name}外出到{where_to}，仍由经常居住地管理。"
        tell(kind=NoticeKind.HOUSEHOLD, words=words, by=by, patient=patient, to_township=home)


def _held(file: UUID, by: User) -> TemporaryFile:
    authorise(by, Permission.MOVE_PATIENT)
    row = files_for(by).select_related(None).select_for_update(of=("self",)).filter(uuid=file).first()
    if row is None:
        raise NotHere
    return row


@transaction.atomic
def take_temporary_file(*, file: UUID, by: User) -> TemporaryFile:
    """The destination has opened its temporary file; the township on duty is told. Raises: Denied, NotHere, Refused."""
    row = _held(file, by)
    _receiver_only(row, by)
    step = TEMPORARY_FILE.step(row.state, AwayState.TAKEN)
    row.state, row.taken_at, row.taken_by = AwayState.TAKEN, timezone.now(), by
    row.save(update_fields=["state", "taken_at", "taken_by"])
    audit.record(step.action, row, by=by, person=row.person)
    _answer(row, by, f"{row.to_township}已为{_name(row)}建立临时档案。")
    return row


@transaction.atomic
def write_to_duty(*, file: UUID, words: str, by: User) -> TemporaryFile:
    """What the destination saw of the person goes to the township on duty, which records it. Raises: Denied, Refused."""
    row = _held(file, by)
    _receiver_only(row, by)
    if row.ended_on is not None:
        raise Refused("临时档案已结束，不能再写。", field="words")
    _answer(row, by, f"{_name(row)}：{words}")
    return row


def _name(row: TemporaryFile) -> str:
    return str(cast("dict[str, Any]", row.told)["name"])


def _receiver_only(row: TemporaryFile, by: User) -> None:
    reach = where(by, Permission.MOVE_PATIENT)
    if row.to_township_id not in reach.townships and row.to_county_id not in reach.counties:
        raise Denied


def _answer(row: TemporaryFile, by: User, words: str) -> None:
    tell(kind=NoticeKind.AWAY, words=words, by=by, to_township=row.from_township_id, person=row.person)
