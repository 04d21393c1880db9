"""A stay in hospital begins and ends: the episode and the dated status 住院 are written together."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Agency, User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.models import Admission, Patient, PatientStatus
from registry.rules.stays import Stay, StayRefused, check_stay
from registry.services.facts import checked_day, locked
from registry.services.refusals import DayRefused
from registry.services.status import set_status
from registry.services.stays import open_stay, say_admission
from registry.terms import AdmissionKind, AdmissionSource, CareStatus, DischargeKind


def _checked(patient: Patient, stay: Stay, *, besides: Admission | None = None) -> None:
    rows = Admission.objects.filter(patient=patient)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    others = [Stay(*dates) for dates in rows.order_by("admitted_on").values_list("admitted_on", "discharged_on")]
    try:
        check_stay(stay, others)
    except StayRefused as refusal:
        raise DayRefused(str(refusal), field=refusal.field) from None


def _where(hospital: Agency | None, hospital_name: str) -> str:
    name = hospital.name if hospital is not None else hospital_name
    if not name:
        raise Refused("请选择医院，或写明医院名称。", field="hospital_name")
    return name


@transaction.atomic
def admit(
    *, patient: Patient, on: date, by: User, hospital: Agency | None = None, hospital_name: str = "",
    kind: str = AdmissionKind.UNSTATED, source: str = AdmissionSource.ENTERED, source_uuid: UUID | None = None,
) -> Admission:  # fmt: skip
    """Begin a stay on `on` and, with it, the status 住院.

    Source: 规范 (目前正在住院); 精神卫生法 第三十条 (the ground is recorded, never decided here). Units: local date.
    Raises: Denied, Refused (no hospital), DayRefused (overlap, a later status, a day to come).
    """
    patient = locked(patient)
    authorise(by, Permission.EDIT_PATIENT, patient)
    name = _where(hospital, hospital_name)
    checked_day(on, patient, field="admitted_on", what="入院日期")
    _checked(patient, Stay(on))
    row = _insert(
        patient, by, hospital=hospital, hospital_name=hospital_name, admitted_on=on, kind=kind, source=source,
        source_uuid=source_uuid,
    )  # fmt: skip
    if patient.status != CareStatus.ADMITTED:
        _move(patient, CareStatus.ADMITTED, on, by, reason=f"入院：{name}", field="admitted_on")
    say_admission(Admission, patient=patient, admission=row, visit=None, on=on, in_hospital=True, by=by)
    return row


@transaction.atomic
def discharge(*, patient: Patient, on: date, by: User, kind: str = DischargeKind.UNSTATED) -> Admission:
    """End the running stay on `on`; the status becomes 在管 and the first visit due (follow-up hears the signal).

    Source: 精神卫生法 第四十四条; decisions C23 (14 days). Units: local date. Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.EDIT_PATIENT, patient)
    row = open_stay(patient)
    if row is None:
        raise Refused("没有正在进行的住院。请先登记入院，或补记一次已结束的住院。", field="discharged_on")
    checked_day(on, patient, field="discharged_on", what="出院日期")
    _checked(patient, Stay(row.admitted_on, on), besides=row)
    row.discharged_on, row.discharge_kind = on, kind
    row.save(update_fields=["discharged_on", "discharge_kind"])
    if patient.status == CareStatus.ADMITTED:
        _move(patient, CareStatus.MANAGED, on, by, reason=f"出院：{row.place}", field="discharged_on")
    _discharged(patient, row, on, by)
    return row


@transaction.atomic
def record_stay(
    *, patient: Patient, admitted_on: date, discharged_on: date, by: User, hospital: Agency | None = None,
    hospital_name: str = "", kind: str = AdmissionKind.UNSTATED, discharge_kind: str = DischargeKind.UNSTATED,
    source: str = AdmissionSource.ENTERED, source_uuid: UUID | None = None,
) -> Admission:  # fmt: skip
    """A stay learned of after it ended (出院信息单, a late entry). The running stay is ended by it when it is the same.

    The dated statuses are written only when nothing later stands in the way: history is never rewritten.
    Units: local dates. Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    running = open_stay(patient)
    if running is not None and running.admitted_on <= discharged_on:
        return discharge(patient=patient, on=discharged_on, by=by, kind=discharge_kind)
    authorise(by, Permission.EDIT_PATIENT, patient)
    name = _where(hospital, hospital_name)
    if discharged_on > timezone.localdate():
        raise DayRefused("出院日期不能晚于今天。请核对日期。", field="discharged_on")
    if patient.birth_on is not None and admitted_on < patient.birth_on:
        raise DayRefused(f"入院日期不能早于出生日期 {patient.birth_on}。请核对日期。", field="admitted_on")
    _checked(patient, Stay(admitted_on, discharged_on))
    row = _insert(
        patient, by, hospital=hospital, hospital_name=hospital_name, admitted_on=admitted_on,
        discharged_on=discharged_on, kind=kind, discharge_kind=discharge_kind, source=source, source_uuid=source_uuid,
    )  # fmt: skip
    newest = PatientStatus.objects.filter(patient=patient).order_by("-starts_on").first()
    if newest is not None and newest.starts_on <= admitted_on and patient.closed_on is None:
        if patient.status != CareStatus.ADMITTED:
            _move(patient, CareStatus.ADMITTED, admitted_on, by, reason=f"入院：{name}", field="admitted_on")
            patient.refresh_from_db()
        _move(patient, CareStatus.MANAGED, discharged_on, by, reason=f"出院：{name}", field="discharged_on")
    _discharged(patient, row, discharged_on, by)
    return row


def _insert(patient: Patient, by: User, **values: object) -> Admission:
    row = Admission.objects.create(patient=patient, entered_by=by, **values)
    facts = {"on": row.admitted_on.isoformat(), "kind": row.kind, "source": row.source}
    audit.record("registry.patient.admitted", row, by=by, person=patient.uuid, facts=facts)
    return row


def _discharged(patient: Patient, row: Admission, on: date, by: User) -> None:
    facts = {"on": on.isoformat(), "kind": row.discharge_kind}
    audit.record("registry.patient.discharged", row, by=by, person=patient.uuid, facts=facts)
    say_admission(Admission, patient=patient, admission=row, visit=None, on=on, in_hospital=False, by=by)


def _move(patient: Patient, value: CareStatus, on: date, by: User, *, reason: str, field: str) -> None:
    """The status' own words, beside the date that was typed."""
    try:
        set_status(patient=patient, value=value, on=on, by=by, reason=reason[:200])
    except Refused as refusal:
        raise DayRefused(refusal.message, field=field) from None
