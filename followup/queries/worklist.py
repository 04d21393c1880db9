"""今日工作: who is due, from the columns carried on the patient's row. Most dangerous first.

One statement for a whole page. Whom the reader reaches comes through a door as a queryset; its conditions stand inside
the statement as they are, and everything else is counted, ordered and looked up over its rows.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FieldError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Count, Q

from accounts.models import User
from accounts.queries.policy import policies
from accounts.queries.statements import Planned
from accounts.terms import DivisionLevel
from followup.rules.dates import day_after, quarter_of
from followup.rules.policy import CarePolicy
from registry.models import Patient
from registry.models.patient import PatientQuerySet
from registry.queries.admitted import in_hospital_sql

SHOWS = {
    "all": "true",
    "high": "band = 0",
    "overdue": "next_due_on < %(today)s",
    "today": "next_due_on = %(today)s",
    "week": "next_due_on > %(today)s",
}
COLUMNS = (
    "id, uuid, name, sex, birth_on, status, next_due_on, due_reason, last_visit_on, last_level, last_class, "
    f"{in_hospital_sql('registry_patient')} AS last_in_hospital, colour, village_id"
)
ORDER = (
    "page.band, CASE WHEN page.band < 2 THEN page.last_level END DESC NULLS LAST, page.next_due_on, "
    "page.last_level DESC NULLS LAST, page.id"
)
BANDED = """
WITH due AS (SELECT {columns} FROM registry_patient WHERE {where}),
banded AS (SELECT *, CASE WHEN last_level >= 3 THEN 0 WHEN next_due_on < %(today)s THEN 1 ELSE 2 END AS band FROM due),
"""
BOARD = """
page AS (SELECT * FROM banded page WHERE {show} AND (%(village)s::bigint IS NULL OR village_id = %(village)s)
         ORDER BY {order} LIMIT %(number)s OFFSET %(start)s),
counted AS (
  SELECT village_id, count(*) AS whole, count(*) FILTER (WHERE band = 0) AS high,
         count(*) FILTER (WHERE next_due_on < %(today)s) AS overdue,
         count(*) FILTER (WHERE next_due_on = %(today)s) AS today,
         count(*) FILTER (WHERE next_due_on > %(today)s) AS week,
         count(*) FILTER (WHERE band = 0 AND next_due_on < %(today)s) AS high_late,
         count(*) FILTER (WHERE band = 0 AND next_due_on = %(today)s) AS high_today
  FROM banded GROUP BY village_id)
SELECT (SELECT json_agg(json_build_array(village_id, name, whole, high, overdue, today, week, high_late, high_today)
                        ORDER BY name)::text
        FROM (SELECT c.*, (SELECT name FROM accounts_division WHERE id = c.village_id) AS name FROM counted c) named),
       page.*, v.name, a.n, a.last_on,
       EXISTS (SELECT 1 FROM followup_draft d
               WHERE d.patient_id = page.id AND d.kept_by_id = %(reader)s AND d.expires_at > now()), y.face_n
FROM (SELECT 1) one LEFT JOIN page ON true
LEFT JOIN accounts_division v ON v.id = page.village_id
LEFT JOIN LATERAL (SELECT count(*) AS n, max(attempted_on) AS last_on FROM followup_attempt
                   WHERE patient_id = page.id AND struck_at IS NULL AND (page.last_visit_on IS NULL OR attempted_on > page.last_visit_on)
                  ) a ON true
