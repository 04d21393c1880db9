"""出院信息单: from the hospital to the township's inbox, and to the first visit after the discharge."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.services.races import one_at_a_time
from accounts.terms import Permission
from registry.models import DischargeNotice, Patient
from registry.queries.cards import discharges_for
from registry.queries.status import newest_status_start
from registry.rules.discharges import check_discharge
from registry.services.admissions import record_stay
from registry.services.papers import (
    as_content,
    county_of,
    held_paper,
    lay_with_county,
    next_number,
    place_paper,
    step,
    take,
)
from registry.services.refusals import DayRefused, FactsRefused
from registry.services.status import set_status
from registry.terms import ENDING, AdmissionSource, CareStatus, DischargeState, Held

S = DischargeState


@transaction.atomic
def send_discharge(*, said: Mapping[str, Any], form_id: UUID, by: User) -> DischargeNotice:
    """Report a discharge to the township of the residence, or to the county where none is named.

    Source: 管理治疗工作规范 2018 出院信息单. Raises: Denied, FactsRefused (by field). Same form again: the first notice.
    """
    authorise(by, Permission.REPORT_CARD)
    one_at_a_time(form_id)
    if known := DischargeNotice.objects.filter(form_id=form_id, entered_by=by).first():
        return known
    today = timezone.localdate()
    if problems := check_discharge(said, today=today):
        raise FactsRefused({p.field: p for p in reversed(problems)}.values())
    county = county_of(by)
    row = DischargeNotice(
        form_id=form_id, hospital=by.agency, entered_by=by, number=next_number(county), content=as_content(said),
        admitted_on=said["admitted_on"], discharged_on=said["discharged_on"], sent_on=today, reported_on=today,
    )  # fmt: skip
    place_paper(row, said, county)
    if row.township_id is None:
        row.state = S.AT_COUNTY
        lay_with_county(row, Held.UNSETTLED)
    row.save(force_insert=True)
    _recorded(row, by)
    return row


def _recorded(row: DischargeNotice, by: User) -> None:
    facts = {"state": str(row.state), "discharged_on": row.discharged_on.isoformat()}
    audit.record("registry.discharge.sent", row, by=by, facts=facts)


@transaction.atomic
def accept_discharge(*, notice: DischargeNotice, patient: Patient, by: User) -> DischargeNotice:
    """接收: the notice belongs to this file, and the first visit becomes due. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.EDIT_PATIENT, patient)
    row = held_paper(notice, by, Permission.RECEIVE_CARD)
    if patient.status in ENDING:
        raise Refused("这份档案已经结案。请先恢复档案，再接收；或者退回县级。")
    _join(row, patient, by)
    return row


def _end_stay(row: DischargeNotice, patient: Patient, by: User) -> None:
    """The stay of the notice ends or is entered; one that is known already stays as it stands."""
    told = str(cast("dict[str, Any]", row.content).get("admitted_on") or "")
    try:
        admitted_on = date.fromisoformat(told)
    except ValueError:
        return
    with suppress(DayRefused):
        record_stay(
            patient=patient, admitted_on=admitted_on, discharged_on=row.discharged_on, by=by, hospital=row.hospital,
            source=AdmissionSource.NOTICE, source_uuid=row.uuid,
        )  # fmt: skip
    patient.refresh_from_db()


def _join(row: DischargeNotice, patient: Patient, by: User) -> None:
    row.patient = patient
    take(row, by)
    step(row, S.ACCEPTED, by)
    _end_stay(row, patient, by)
    newest = newest_status_start(patient)
    if patient.status == CareStatus.ADMITTED and (newest is None or newest <= row.discharged_on):
        set_status(
            patient=patient, value=CareStatus.MANAGED, on=row.discharged_on, by=by, reason="出院",
            evidence=f"出院信息单 {row.number}",
        )  # fmt: skip


@transaction.atomic
def ask_for_card(*, notice: DischargeNotice, by: User) -> DischargeNotice:
    """Nobody here is registered under this number: the hospital is asked for a report card first. Nothing is lost.

    When that card is accepted the notice follows it by itself. Raises: Denied, NotHere, Refused.
    """
    row = held_paper(notice, by, Permission.RECEIVE_CARD)
    step(row, S.NEEDS_CARD, by)
    return row


def settle_waiting(patient: Patient, *, by: User) -> int:
    """Notices that waited for this person's card are taken with it; inside the transaction of the acceptance.

    Only those that this person may take: a notice that lies with another township waits for it, or for the county.
    """
    if patient.id_index is None:
        return 0
    waiting = discharges_for(by, Permission.RECEIVE_CARD).filter(state=S.NEEDS_CARD, id_index=patient.id_index)
    rows = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        _join(row, patient, by)
    return len(rows)
