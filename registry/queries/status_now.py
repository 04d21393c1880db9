"""The status that holds now as it was registered: since when, why, where, and on what evidence."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.models import Patient, PatientStatus, TemporaryFile
from registry.queries.person import newest
from registry.terms import ENDING, AwayState, CareStatus


@dataclass(frozen=True)
class StatusNow:
    title: str
    facts: list[tuple[str, str]]
    scan: UUID | None
    file: UUID | None  # the temporary file at the destination
    is_away: bool
    is_open: bool  # may be expected to end


def status_now(patient: Patient) -> StatusNow | None:
    """None for 在管, which needs no words of its own: the chip says it."""
    if patient.status == CareStatus.MANAGED:
        return None
    row = newest(PatientStatus, [patient.pk])[patient.pk]
    is_away = patient.status == CareStatus.AWAY
    file = _running_file(patient) if is_away else None
    said = [
        ("从哪天起", row.starts_on.isoformat()),
        ("去向", _where_to(file) if file else ""),
        ("原因类别", row.get_reason_code_display()),
        ("死亡原因", row.get_death_cause_display()),
        ("原因", row.reason or ""),
        ("场所", row.place),
        ("治疗单位", row.unit),
        ("预计结束", _day(row, file)),
        ("依据", row.evidence or ""),
    ]
    return StatusNow(
        row.get_value_display(), [(label, value) for label, value in said if value],
        row.scan.uuid if row.scan else None, file.uuid if file else None, is_away,
        patient.status not in ENDING,
    )  # fmt: skip


def expected_end(patient: Patient) -> date | None:
    """When the status that holds now is expected to be over; for a journey, also as its temporary file says."""
    row = newest(PatientStatus, [patient.pk]).get(patient.pk)
    file = _running_file(patient) if patient.status == CareStatus.AWAY else None
    return (row.expected_until if row else None) or (file.expected_until if file else None)


def _day(row: PatientStatus, file: TemporaryFile | None) -> str:
    day = row.expected_until or (file.expected_until if file else None)
    return day.isoformat() if day else ""


def _running_file(patient: Patient) -> TemporaryFile | None:
    rows = TemporaryFile.objects.filter(patient=patient).exclude(state=AwayState.ENDED)
    return rows.select_related("to_township").first()


def _where_to(file: TemporaryFile) -> str:
    place = file.to_township.name if file.to_township else str(file.outside or "县外")
    return f"{place}（{file.get_state_display()}）" if file.to_township else place
