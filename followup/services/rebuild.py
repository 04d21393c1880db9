"""Holding every summary against the records, or writing it anew. The expectation is computed in Python from the dated
facts and records alone; it shares the folding rule with the write path, and nothing with the database's triggers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from followup.models import PatientYear, Window
from followup.queries.records import Line, by_patient, complete_lines
from followup.queries.windows import stories_of
from followup.rules.standing import Dated, Standing, standing
from followup.rules.summary import SLOT_FIELDS
from followup.rules.windows import windows
from followup.services.summaries import CARRIED_KINDS, carried_from, expected_years, refresh
from followup.services.windows import refresh_windows
from registry.models import Diagnosis, DutyPeriod, Patient, PatientStatus

BATCH = 2_000
STANDING_FIELDS = ("registered", "township", "county", "diagnosis")
CARRIED = tuple(CARRIED_KINDS)


@dataclass(frozen=True)
class Difference:
    """One column that is not what the records say."""

    number: int  # the patient's internal number
    year: int | None  # None: the patient's own row
    field: str
    stored: Any
    expected: Any


def rebuild_summaries(*, check: bool = False) -> list[Difference]:
    """Every patient in the scope that the caller opened; with `check` nothing is written. Raises nothing."""
    found: list[Difference] = []
    for patients in _batches():
        differences = list(_differences(patients))
        found += differences
        if differences and not check:
            refresh([patient["pk"] for patient in patients])
            refresh_windows([patient["pk"] for patient in patients])
    return found


def _batches() -> Iterator[list[dict[str, Any]]]:
    last = 0
    while True:
        rows = list(
            Patient.objects.filter(pk__gt=last).order_by("pk").values("pk", "number", "opened_on", *CARRIED)[:BATCH]
        )
        if not rows:
            return
        yield rows
        last = rows[-1]["pk"]


def _dated(model: Any, patients: Sequence[int], value: str) -> dict[int, Dated]:
    found: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    rows = (
        model.objects.filter(patient__in=patients).order_by("starts_on").values_list("patient_id", "starts_on", value)
    )
    for patient, starts_on, held in rows:
        found[patient].append((starts_on, held))
    return dict(found)


def _differences(patients: list[dict[str, Any]]) -> Iterator[Difference]:
    keys = [patient["pk"] for patient in patients]
    lines = by_patient(complete_lines(keys))
    facts = (
        _dated(PatientStatus, keys, "value"),
        _dated(DutyPeriod, keys, "township_id"),
        _dated(DutyPeriod, keys, "county_id"),
        _dated(Diagnosis, keys, "code"),
    )
    dues = _running_dues(keys)
    stored: dict[int, dict[int, PatientYear]] = defaultdict(dict)
    for row in PatientYear.objects.filter(patient__in=keys):
        stored[row.patient_id][row.year] = row
    for patient in patients:
        key = patient["pk"]
        held = [fact.get(key, []) for fact in facts]
        yield from _carried_differences(patient, lines.get(key, []), dues.get(key, {}))
        yield from _year_differences(patient, lines.get(key, []), held, stored[key])


def _running_dues(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The due date that the last window gives; what waits for the sweep is left as it stands."""
    today = timezone.localdate()
    waiting = Window.objects.filter(patient__in=keys, stale=True).values_list("patient_id", flat=True)
    found: dict[int, dict[str, Any]] = {
        key: {"next_due_on": due, "due_reason": reason}
        for key, due, reason in Patient.objects.filter(pk__in=waiting).values_list("pk", "next_due_on", "due_reason")
    }
    for key, story in stories_of([key for key in keys if key not in found]).items():
        for window in windows(story, today)[-1:]:
            found[key] = {"next_due_on": window.due_on, "due_reason": window.due_reason}
    return found


def _carried_differences(patient: dict[str, Any], lines: list[Line], due: dict[str, Any]) -> Iterator[Difference]:
    expected = carried_from(lines[-1] if lines else None, patient["opened_on"]) | due
    for name in CARRIED:
        if patient[name] != expected[name]:
            yield Difference(patient["number"], None, name, patient[name], expected[name])


def _year_differences(
    patient: dict[str, Any], lines: list[Line], held: list[Dated], stored: dict[int, PatientYear]
) -> Iterator[Difference]:
    number, opened_on = patient["number"], patient["opened_on"]
    standings = {
        year: standing(year, opened_on, *held) for year in range(opened_on.year, timezone.localdate().year + 1)
    }
    registered = [year for year, found in standings.items() if any(found.registered)]
    expected = expected_years(lines, registered)
    for year in sorted(set(expected) ^ set(stored)):
        yield Difference(number, year, "row", year in stored, year in expected)
    for year in sorted(set(expected) & set(stored)):
        row, (slots, prev_on) = stored[year], expected[year]
        should: dict[str, Any] = {name: list(getattr(slots, name)) for name in SLOT_FIELDS}
        should |= _standing_columns(standings.get(year) or standing(year, opened_on, *held))
        should |= {"prev_on": prev_on, "opened_on": opened_on}
        for name, value in should.items():
            if getattr(row, name) != value:
                yield Difference(number, year, name, getattr(row, name), value)


def _standing_columns(found: Standing) -> dict[str, Any]:
    return {name: list(getattr(found, name)) for name in STANDING_FIELDS}
