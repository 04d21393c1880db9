"""The list of patients and the search, on a queryset that a door has already scoped."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from accounts.crypto import blind_index
from accounts.models import Division
from accounts.reach import Reach
from accounts.terms import DivisionLevel
from registry.models.patient import PatientQuerySet
from registry.terms import CareStatus, Colour

FOUND_AT_MOST = 20
# What a row of the list shows; the sealed columns and the long texts stay where they are.
ROW_COLUMNS = (
    "uuid", "number", "temporary_number", "name", "sex", "birth_on", "status", "closed_on", "last_level",
    "last_visit_on", "next_due_on", "last_in_hospital", "village__name", "village__code", "duty_township",
    "duty_county", "opened_on", "colour",
)  # fmt: skip


@dataclass(frozen=True)
class ListFilter:
    """`status`: "" those on the register, "closed" those off it, or one CareStatus; `level`: 0–5, "high" or "none"."""

    status: str = ""
    level: str = ""
    place: str = ""  # code of a village or township
    colour: str = ""  # of 动态分色, where the county keeps any

    def apply(self, patients: PatientQuerySet) -> PatientQuerySet:
        return patients.filter(self._of_status(), self._of_level(), self._of_place(), self._of_colour())

    def _of_status(self) -> Q:
        if self.status == "closed":
            return Q(closed_on__isnull=False)
        if self.status in CareStatus.values:
            return Q(status=self.status)
        return Q(closed_on=None)

    def _of_level(self) -> Q:
        if self.level == "high":
            return Q(last_level__gte=3)
        if self.level == "none":
            return Q(last_level=None)
        return Q(last_level=int(self.level)) if self.level in "012345" and self.level else Q()

    def _of_colour(self) -> Q:
        return Q(colour=self.colour) if self.colour in Colour.values else Q()

    def _of_place(self) -> Q:
        if len(self.place) == 12:
            return Q(village__code=self.place)
        return Q(duty_township__in=Division.objects.filter(code=self.place).values("pk")) if self.place else Q()


def has_colours(patients: PatientQuerySet) -> bool:
    """Whether anybody has a colour: without one nothing is said of colours."""
    return patients.filter(colour__in=Colour.values).exists()


def listed(patients: PatientQuerySet) -> PatientQuerySet:
    """In the order of names, as rows need them."""
    return patients.select_related("village").only(*ROW_COLUMNS).order_by("pinyin", "id")


def found(patients: PatientQuerySet, by: "Sought") -> PatientQuerySet:
    """At most twenty, those on the register first."""
    ordered = listed(patients.filter(by.condition)).order_by(F("closed_on").desc(nulls_first=True), "pinyin", "id")
    return ordered[:FOUND_AT_MOST]


@dataclass(frozen=True)
class Sought:
    """What a typed word looks for."""

    kind: str  # name, initials, id_number, temporary
    word: str

    @property
    def condition(self) -> Q:
        conditions: dict[str, Q] = {
            "name": Q(name__prefix=self.word),
            "initials": Q(initials__prefix=self.word) | Q(pinyin__prefix=self.word),
            "id_number": Q(id_index=blind_index("id_number", self.word)),
            "phone": Q(phone_index=blind_index("phone", self.word)),
            "temporary": Q(temporary_number=self.word),
        }
        return conditions[self.kind]


def townships_of(patients: Any) -> dict[int, str]:
    """Names of the townships of duty of these rows, in one query."""
    keys = {patient.duty_township for patient in patients}
    return dict(Division.objects.filter(pk__in=keys).values_list("pk", "name"))


def places_in(reach: Reach) -> list[Division]:
    """What the place filter offers: villages of one township, else the townships."""
    if reach.villages and not (reach.townships or reach.counties):
        return list(Division.objects.filter(pk__in=reach.villages).order_by("code"))
    if reach.counties or len(reach.townships) > 1:
        within = Q(parent__in=reach.counties) | Q(pk__in=reach.townships)
        return list(Division.objects.filter(within, level=DivisionLevel.TOWNSHIP, valid_to=None).order_by("code"))
    villages = Division.objects.filter(parent__in=reach.townships, level=DivisionLevel.VILLAGE, valid_to=None)
    return list(villages.order_by("code"))
