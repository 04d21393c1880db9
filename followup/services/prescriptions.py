"""Writing, changing and ending prescriptions; what a visit changes of them goes into the visit's own statement."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, can
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from followup.models import Medicine, Prescription
from followup.queries.medicines import entry_of, found_by_name, offered
from followup.queries.prescriptions import running_from
from followup.queries.visits import last_complete
from followup.rules.facts import VisitFacts
from followup.rules.prescriptions import (
    Change,
    DayLimits,
    PrescriptionFacts,
    change_of,
    interval_of,
    line_of,
    shape_problems,
)
from followup.services.locking import lock_patient, lock_with_prescriptions
from followup.services.refusals import FormSaved, FormUsed, VisitRefused
from followup.terms import Source, StopReason
from registry.models import Patient

# The next injection of a prescription that holds: an interval after the last one of that drug, never before its start.
_SETTLE = """
UPDATE followup_prescription p SET due_on = greatest(p.starts_on, coalesce(
  (SELECT max(i.given_on) FROM followup_injection i
   WHERE i.patient_id = p.patient_id AND i.name = p.name AND i.struck_at IS NULL) + p.interval_days, p.starts_on))
WHERE p.patient_id = ANY(%s) AND p.ends_on IS NULL AND p.interval_days IS NOT NULL
"""
_ENDED = (
    "ended AS (UPDATE followup_prescription SET ends_on = %s, stop_reason = 'visit', ended_by_id = %s "
    "WHERE patient_id = %s AND id = ANY(%s) AND ends_on IS NULL)"
)
# A line that holds already is not begun twice: two visits saved at once have read the same list.
_BEGUN = """begun AS (
INSERT INTO followup_prescription (uuid, patient_id, medicine_id, name, line, unit, interval_days, starts_on, stop_reason,
  prescriber, source, due_on, entered_at, entered_by_id, duty_township, duty_county, at_township)
SELECT x.uuid, %s, m.id, coalesce(m.name, x.name), x.line, 'mg', x.days, %s, '', %s, %s,
  CASE WHEN x.days IS NOT NULL THEN greatest(%s, coalesce((SELECT max(i.given_on) FROM followup_injection i
    WHERE i.patient_id = %s AND i.name = coalesce(m.name, x.name) AND i.struck_at IS NULL), '-infinity') + x.days) END,
  now(), %s, %s, %s, %s
FROM jsonb_to_recordset(%s) AS x(uuid uuid, name text, line jsonb, days int)
LEFT JOIN LATERAL (SELECT id, name FROM followup_medicine
  WHERE (county_id IS NULL OR county_id = %s) AND (name = x.name OR x.name = ANY(aliases))
  ORDER BY county_id NULLS LAST LIMIT 1) m ON true
WHERE NOT EXISTS (SELECT 1 FROM followup_prescription h WHERE h.patient_id = %s AND h.ends_on IS NULL AND h.line = x.line))"""


class PrescriptionRefused(VisitRefused):
    """`problems` names every field."""


def limits_of(patient: Patient) -> DayLimits:
    return DayLimits(timezone.localdate(), patient.birth_on, patient.closed_on)


def settle_due(patients: Iterable[int]) -> None:
    """Set anew when the next injection of every running prescription is due: after an injection, a strike, a merge."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [list(patients)])


@transaction.atomic
def prescribe(*, patient: Patient, facts: PrescriptionFacts, form_id: UUID, by: User) -> Prescription:
    """Write down a prescription; the one of the same drug that held until then ends. The same form returns the first.

    Source: issue 3 Follow-up 6; 报告卡数据项 053. Raises: Denied, PrescriptionRefused, FormUsed, Refused.
    """
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    known = Prescription.objects.filter(form_id=form_id).first()
    if known is not None:
        return _same(known, patient, facts)
    medicine = found_by_name(facts.name, offered(patient.duty_county, timezone.localdate()))
    found = shape_problems(facts, entry_of(medicine) if medicine else None, limits_of(patient))
    if found or medicine is None:
        raise PrescriptionRefused(found)
    earlier = list(Prescription.objects.filter(patient=patient, ends_on=None, name=medicine.name))
    row = _new(patient, facts, medicine, form_id, by)
    if any(one.line == row.line and one.unit == row.unit for one in earlier):
        raise Refused(f"{medicine.name}已经是这个剂量，不用再登记。", field="name")
    later = [one.starts_on for one in earlier if one.starts_on > facts.starts_on]
    if later:
        said = f"{medicine.name}在 {max(later)} 已有新的处方，开始日期不能早于这一天。"
        raise Refused(said, field="starts_on")
    for one in earlier:
        _end(one, facts.starts_on, StopReason.CHANGED, by)
    row.save(force_insert=True)
    if row.interval_days is not None:
        settle_due([patient.pk])
    audit.record(
        "followup.prescription.begun", row, by=by, person=patient.uuid,
        facts={"on": facts.starts_on.isoformat(), "ended": len(earlier)},
    )  # fmt: skip
    return row


