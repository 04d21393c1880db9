"""今日工作: who is due, from the columns carried on the patient's row. Most dangerous first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Max, Q, Value, When

from accounts.models import User
from accounts.queries.policy import policies
from accounts.terms import DivisionLevel
from followup.models import Attempt, PatientYear
from followup.rules.dates import day_after, quarter_of
from followup.rules.policy import CarePolicy
from registry.models import Patient
from registry.models.patient import PatientQuerySet

HIGH = Q(last_level__gte=3)
LOW = Q(last_level__lt=3) | Q(last_level=None)
SHOWS = ("all", "high", "overdue", "today", "week")


class Due(NamedTuple):
    """One line of the list."""

    pk: int
    uuid: UUID
    name: str
    sex: str
    birth_on: date | None
    status: str
    next_due_on: date
    due_reason: str
    last_visit_on: date | None
    last_level: int | None
    last_class: int | None
    last_in_hospital: bool
    village: str | None

    def group(self, today: date) -> int:
        """0: level 3 and above; 1: other overdue; 2: due in the days ahead."""
        if self.last_level is not None and self.last_level >= 3:
            return 0
        return 1 if self.next_due_on < today else 2


class Numbers(NamedTuple):
    """How many each filter shows."""

    all: int = 0
    high: int = 0
    overdue: int = 0
    today: int = 0
    week: int = 0


@dataclass(frozen=True)
class Village:
    key: int
    name: str
    numbers: Numbers


@dataclass(frozen=True)
class Counts:
    whole: Numbers
    villages: tuple[Village, ...]

    def of(self, village: int | None) -> Numbers:
        return next((v.numbers for v in self.villages if v.key == village), self.whole)


class Tried(NamedTuple):
    tries: int
    last_try_on: date


def due(patients: PatientQuerySet, today: date, days_ahead: int) -> PatientQuerySet:
    """Open files whose next date has passed or lies within the days ahead. `patients` has come through a door."""
    return patients.filter(closed_on=None, next_due_on__lte=day_after(today, days_ahead))


def shown(found: PatientQuerySet, show: str, today: date) -> PatientQuerySet:
    """One filter of the page. 逾期 and 3 级及以上 may overlap."""
    wanted = {
        "high": HIGH,
        "overdue": Q(next_due_on__lt=today),
        "today": Q(next_due_on=today),
        "week": Q(next_due_on__gt=today),
    }.get(show, Q())
    return found.filter(wanted)


def in_order(found: PatientQuerySet, today: date) -> PatientQuerySet:
    """3 级及以上 first; the overdue by level, then date; the coming by date."""
    late = Q(next_due_on__lt=today)
    group = Case(When(HIGH, then=0), When(late, then=1), default=2, output_field=IntegerField())
    by_level = Case(When(HIGH | late, then=F("last_level")), default=Value(None), output_field=IntegerField())
    return found.order_by(
        group, by_level.desc(nulls_last=True), "next_due_on", F("last_level").desc(nulls_last=True), "pk"
    )


def lines(ordered: PatientQuerySet, start: int, number: int) -> list[Due]:
    rows = ordered.values_list(
        "pk", "uuid", "name", "sex", "birth_on", "status", "next_due_on", "due_reason", "last_visit_on", "last_level",
        "last_class", "last_in_hospital", "village__name",
    )  # fmt: skip
    return [Due._make(row) for row in rows[start : start + number]]


def counts(found: PatientQuerySet, today: date) -> Counts:
    """Every filter's number and the villages, in one statement."""
    rows = (
        found.order_by()
        .values_list("village_id", "village__name")
        .annotate(
            all=Count("pk"),
            high=Count("pk", filter=HIGH),
            overdue=Count("pk", filter=Q(next_due_on__lt=today)),
            today=Count("pk", filter=Q(next_due_on=today)),
            week=Count("pk", filter=Q(next_due_on__gt=today)),
        )
    )
    villages, sums = [], [0] * len(Numbers._fields)
    for key, name, *numbers in rows:
        sums = [total + n for total, n in zip(sums, numbers, strict=True)]
        if key:
            villages.append(Village(key, name, Numbers(*numbers)))
    return Counts(Numbers(*sums), tuple(sorted(villages, key=lambda village: village.name)))


def group_sizes(found: PatientQuerySet, today: date) -> tuple[int, int, int]:
    """How many stand under each heading; needed only where a list goes over one page."""
    late = Q(next_due_on__lt=today)
    sums = found.order_by().aggregate(
        all=Count("pk"), high=Count("pk", filter=HIGH), late=Count("pk", filter=late & LOW)
    )
    return sums["high"], sums["late"], sums["all"] - sums["high"] - sums["late"]


def tries_since(rows: Sequence[Due]) -> dict[int, Tried]:
    """未访到 since the last record, for those of the list who have any."""
    last = {row.pk: row.last_visit_on for row in rows}
    found = (
        Attempt.objects.filter(patient__in=list(last))
        .filter(Q(patient__last_visit_on=None) | Q(attempted_on__gt=F("patient__last_visit_on")))
        .values_list("patient_id")
        .annotate(Count("pk"), Max("attempted_on"))
    )
    return {patient: Tried(n, day) for patient, n, day in found}


def unseen_this_half(rows: Sequence[Due], today: date) -> set[int]:
    """Patients of the list whom nobody has met face to face in the running half year."""
    found = PatientYear.objects.filter(patient__in=[row.pk for row in rows], year=today.year)
    faces = dict(found.values_list("patient_id", "face_n"))
    half_end, before = (1, None) if quarter_of(today) < 2 else (3, 1)
    return {
        row.pk
        for row in rows
        if (face := faces.get(row.pk)) is None or face[half_end] - (face[before] if before is not None else 0) == 0
    }


def next_after(found: PatientQuerySet, patient: Patient) -> tuple[UUID, str] | None:
    """Who comes first on the list when this patient is done."""
    row = found.exclude(pk=patient.pk).values_list("uuid", "name").first()
    return (row[0], row[1]) if row else None


def days_ahead(user: User, today: date) -> int:
    """How far the list looks ahead in the county of the user's office."""
    place = user.agency.division
    county = place.pk if place.level == DivisionLevel.COUNTY else place.parent_id
    if place.level == DivisionLevel.VILLAGE and place.parent is not None:
        county = place.parent.parent_id
    return CarePolicy.of(policies(county or 0, today)).worklist_days_ahead
