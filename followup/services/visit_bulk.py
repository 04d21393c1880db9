"""Many records of the past at once: the same rows that record_visit() writes, set by set and column by column."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import repeat
from secrets import token_bytes
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, User
from followup.models import Visit, VisitRoot
from followup.queries.care_rules import CareRules
from followup.queries.records import Line, Span, by_patient, lines_around
from followup.rules.facts import FACT_FIELDS, Drug, Previous
from followup.rules.judging import Judged, judge_rows
from followup.rules.summary import Record
from followup.rules.visit_columns import BLANK, BLANK_CHOICE, VisitColumns
from followup.services import summaries, windows
from followup.terms import Hospital, Source
from registry.models import Patient
from registry.services.staging import Json, Same, insert_columns

_DECIDED = ("stability", "next_due_on", "due_reason", "rule_mismatch")


def record_all(rows: VisitColumns, patients: Sequence[Patient], rules: Mapping[int, CareRules], *, by: User) -> Judged:
    """Judge these records of the past and write root, version, audit, summaries and carried columns of each; tells
    nobody (decisions C25). `rules`: of each county, over time; `patients`: whose each row is; a patient's rows stand
    together, oldest first.

    The caller has checked rights and shape, locked the patients, and stands in one transaction.
    """
    if not len(rows):
        return Judged()
    keys = [patient.pk for patient in patients]
    lines = by_patient(lines_around(_spans(rows, keys)))
    known = {key: [_previous(line) for line in found] for key, found in lines.items()}
    dated = zip(patients, rows.of("visited_on"), strict=True)
    judged = judge_rows(rows, keys, [rules[patient.duty_county].on(day) for patient, day in dated], known)
    roots = _write(rows, judged, keys, patients, by)
    added: dict[int, list[Line]] = {}
    for line, complete in zip(_lines(rows, judged, keys, roots), judged.complete, strict=True):
        if complete:
            added.setdefault(line.patient_id, []).append(line)
    for key, new in added.items():
        lines[key] = sorted([*lines[key], *new], key=_in_order) if key in lines else new
    who = dict(zip(keys, patients, strict=True))
    newest = {key for key, new in added.items() if _is_newest(who[key].last_visit_on, new)}
    summaries.refresh_added(lines, added, newest)
    windows.refresh_added(lines, added)
    return judged


def _spans(rows: VisitColumns, keys: Sequence[int]) -> dict[int, Span]:
    """The first and the last day of each patient's complete records."""
    found: dict[int, Span] = {}
    told = zip(keys, *map(rows.of, ("visited_on", "level", "hospital")), strict=True)
    for key, day, level, hospital in told:
        if level is not None or hospital == Hospital.NOW:
            found[key] = (found[key][0] if key in found else day, day)  # they come oldest first
    return found


def _previous(line: Line) -> Previous:
    return Previous(line.visited_on, line.record.stability, line.record.level)


def _in_order(line: Line) -> tuple[date, int]:
    return (line.record.visited_on, line.root_id)


def _is_newest(last_visit_on: date | None, added: Sequence[Line]) -> bool:
    return last_visit_on is None or added[-1].visited_on >= last_visit_on


def _lines(rows: VisitColumns, judged: Judged, keys: Sequence[int], roots: Sequence[int]) -> "map[Line]":
    stays = [hospital == Hospital.NOW for hospital in rows.of("hospital")]
    incidents: Any = repeat(False, len(rows))
    if rows.has("trouble", "crime"):
        incidents = [bool(trouble or crime) for trouble, crime in rows.each(("trouble", "crime"))]
    days, forms, seen, levels, adherence = map(rows.of, ("visited_on", "form", "seen", "level", "adherence"))
    records = zip(days, forms, seen, levels, judged.stability, adherence, stays, incidents, strict=True)
    told = zip(keys, roots, map(Record._make, records), judged.next_due_on, judged.due_reason, strict=True)
    return map(Line._make, told)


def _write(rows: VisitColumns, judged: Judged, keys: Sequence[int], patients: Sequence[Patient], by: User) -> list[int]:
    """Roots, versions and audit rows; answers the keys of the roots."""
    count = len(rows)
    uuids = _random_uuids(count)
    towns = [patient.duty_township for patient in patients]
    whose: dict[str, Sequence[Any] | Same] = {
        "patient_id": keys,
        "duty_township": towns,
        "duty_county": [patient.duty_county for patient in patients],
        "at_township": towns,
        "entered_at": Same(timezone.now()),
        "entered_by_id": Same(by.pk),
    }
    written = insert_columns(
        VisitRoot, count, {"uuid": uuids, "form_id": _random_uuids(count), **whose}, returning=("id",)
    )
    roots = [key for (key,) in written]
    insert_columns(Visit, count, {"root_id": roots, "source": Same(Source.IMPORT), **whose, **_said(rows, judged, by)})
    insert_columns(AuditEvent, count, _events(rows, judged, patients, uuids, by))
    return roots


def _said(rows: VisitColumns, judged: Judged, by: User) -> dict[str, Any]:
    """What the records say and what was decided of them, column by column."""
    said: dict[str, Any] = {name: rows.facts.get(name, Same(BLANK[name])) for name in FACT_FIELDS}
    for name in ("drugs", "guidance"):
        said[name] = _drugs(rows.facts[name]) if rows.has(name) else Same([])
    said["doctor_name"] = Same(by.display_name)  # as `signed`
    if rows.has("doctor_name"):
        said["doctor_name"] = [name or by.display_name for name in rows.of("doctor_name")]
    said["deviation_reason"] = rows.choices.get("deviation_reason", Same(BLANK_CHOICE["deviation_reason"]))
    return said | {name: getattr(judged, name) for name in _DECIDED}


def _drugs(column: Sequence[tuple[Drug, ...]]) -> list[Json]:
    written = {drugs: Json(json.dumps([d.as_row() for d in drugs], ensure_ascii=False)) for drugs in set(column)}
    return [written[drugs] for drugs in column]


def _events(
    rows: VisitColumns, judged: Judged, patients: Sequence[Patient], roots: Sequence[str], by: User
) -> dict[str, Any]:
    same = audit.event_facts("followup.visit.recorded", VisitRoot(), by=by)
    people = {patient.pk: str(patient.uuid) for patient in patients}
    told = zip(rows.of("visited_on"), rows.of("level"), judged.stability, strict=True)
    return {
        **{name: Same(value) for name, value in same.items()},
        "uuid": _random_uuids(len(rows)),
        "subject": roots,
        "person": [people[patient.pk] for patient in patients],
        "because": [because[:400] for because in judged.because],
        "facts": [_event_words(day, level, stability) for day, level, stability in told],
    }


def _event_words(day: date, level: int | None, stability: int | None) -> Json:
    """What json.dumps makes of {"on": …, "level": …, "class": …}."""
    says = "null" if level is None else int(level)
    classed = "null" if stability is None else int(stability)
    return Json(f'{{"on": "{day.isoformat()}", "level": {says}, "class": {classed}}}')


def _random_uuids(count: int) -> list[str]:
    """As many as uuid4() would make one by one, in hexadecimal: random but for the version and the variant. In order:
    an index takes them side by side."""
    digits = token_bytes(16 * count).hex()
    return sorted(
        f"{digits[at : at + 12]}4{digits[at + 13 : at + 16]}8{digits[at + 17 : at + 32]}"
        for at in range(0, 32 * count, 32)
    )