def _same(known: Prescription, patient: Patient, facts: PrescriptionFacts) -> Prescription:
    """What this form has made already. Raises: FormUsed, FormSaved."""
    if known.patient_id != patient.pk:
        raise FormUsed
    line, unit = line_of(facts)
    doses = {**line.as_row(), "name": known.name}
    if (doses, unit, facts.starts_on) != (known.line, known.unit, known.starts_on):
        raise FormSaved
    return known


def _new(patient: Patient, facts: PrescriptionFacts, medicine: Medicine, form_id: UUID, by: User) -> Prescription:
    line, unit = line_of(facts)
    line_row = {**line.as_row(), "name": medicine.name}
    return Prescription(
        patient=patient, form_id=form_id, medicine=medicine, name=medicine.name, line=line_row, unit=unit,
        interval_days=interval_of(facts.every_weeks), starts_on=facts.starts_on, prescriber=facts.prescriber,
        entered_by=by,
    )  # fmt: skip


def _end(row: Prescription, on: date, reason: StopReason, by: User) -> None:
    row.ends_on, row.stop_reason, row.ended_by = on, reason, by
    row.save(update_fields=["ends_on", "stop_reason", "ended_by"])


@transaction.atomic
def stop_prescription(*, prescription: Prescription, on: date | None, reason: str, by: User) -> Prescription:
    """From that day on it no longer holds; it stays readable. Raises: Denied, NotHere, Refused."""
    patient = prescription.patient
    authorise(by, Permission.RECORD_MEDICINE, patient)
    lock_patient(patient)
    row = Prescription.objects.select_for_update(of=("self",)).filter(pk=prescription.pk).first()
    if row is None:
        raise NotHere
    if row.ends_on is not None:
        raise Refused("这张处方已经停用。")
    if reason not in (StopReason.STOPPED, StopReason.WRONG):
        raise Refused("请选择停药还是登记有误。", field="reason")
    if on is None:
        raise Refused("请填从哪天起停。", field="ends_on")
    if not row.starts_on <= on <= timezone.localdate():
        raise Refused(f"停用日期应在开始日期 {row.starts_on} 和今天之间。", field="ends_on")
    _end(row, on, StopReason(reason), by)
    audit.record(
        "followup.prescription.ended", row, by=by, person=patient.uuid, because=str(StopReason(reason).label),
        facts={"on": on.isoformat()},
    )  # fmt: skip
    return row


def change_by_visit(patient: Patient, facts: VisitFacts, running: str | None, by: User) -> Change | None:
    """What the visit changes, when whoever saves it may write prescriptions; else they stay as they are."""
    change = change_of(running_from(running), facts)
    return change if change is not None and can(by, Permission.RECORD_MEDICINE, patient) else None


def change_statement(
    change: Change, patient: Patient, facts: VisitFacts, source: Source, by: User
) -> tuple[str, list[Any]]:
    """The parts of a WITH that end and begin; they stand in a statement that the visit sends anyway."""
    day = facts.visited_on
    rows = [
        {"uuid": str(uuid4()), "name": one.name, "line": one.as_row(), "days": interval_of(one.every_weeks)}
        for one in change.begun
    ]
    place = [patient.duty_township, patient.duty_county, patient.duty_township]
    ended = [day, by.pk, patient.pk, list(change.ended)]
    begun = [
        patient.pk, day, facts.doctor_name, str(source), day, patient.pk, by.pk, *place, json.dumps(rows, ensure_ascii=False),
        patient.duty_county, patient.pk,
    ]  # fmt: skip
    return f"{_ENDED}, {_BEGUN}", [*ended, *begun]


def follow_correction(patient: Patient, facts: VisitFacts, running: str | None, by: User) -> Change | None:
    """A corrected record that is still the newest changes the prescriptions like a new one."""
    change = change_by_visit(patient, facts, running, by)
    if change is not None:
        parts, values = change_statement(change, patient, facts, Source.FORM, by)
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {parts} SELECT 1", values)
    return change


def said(change: Change | None) -> dict[str, int]:
    """For the visit's audit entry."""
    return {"ended": len(change.ended), "begun": len(change.begun)} if change else {}


@transaction.atomic
def follow_newest(*, patient: Patient, by: User) -> Change | None:
    """Bring the prescriptions to what the newest complete record says: after an import, or a village doctor's visit.

    Raises: Denied, Refused (there is no record, or nothing to change).
    """
    authorise(by, Permission.RECORD_MEDICINE, patient)
    running = lock_with_prescriptions(patient).running
    visit = last_complete(patient)
    if visit is None:
        raise Refused("还没有随访记录。")
    change = follow_correction(patient, VisitFacts.of(visit), running, by)
    if change is None:
        raise Refused("处方与最近一次随访的用药一致，或处方比它新，没有要改的。")
    audit.record(
        "followup.prescription.followed", patient, by=by, person=patient.uuid,
        facts={"visit": visit.visited_on.isoformat(), **said(change)},
    )  # fmt: skip
    return change