LEFT JOIN followup_patientyear y ON y.patient_id = page.id AND y.year = %(year)s
ORDER BY {order}
"""
# after a person whoever stands below, and at the end of the list the first
FOLLOWING = """
ranked AS (SELECT id, uuid, name, row_number() OVER (ORDER BY {order}) AS n FROM banded page)
SELECT uuid, name FROM ranked WHERE id <> %(patient)s
ORDER BY n < coalesce((SELECT n FROM ranked WHERE id = %(patient)s), 0), n LIMIT 1
"""


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
    colour: str
    village_id: int | None
    group: int  # 0: level 3 and above; 1: other overdue; 2: due in the days ahead
    village: str | None
    tries: int  # 未访到 since the last record
    last_try_on: date | None
    begun: bool  # the reader has a draft of this visit
    unmet: bool  # nobody met the patient in the running half year


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


NOBODY = Numbers()


@dataclass(frozen=True)
class Village:
    key: int
    name: str
    numbers: Numbers


@dataclass(frozen=True)
class Board:
    """A page of the list, and the numbers of the whole and of each village."""

    lines: tuple[Due, ...] = ()
    whole: Numbers = NOBODY
    villages: tuple[Village, ...] = ()

    def of(self, village: int | None) -> Numbers:
        return next((v.numbers for v in self.villages if v.key == village), self.whole)


def due(patients: PatientQuerySet, today: date, days_ahead: int) -> PatientQuerySet:
    """Open files whose next date has passed or lies within the days ahead. `patients` has come through a door."""
    return patients.filter(closed_on=None, next_due_on__lte=day_after(today, days_ahead))


def due_counts(patients: PatientQuerySet, today: date, days_ahead: int) -> tuple[int, int]:
    """How many are due, and how many of them are late."""
    late = Count("pk", filter=Q(next_due_on__lt=today))
    found = due(patients, today, days_ahead).order_by().aggregate(whole=Count("pk"), late=late)
    return found["whole"], found["late"]


def board(
    found: PatientQuerySet,
    today: date,
    *,
    number: int,
    start: int = 0,
    show: str = "all",
    village: int | None = None,
    reader: int | None = None,
) -> Board:
    """One page of `due()`: 3 级及以上 first; the overdue by level, then date; the coming by date.

    `reader`: key of the person whose own drafts are marked.
    """
    more = {"village": village, "year": today.year, "number": number, "start": start, "reader": reader}
    rows = _rows(BOARD, found, {"today": today, **more}, show=SHOWS[show])
    if not rows:
        return Board()
    lines = tuple(_line(row[1:], today) for row in rows if row[1] is not None)
    return _counted(json.loads(rows[0][0] or "[]"), lines)


def _rows(statement: str, found: PatientQuerySet, params: dict[str, Any], **texts: str) -> list[Any]:
    """The statement over these patients. Raises: FieldError when their conditions need a second table."""
    query = found.query
    try:
        where, values = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    except EmptyResultSet:  # a reach that holds nobody
        return []
    if more := {name for name, uses in query.alias_refcount.items() if uses} - {Patient._meta.db_table}:
        raise FieldError(f"the list is one of the patients' own table, not of {sorted(more)}")
    marks = {f"reach{n}": value for n, value in enumerate(values)}
    banded = BANDED.format(columns=COLUMNS, where=where % tuple(f"%({name})s" for name in marks))
    with connection.cursor() as cursor:  # inside the transaction that set the walls
        _planned(banded + statement.format(order=ORDER, **texts)).execute(cursor, params | marks)
        return list(cursor.fetchall())


@lru_cache(maxsize=256)
def _planned(statement: str) -> Planned:
    """Planned once for a shape of reach and a filter: the index of a place's due files serves them all, whatever the
    values, and under the row walls planning took longer than finding (docs/adr/0021)."""
    return Planned(f"worklist_{sha256(statement.encode()).hexdigest()[:16]}", statement)


def _line(row: tuple[Any, ...], today: date) -> Due:
    *columns, face_n = row
    half = 1 if quarter_of(today) < 2 else 3
    met = bool(face_n) and face_n[half] > (face_n[1] if half == 3 else 0)
    return Due._make([*columns, not met])


def _counted(rows: list[list[Any]], lines: tuple[Due, ...]) -> Board:
    villages, sums = [], [0] * len(Numbers._fields)
    for key, name, *numbers in rows:
        sums = [total + n for total, n in zip(sums, numbers, strict=True)]
        if key:
            villages.append(Village(key, name, Numbers(*numbers)))
    return Board(lines, Numbers(*sums), tuple(villages))


class Following(NamedTuple):
    uuid: UUID
    name: str


def next_after(found: PatientQuerySet, patient: Patient, today: date) -> Following | None:
    """Who comes after this patient on the list; after the last, and for one who is not on it, the first."""
    rows = _rows(FOLLOWING, found, {"today": today, "patient": patient.pk})
    return Following(*rows[0]) if rows else None


def days_ahead(user: User, today: date) -> int:
    """How far the list looks ahead in the county of the user's office."""
    place = user.agency.division
    county = place.pk if place.level == DivisionLevel.COUNTY else place.parent_id
    if place.level == DivisionLevel.VILLAGE and place.parent is not None:
        county = place.parent.parent_id
    return CarePolicy.of(policies(county or 0, today)).worklist_days_ahead
