"""The records' half of the patient-years, and what the patient's row carries for the worklist.

Both are functions of the current complete records; whoever changes a record calls one of these in its transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import connection

from followup.queries.records import Line, by_patient, complete_lines
from followup.rules.classification import first_due
from followup.rules.summary import SLOT_FIELDS, Record, Slots, summarise
from followup.services.staging import stage
from registry.models import Patient

_KINDS = {
    "complete_n": "smallint", "max_gap": "smallint", "first_on": "date", "last_on": "date", "last_level": "smallint",
    "last_class": "smallint", "last_adherence": "smallint", "last_hospital": "boolean", "last_form": "varchar(1)",
    "any_taken": "boolean", "any_not_taken": "boolean", "face_n": "smallint", "level_seen_q": "boolean",
    "incident": "boolean", "high_n": "smallint",
}  # fmt: skip
_SET = ", ".join(f"{name} = %s::{kind}[]" for name, kind in _KINDS.items())
_UPDATE = f"UPDATE followup_patientyear SET {_SET} WHERE patient_id = %s AND year = %s"  # noqa: S608
CARRIED_KINDS = {
    "next_due_on": "date", "due_reason": "varchar(100)", "last_visit_on": "date", "last_level": "smallint",
    "last_class": "smallint", "last_in_hospital": "boolean",
}  # fmt: skip
_SET_CARRIED = ", ".join(f"{name} = %s::{kind}" for name, kind in CARRIED_KINDS.items())
_UPDATE_BOTH = f"WITH carried AS (UPDATE registry_patient SET {_SET_CARRIED} WHERE id = %s) {_UPDATE}"  # noqa: S608
_STANDING_BLANK = "'{f,f,f,f}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL}'"
_TARGETS = f"{', '.join(SLOT_FIELDS)}, registered, township, county, diagnosis"
_INSERT = (
    f"INSERT INTO followup_patientyear ({_TARGETS}, duty_township, duty_county, at_township, patient_id, year, "  # noqa: S608
    f"prev_on) SELECT {', '.join(f'%s::{kind}[]' for kind in _KINDS.values())}, {_STANDING_BLANK}, 0, 0, 0, %s, y, "
    "(SELECT max(visited_on) FROM followup_visit WHERE patient_id = %s AND is_current AND complete "
    "AND visited_on < make_date(y, 1, 1)) FROM (SELECT %s::int) AS t (y)"
)


_slot_values = attrgetter(*SLOT_FIELDS)


def _values(slots: Slots) -> list[list[Any]]:
    return [list(values) for values in _slot_values(slots)]


def write_year(patient: int, year: int, lines: Sequence[Line], carried: dict[str, Any] | None = None) -> None:
    """One patient-year from its complete records, oldest first, and with it the patient's carried columns when the
    newest record changed. One statement where the row stands, as it does for every registered year."""
    values = _values(summarise([line.record for line in lines if line.visited_on.year == year]))
    with connection.cursor() as cursor:
        if carried:
            cursor.execute(_UPDATE_BOTH, [*carried.values(), patient, *values, patient, year])
        else:
            cursor.execute(_UPDATE, [*values, patient, year])
        if cursor.rowcount == 0:
            cursor.execute(_INSERT, [*values, patient, patient, year])
            cursor.execute("SELECT followup_standing(%s::bigint[])", [[patient]])


def push_previous(patient: int, day: date) -> None:
    """A record of an earlier year may be the last one before the years after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE followup_patientyear SET prev_on = %s WHERE patient_id = %s AND year > %s "
            "AND (prev_on IS NULL OR prev_on < %s)",
            [day, patient, day.year, day],
        )


def carried_from(newest: Line | None, opened_on: date) -> dict[str, Any]:
    """What the worklist needs, from the newest complete record (or from the opening of the file)."""
    if newest is None:
        due, reason = first_due(opened_on)
        return {
            "next_due_on": due, "due_reason": reason, "last_visit_on": None, "last_level": None, "last_class": None,
            "last_in_hospital": False,
        }  # fmt: skip
    record = newest.record
    return {
        "next_due_on": newest.next_due_on,
        "due_reason": newest.due_reason,
        "last_visit_on": record.visited_on,
        "last_level": record.level,
        "last_class": record.stability,
        "last_in_hospital": record.in_hospital,
    }


def expected_years(lines: Sequence[Line], years: Iterable[int]) -> dict[int, tuple[Slots, date | None]]:
    """The records' half of one patient for these years and for every year with a record."""
    found = {}
    for year in sorted({*years, *(line.visited_on.year for line in lines)}):
        of_year = [line.record for line in lines if line.visited_on.year == year]
        before = [line.visited_on for line in lines if line.visited_on.year < year]
        found[year] = (summarise(of_year), before[-1] if before else None)
    return found


