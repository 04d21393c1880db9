"""Complete records as the rules want them: plain tuples, oldest first, two on one day in the order of entry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from followup.rules.facts import Previous
from followup.rules.summary import Record
from followup.terms import Hospital

# By hand: this statement stands in every save, and an import reads a county's records with it.
_SELECT = """
SELECT patient_id, root_id, visited_on, form, seen, level, stability, adherence, hospital, trouble, crime, next_due_on,
       due_reason
FROM followup_visit
WHERE is_current AND complete AND patient_id = ANY (%s::bigint[]) AND visited_on >= %s AND root_id <> %s
ORDER BY patient_id, visited_on, root_id
"""


# The same around new records: their years, and of each patient the last record before them and the first after.
_AROUND = """
WITH r AS MATERIALIZED (SELECT s.patient_id,
  least(make_date(extract(year FROM s.first_on)::int, 1, 1),
    (SELECT max(v.visited_on) FROM followup_visit v WHERE v.patient_id = s.patient_id AND v.is_current AND v.complete
     AND v.visited_on < s.first_on)) AS since,
  greatest(make_date(extract(year FROM s.last_on)::int, 12, 31),
    (SELECT min(v.visited_on) FROM followup_visit v WHERE v.patient_id = s.patient_id AND v.is_current AND v.complete
     AND v.visited_on > s.last_on)) AS until
  FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS s (patient_id, first_on, last_on))
SELECT v.patient_id, root_id, visited_on, form, seen, level, stability, adherence, hospital, trouble, crime,
       next_due_on, due_reason
FROM r JOIN followup_visit v ON v.patient_id = r.patient_id AND v.visited_on BETWEEN r.since AND r.until
WHERE is_current AND complete
ORDER BY v.patient_id, visited_on, root_id
"""
Span = tuple[date, date]  # first and last day


class Line(NamedTuple):
    """One complete record of one patient, as far as summaries, judging and the worklist need it."""

    patient_id: int
    root_id: int
    record: Record
    next_due_on: date | None
    due_reason: str

    @property
    def visited_on(self) -> date:
        return self.record.visited_on


def _line(row: tuple[Any, ...]) -> Line:
    patient, root, day, form, seen, level, stability, adherence, hospital, trouble, crime, due, reason = row
    record = Record(
        day, form, tuple(seen), level, stability, adherence, hospital == Hospital.NOW, bool(trouble or crime)
    )
    return Line(patient, root, record, due, reason)


def complete_lines(patients: Iterable[int], *, since: date | None = None, but_root: int | None = None) -> list[Line]:
    """Current complete records of these patients, ordered by patient, date, entry. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [list(patients), since or date.min, but_root or 0])
        return [_line(row) for row in cursor.fetchall()]


def lines_around(spans: Mapping[int, Span]) -> list[Line]:
    """Of the complete records of these patients those that records within their spans may touch, in the same order."""
    with connection.cursor() as cursor:
        first, last = [span[0] for span in spans.values()], [span[1] for span in spans.values()]
        cursor.execute(_AROUND, [list(spans), first, last])
        return [_line(row) for row in cursor.fetchall()]


def by_patient(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.patient_id].append(line)
    return found


def previous_to(day: date, lines: Iterable[Line]) -> Previous | None:
    """The last of one patient's records dated before `day`."""
    found = None
    for line in lines:
        if line.visited_on >= day:
            break
        found = line
    return Previous(found.visited_on, found.record.stability, found.record.level) if found else None
