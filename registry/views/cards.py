"""What a page shows of a patient, in words: templates get these, never the model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.rules.day_words import short_day
from registry.models import Patient
from registry.rules.id_number import age_on
from registry.rules.masking import mask_name
from registry.terms import ENDING, CareStatus

STATUS_TONES = {
    CareStatus.LOST: "caution",
    CareStatus.REFUSED: "caution",
    CareStatus.AWAY: "info",
    CareStatus.ADMITTED: "info",
    CareStatus.DETAINED: "info",
}
STATUS_ICONS = {
    CareStatus.MANAGED: "check", CareStatus.ADMITTED: "hospital", CareStatus.AWAY: "pin", CareStatus.LOST: "alert",
    CareStatus.REFUSED: "alert", CareStatus.DETAINED: "shield",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    href: str
    name: str
    about: str
    number: str
    place: str
    status: str
    status_tone: str
    colour: str
    level: int | None
    level_on: str
    due: str
    late: bool


def number_of(patient: Patient) -> str:
    return f"{patient.number:05d}"


def about(patient: Patient, today: date) -> str:
    """女 52 岁"""
    age = age_on(patient.birth_on, (patient.closed_on if patient.status == CareStatus.DEAD else None) or today)
    return " ".join(part for part in (patient.get_sex_display(), f"{age} 岁" if age is not None else "") if part)


def due_words(patient: Patient, today: date) -> tuple[str, bool]:
    """When the next visit is due, and whether it is late."""
    due = patient.next_due_on
    if patient.closed_on is not None:
        return f"{patient.closed_on:%Y-%m-%d} 结案", False
    if due is None:
        return "还没有随访", False
    days = (today - due).days
    if days > 0:
        return f"{short_day(due, today)}，逾期 {days} 天", True
    return (f"{short_day(due, today)} 前" if days < 0 else "今天到期"), False


def row(patient: Patient, townships: Mapping[int, str], today: date, *, masked: bool = False) -> Row:
    due, late = due_words(patient, today)
    village = patient.village.usual_name if patient.village else ""
    township = townships.get(patient.duty_township, "")
    return Row(
        href="" if masked else reverse("registry:patient", args=[patient.uuid]),
        name=mask_name(patient.name) if masked else patient.name,
        about=about(patient, today),
        number=number_of(patient),
        place=township if masked else f"{township}{village}",
        status=patient.get_status_display(),
        status_tone="" if patient.status in ENDING else STATUS_TONES.get(CareStatus(patient.status), ""),
        colour="" if masked or not patient.colour else patient.get_colour_display(),
        level=patient.last_level,
        level_on=short_day(patient.last_visit_on, today) if patient.last_visit_on else "",
        due=due,
        late=late,
    )


def rows(patients: Iterable[Patient], townships: Mapping[int, str], today: date, *, masked: bool = False) -> list[Row]:
    return [row(patient, townships, today, masked=masked) for patient in patients]
