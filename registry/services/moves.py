"""Moving a patient to another township: a dated duty period, then the database hands every row over."""

from datetime import date

from django.db import connection, transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.reach import Reach
from accounts.refusals import Refused
from accounts.scope import scope, set_reach
from accounts.terms import DivisionLevel, Permission
from registry import signals
from registry.models import DutyPeriod, Patient, Transfer
from registry.services.addresses import move_residence
from registry.services.facts import checked_day, locked, put_fact
from registry.services.papers import follow_file
from registry.services.refusals import DayRefused
from registry.terms import OPEN_TRANSFER, AddressSource


def target(patient: Patient, to_township: Division | int) -> Division:
    place = to_township if isinstance(to_township, Division) else Division.objects.filter(pk=to_township).first()
    if place is None or place.parent is None or place.level != DivisionLevel.TOWNSHIP or place.valid_to is not None:
        raise Refused("请选择一个现有的乡镇（街道）。", field="to_township")
    if place.pk == patient.duty_township:
        raise Refused("患者现在就由这个乡镇（街道）管理。", field="to_township")
    return place


def _county(township: Division) -> int:
    assert township.parent_id is not None  # noqa: S101  (target() refused it)
    return township.parent_id


def _hand_over(patient: Patient, to: Division) -> int:
    """Rows moved besides the patient's own. The database refuses it without the duty period."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hand_over(%s, %s, %s, %s)", [patient.pk, patient.duty_township, to.pk, to.parent_id])
        moved: int = cursor.fetchone()[0]
    return moved


@transaction.atomic
def move_patient(
    *, patient: Patient, on: date, to_township: Division | int, by: User, reason: str = "",
    village: Division | None = None, address: str = "",
) -> DutyPeriod:  # fmt: skip
    """Correct who answers for a file, from `on` on, without asking the receiver: the county office's act.

    The usual way is a transfer that the receiver accepts (services.transfers). Source: 规范2018 (迁居); decisions A4.
    Raises: Denied, Refused (an open transfer goes first), DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.MOVE_PATIENT, patient)
    to = target(patient, to_township)
    checked_day(on, patient, field="on", what="移交日期")
    if Transfer.objects.filter(patient=patient, state__in=OPEN_TRANSFER).exists():
        raise Refused("这份档案有一件移交还没有办结。请先在“档案移交”里办结或撤回。", field="to_township")
    newest = DutyPeriod.objects.filter(patient=patient).order_by("-starts_on").first()
    if newest is not None and on <= newest.starts_on:
        raise DayRefused(f"现在的管辖从 {newest.starts_on} 开始，移交日期要晚于它。", field="on")
    return give(patient, to, on, by=by, reason=reason, village=village, address=address)


def give(
    patient: Patient, to: Division, on: date, *, by: User, reason: str, village: Division | None = None,
    address: str = "", source: AddressSource = AddressSource.CORRECTED,
) -> DutyPeriod:  # fmt: skip
    """The move itself, after the right was checked and the patient locked; every row goes along.

    A second move on one day replaces the first of that day: a day has one township.
    """
    was = (patient.duty_township, patient.duty_county)
    row = put_fact(DutyPeriod, patient, on, township=to, county_id=_county(to), reason=reason)
    patient.village, patient.residence_address = village, address
    patient.version += 1
    patient.save(update_fields=["village", "residence_address", "version"])
    move_residence(patient, to, on, source)
    _hand_over(patient, to)
    follow_file(patient.pk)
    audit.record(
        "registry.patient.moved", row, by=by, person=patient.uuid, because=reason,
        facts={"on": on.isoformat(), "from": was[0], "to": to.pk},
    )  # fmt: skip
    _tell(patient, on, was, to, by)
    return row


def _tell(patient: Patient, on: date, was: tuple[int, int], to: Division, by: User) -> None:
    """The old office no longer sees the patient; those who hear the signal must."""
    reach = Reach(patients=frozenset({patient.pk}))
    with scope(patients=reach.patients):
        set_reach(reach, user_id=by.pk, actor=str(by.uuid))  # still the mover's act
        patient.refresh_from_db()
        signals.patient_moved.send(
            Patient, patient=patient, on=on, from_township=was[0], to_township=to.pk, from_county=was[1],
            to_county=_county(to), by=by,
        )  # fmt: skip
