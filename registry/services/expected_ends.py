"""外出, 羁押 and the like last longer than was expected: a new expected end, with its reason and who was told."""

from datetime import date
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.models import Patient, PatientStatus, TemporaryFile
from registry.services.facts import locked
from registry.services.notices import tell
from registry.services.refusals import DayRefused
from registry.terms import ENDING, AwayState, CareStatus, NoticeKind


@transaction.atomic
def extend_expected_end(*, patient: Patient, until: date, because: str, by: User) -> PatientStatus:
    """The status stands as it began; when it is expected to end is said anew, dated in the row's reason and the trail.

    An expectation is no fact of its own: a second row of the same status would say that it began again. The township
    that keeps the temporary file hears of the new day. Source: 规范2018 §4; 邹城 三(三). Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.EDIT_PATIENT, patient)
    today = timezone.localdate()
    if patient.status == CareStatus.MANAGED or patient.status in ENDING:
        raise Refused("现在的状态没有预计结束日期。请核对状态。")
    if until <= today:
        raise DayRefused("新的预计结束日期要晚于今天；已经结束的，请更改状态。", field="until")
    if not because:
        raise Refused("请写明为什么改预计结束日期。", field="because")
    row = PatientStatus.objects.filter(patient=patient).order_by("-starts_on")[0]
    file = TemporaryFile.objects.filter(patient=patient).exclude(state=AwayState.ENDED).first()
    before = row.expected_until or (file.expected_until if file else None)
    if before == until:
        raise DayRefused("和原来的预计结束日期一样，不用改。", field="until")
    said = f"{today:%Y-%m-%d} 预计结束{f'由 {before:%Y-%m-%d} ' if before else ''}改为 {until:%Y-%m-%d}：{because}"
    row.reason, row.expected_until = "；".join(filter(None, [row.reason, said])), until
    row.save()
    if file is not None:
        _follow(file, until, because, by)
    audit.record(
        "registry.status.expected_end", row, by=by, person=patient.uuid, because=because,
        facts={"from": before.isoformat() if before else "", "to": until.isoformat()},
    )  # fmt: skip
    return row


def _follow(file: TemporaryFile, until: date, because: str, by: User) -> None:
    file.expected_until = until
    file.save(update_fields=["expected_until"])
    if file.to_township_id is not None:
        name = cast("dict[str, Any]", file.told)["name"]
        words = f"{name}的预计返回日期改为 {until:%Y-%m-%d}：{because}"
        tell(kind=NoticeKind.AWAY, words=words, by=by, to_township=file.to_township_id, person=file.person)
