"""今日工作: who is due, from the columns carried on the patient's row. Most dangerous first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from accounts.models import User
from accounts.queries.policy import policies
from accounts.terms import DivisionLevel
from followup.rules.dates import day_after, quarter_of
from followup.rules.policy import CarePolicy
from registry.models import Patient
from registry.models.patient import PatientQuerySet

HIGH = Q(last_level__gte=3)
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
    high_late: int = 0
    high_today: int = 0

    def under_headings(self, show: str) -> tuple[int, int, int]:
        """How many of a filter stand under 3 级及以上, 其余逾期 and 到期."""
        coming = self.high - self.high_late - self.high_today
        high = {"all": self.high, "high": self.high, "overdue": self.high_late, "today": self.high_today,
                "week": coming}[show]  # fmt: skip
        late = 0 if show not in ("all", "overdue") else self.overdue - self.high_late
        return high, late, getattr(self, show) - high - late


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


class Since(NamedTuple):
    """What happened to one line since its last record, and whether anybody met the patient in this half year."""

    tries: int = 0
    last_try_on: date | None = None
    unmet: bool = True


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
            high_late=Count("pk", filter=HIGH & Q(next_due_on__lt=today)),
            high_today=Count("pk", filter=HIGH & Q(next_due_on=today)),
        )
    )
    villages, sums = [], [0] * len(Numbers._fields)
    for key, name, *numbers in rows:
        sums = [total + n for total, n in zip(sums, numbers, strict=True)]
        if key:
            villages.append(Village(key, name, Numbers(*numbers)))
    return Counts(Numbers(*sums), tuple(sorted(villages, key=lambda village: village.name)))


_SINCE = """
SELECT line.id, a.n, a.last_on, y.face_n
FROM unnest(%s::bigint[], %s::date[]) AS line (id, last_on)
LEFT JOIN LATERAL (SELECT count(*) AS n, max(attempted_on) AS last_on FROM followup_attempt
                   WHERE patient_id = line.id AND (line.last_on IS NULL OR attempted_on > line.last_on)) a ON true
LEFT JOIN followup_patientyear y ON y.patient_id = line.id AND y.year = %s
"""


def since_last(rows: Sequence[Due], today: date) -> dict[int, Since]:
    """未访到 since the last record and 面访 of the running half year, for the lines of one page, in one statement."""
    half = 1 if quarter_of(today) < 2 else 3
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [[row.pk for row in rows], [row.last_visit_on for row in rows], today.year])
        return {
            key: Since(tries, last_try_on, not face_n or face_n[half] == (face_n[1] if half == 3 else 0))
            for key, tries, last_try_on, face_n in cursor.fetchall()
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
