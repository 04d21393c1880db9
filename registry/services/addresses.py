"""The two dated addresses of a patient: every change of the columns is a new row, which ends the one before.

Source: features A (two dated addresses, the duty follows from the residence); decisions A5 (one row per start).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.models import Address, Patient
from registry.queries.addresses import newest_addresses, township_of
from registry.services.facts import checked_day, locked
from registry.services.refusals import DayRefused
from registry.services.staging import insert_models
from registry.terms import AddressKind, AddressSource

K = AddressKind


def _said(patient: Patient, kind: AddressKind) -> tuple[int | None, str]:
    """What the patient's columns say of one of the two addresses."""
    if kind == K.RESIDENCE:
        return patient.village_id or patient.duty_township, patient.residence_address
    return patient.household_division_id, patient.household_address


def first_addresses(patient: Patient) -> list[Address]:
    """The rows a new file begins with; an unknown household registration has none."""
    rows = []
    for kind in K:
        division, detail = _said(patient, kind)
        if division or detail:
            rows.append(Address(
                patient=patient, starts_on=patient.opened_on, kind=kind, division_id=division, detail=detail,
                source=AddressSource.OPENED,
            ))  # fmt: skip
    return rows


def keep_addresses(patients: Sequence[Patient], on: date, source: AddressSource) -> None:
    """Bring the dated rows up to the columns, from `on` on. Two statements however many patients; same day: corrected."""
    known = newest_addresses([patient.pk for patient in patients])
    fresh: list[Any] = []
    for patient in patients:
        for kind in K:
            division, detail = _said(patient, kind)
            row = known.get((patient.pk, kind))
            if row is None and not (division or detail):
                continue
            if row is not None and (row.division_id, row.detail) == (division, detail):
                continue
            if row is not None and row.starts_on >= on:
                row.division_id, row.detail, row.source = division, detail, source
                row.save()
                continue
            begins = on if row is not None else patient.opened_on
            fresh.append(Address(
                patient=patient, starts_on=begins, kind=kind, division_id=division, detail=detail, source=source
            ))  # fmt: skip
    insert_models(fresh)


def move_residence(patient: Patient, to: Division, on: date, source: AddressSource) -> None:
    """The residence under another township from `on` on: what was noted for later days in the old one no longer holds."""
    Address.objects.filter(patient=patient, kind=K.RESIDENCE, starts_on__gte=on).delete()
    Address.objects.create(
        patient=patient, starts_on=on, kind=K.RESIDENCE, division_id=patient.village_id or to.pk,
        detail=patient.residence_address, source=source,
    )  # fmt: skip


def begin_with_file(patient: Patient, opened_on: date) -> None:
    """The first rows begin with the file: they follow its date. Raises: DayRefused when other rows stand between."""
    for kind in K:
        rows = list(Address.objects.filter(patient=patient, kind=kind).order_by("starts_on")[:2])
        if not rows or rows[0].starts_on > patient.opened_on:
            continue
        if len(rows) > 1 and rows[1].starts_on <= opened_on:
            other = rows[1].starts_on
            raise DayRefused(f"{other} 起已有后来的{kind.label}，建档日期要早于它。请核对日期。", field="opened_on")
        rows[0].starts_on = opened_on
        rows[0].save(update_fields=["starts_on"])


def begin_with_earlier_file(patient: Patient) -> None:
    """After a merge the file is older than its first rows: they hold from its first day on."""
    for kind in K:
        first = Address.objects.filter(patient=patient, kind=kind).order_by("starts_on").first()
        if first is not None and first.starts_on > patient.opened_on:
            first.starts_on = patient.opened_on
            first.save(update_fields=["starts_on"])


@transaction.atomic
def record_address(
    *, patient: Patient, kind: str, on: date, division: Division | None, by: User, detail: str = ""
) -> Address:
    """A new address from `on` on; the earlier one ends the day before. Under another township it is a transfer.

    Raises: Denied, Refused, DayRefused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    patient = locked(patient)
    authorise(by, Permission.EDIT_PATIENT, patient)
    checked_day(on, patient, field="on", what="搬入日期" if kind == K.RESIDENCE else "户籍日期")
    last = newest_addresses([patient.pk]).get((patient.pk, kind))
    if last is not None and on < last.starts_on:
        raise DayRefused(f"{last.starts_on} 起已有后来的{last.get_kind_display()}，日期不能早于它。", field="on")
    if kind == K.RESIDENCE:
        _within_duty(patient, division)
        patient.village_id = None if division is None or division.pk == patient.duty_township else division.pk
        patient.residence_address = detail
    else:
        if division is None and not detail:
            raise Refused("请选择户籍所在区划，或写明户籍详址。", field="division")
        patient.household_division, patient.household_address = division, detail
    patient.version += 1
    patient.save(update_fields=["village", "residence_address", "household_division", "household_address", "version"])
    keep_addresses([patient], on, AddressSource.MOVED)
    row = newest_addresses([patient.pk])[patient.pk, kind]
    audit.record(
        "registry.address.recorded", row, by=by, person=patient.uuid, facts={"on": on.isoformat(), "kind": str(kind)}
    )
    return row


def _within_duty(patient: Patient, division: Division | None) -> None:
    """Raises: Refused. The duty follows from the residence, and moves only when the receiver has taken the file."""
    if division is None:
        raise Refused("请选择村（社区）；村不清楚的选乡镇（街道）。", field="division")
    if township_of(division) != patient.duty_township:
        raise Refused(
            "这个地址不归本乡镇（街道）管。请办“档案移交”，对方接收后现住地和管辖一起更改。", field="division"
        )