def refresh(patients: Sequence[int]) -> None:
    """Recompute every patient-year and the carried columns of these patients, set-based. Used by corrections and the
    rebuild; a handful of statements whatever the number."""
    if not patients:
        return
    lines = by_patient(complete_lines(patients))
    years = _years_of(patients)
    rows: list[Sequence[Any]] = []
    for patient in patients:
        expected = expected_years(lines.get(patient, []), years.get(patient, {}))
        for year, (slots, previous_on) in expected.items():
            rows.append((patient, year, previous_on, *_slot_values(slots)))
    _write_years(rows)
    _standing("followup_standing", patients)
    opened = dict(Patient.objects.filter(pk__in=patients).values_list("pk", "opened_on"))
    _write_carried(
        [
            (patient, *carried_from(lines[patient][-1] if lines.get(patient) else None, opened_on).values())
            for patient, opened_on in opened.items()
        ]
    )


def refresh_added(lines: Mapping[int, Sequence[Line]], added: Mapping[int, Sequence[Line]], newest: Set[int]) -> None:
    """The same where records were only added: the years they fall into, and what later years say of the last before.

    `lines`: as `lines_around` answers, the added ones among them; `newest`: patients whose newest record is added.
    """
    years = _years_of(list(added))
    rows: list[Sequence[Any]] = []
    previous: list[Sequence[Any]] = []
    made = []
    for patient, new in added.items():
        stored, touched = years.get(patient, {}), {line.record.visited_on.year for line in new}
        of_year: dict[int, list[Record]] = defaultdict(list)
        for line in lines[patient]:
            of_year[line.record.visited_on.year].append(line.record)
        for year in touched.union(year for year in stored if year > min(touched)):
            before = _last_before(of_year, year, stored.get(year))
            if year in touched:
                rows.append((patient, year, before, *_slot_values(summarise(of_year[year]))))
            elif before != stored[year]:
                previous.append((patient, year, before))
        if not touched <= stored.keys():
            made.append(patient)
    _write_years(rows)
    _write_previous(previous)
    _standing("followup_standing_new", made)
    _write_carried([(patient, *carried_from(lines[patient][-1], date.min).values()) for patient in sorted(newest)])


def _last_before(records: Mapping[int, Sequence[Record]], year: int, known: date | None) -> date | None:
    """The last record before a year: of these by year, or the one that was known."""
    found = max((known_year for known_year in records if known_year < year), default=None)
    day = records[found][-1].visited_on if found is not None else None
    return max(day, known) if day and known else day or known


def _years_of(patients: Sequence[int]) -> dict[int, dict[int, date | None]]:
    """patient -> year -> the last record before it, as stored."""
    found: dict[int, dict[int, date | None]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT patient_id, year, prev_on FROM followup_patientyear WHERE patient_id = ANY (%s::bigint[])",
            [list(patients)],
        )
        for patient, year, previous_on in cursor.fetchall():
            found.setdefault(patient, {})[year] = previous_on
    return found


def _standing(function: str, patients: Sequence[int]) -> None:
    if patients:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s::bigint[])", [list(patients)])


def _write_years(rows: list[Sequence[Any]]) -> None:
    if not rows:
        return
    kinds = {name: f"{kind}[]" for name, kind in _KINDS.items()}
    stage("year_staging", {"patient_id": "bigint", "year": "smallint", "prev_on": "date", **kinds}, rows)
    names = ("prev_on", *SLOT_FIELDS)
    pairs = ", ".join(f"{name} = s.{name}" for name in names)
    mine, theirs = ", ".join(f"y.{name}" for name in names), ", ".join(f"s.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE followup_patientyear y SET {pairs} FROM year_staging s "  # noqa: S608
            f"WHERE y.patient_id = s.patient_id AND y.year = s.year AND ({mine}) IS DISTINCT FROM ({theirs})"
        )
        cursor.execute(
            f"INSERT INTO followup_patientyear (patient_id, year, prev_on, {_TARGETS}, duty_township, duty_county, "  # noqa: S608
            f"at_township) SELECT s.patient_id, s.year, s.prev_on, {', '.join(f's.{n}' for n in SLOT_FIELDS)}, "
            f"{_STANDING_BLANK}, 0, 0, 0 FROM year_staging s "
            "WHERE NOT EXISTS (SELECT 1 FROM followup_patientyear y "
            "WHERE y.patient_id = s.patient_id AND y.year = s.year)"
        )


def _write_previous(rows: list[Sequence[Any]]) -> None:
    if not rows:
        return
    stage("previous_staging", {"patient_id": "bigint", "year": "smallint", "prev_on": "date"}, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE followup_patientyear y SET prev_on = s.prev_on FROM previous_staging s "
            "WHERE y.patient_id = s.patient_id AND y.year = s.year"
        )


def _write_carried(rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    stage("carried_staging", {"patient_id": "bigint", **CARRIED_KINDS}, rows)
    names = list(CARRIED_KINDS)
    pairs = ", ".join(f"{name} = s.{name}" for name in names)
    mine, theirs = ", ".join(f"p.{name}" for name in names), ", ".join(f"s.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE registry_patient p SET {pairs} FROM carried_staging s "  # noqa: S608
            f"WHERE p.id = s.patient_id AND ({mine}) IS DISTINCT FROM ({theirs})"
        )
