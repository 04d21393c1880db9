"""Who a record is about, for the pages and the day's lines: a registered patient, or whom a clue means."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from registry.models import Clue, Patient
from registry.queries.clues import name_of
from registry.rules.id_number import age_on
from registry.rules.masking import mask_id
from registry.terms import Sex

CLUE = ("clue__township", "clue__village")  # what a page shows of a row's clue
PAGES = ("care", "incident_new", "emergency_new")


@dataclass(frozen=True)
class About:
    """`care`: the page of this person's incidents; `home`: the file, or the clue."""

    uuid: UUID
    name: str
    place: str
    registered: bool
    home: str
    care: str
    incident_new: str
    emergency_new: str


def about(subject: Patient | Clue) -> About:
    if isinstance(subject, Clue):
        place = f"{subject.township.name}{subject.village.usual_name if subject.village else ''}"
        care, incident, emergency = (reverse(f"followup:clue_{page}", args=[subject.uuid]) for page in PAGES)
        home = reverse("registry:clue", args=[subject.uuid])
        return About(subject.uuid, name_of(subject), place, False, home, care, incident, emergency)
    place = subject.village.usual_name if subject.village else ""
    care, incident, emergency = (reverse(f"followup:{page}", args=[subject.uuid]) for page in PAGES)
    home = reverse("registry:patient", args=[subject.uuid])
    return About(subject.uuid, subject.name, place, True, home, care, incident, emergency)


def paper_head(subject: Patient | Clue, on: date) -> list[tuple[str, str]]:
    """What 表1-9 says of the person. The nationality stands in no record: it is written by hand."""
    if isinstance(subject, Clue):
        told = subject.report
        sex = str(Sex(told["sex"]).label) if told.get("sex") else ""
        age, number = told.get("age"), told.get("id_number")
    else:
        sex = str(subject.get_sex_display() or "")
        age = age_on(subject.birth_on, on)
        number = str(subject.id_number) if subject.id_number else None
    return [
        ("姓名", about(subject).name),
        ("性别", sex),
        ("年龄", f"{age} 岁" if age not in (None, "") else ""),
        ("国籍", ""),
        ("证件号", mask_id(number) or "无"),
    ]
