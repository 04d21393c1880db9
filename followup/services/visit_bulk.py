"""Many records of the past at once: the same rows that record_visit() writes, set by set."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from secrets import token_bytes
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, User
from followup.models import Visit, VisitRoot
from followup.queries.records import Line, Span, by_patient, lines_around
from followup.rules.choice import Decision, decide
from followup.rules.classification import Verdict, judge
from followup.rules.facts import FACT_FIELDS, Choice, Drug, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.summary import Record
from followup.services import summaries, windows
from followup.terms import Source
from registry.models import Patient
from registry.services.staging import Json, Same, insert_columns


@dataclass(frozen=True)
class OldRecord:
    """A record that has passed the checks of its shape; `row` is the line of the file."""

    patient: Patient
    facts: VisitFacts
    choice: Choice
    row: int = 0


@dataclass(frozen=True)
class Judged:
    record: OldRecord
    verdict: Verdict
    decision: Decision


class Timeline:
    """The complete records of one patient by date, growing as the file is judged."""

    def __init__(self, records: Sequence[Previous]) -> None:
        self._records = list(records)

    def before(self, day: date) -> Previous | None:
        at = bisect_left(self._records, day, key=lambda record: record.visited_on)
        return self._records[at - 1] if at else None

    def add(self, record: Previous) -> None:
        """After those of the same day: it was entered later."""
        at = bisect_left(self._records, (record.visited_on, 1), key=lambda known: (known.visited_on, 0))
        self._records.insert(at, record)


def record_all(records: Sequence[OldRecord], policies: dict[int, CarePolicy], *, by: User) -> list[Judged]:
    """Judge these records of the past and write root, version, audit, summaries and carried columns of each; tells
    nobody (decisions C25).

    The caller has checked rights and shape, locked the patients, and stands in one transaction.
    """
    if not records:
        return []
    lines = by_patient(lines_around(_spans([one for one in records if one.facts.is_complete])))
    judged = judge_all(records, policies, lines)
    roots = _write(judged, by)
    added: dict[int, list[Line]] = {}
    for one, root in zip(judged, roots, strict=True):
        if one.record.facts.is_complete:
            added.setdefault(one.record.patient.pk, []).append(_line(one, root))
    for key, new in added.items():
        lines[key] = sorted([*lines.get(key, []), *new], key=_in_order)
    patients = {one.record.patient.pk: one.record.patient for one in judged}
    newest = {key for key, new in added.items() if _is_newest(patients[key], new)}
    summaries.refresh_added(lines, added, newest)
    windows.refresh_added(lines, added)
    return judged


def _spans(records: Sequence[OldRecord]) -> dict[int, Span]:
    days: dict[int, list[date]] = {}
    for one in records:
        days.setdefault(one.patient.pk, []).append(one.facts.visited_on)
    return {key: (min(found), max(found)) for key, found in days.items()}


def _in_order(line: Line) -> tuple[date, int]:
    return (line.record.visited_on, line.root_id)


def _is_newest(patient: Patient, added: Sequence[Line]) -> bool:
    return patient.last_visit_on is None or max(line.visited_on for line in added) >= patient.last_visit_on


def judge_all(
    records: Sequence[OldRecord], policies: dict[int, CarePolicy], lines: Mapping[int, Sequence[Line]]
) -> list[Judged]:
    """Verdict and class of every record, oldest first within a patient, each knowing those before it."""
    timelines = {
        key: Timeline([Previous(line.visited_on, line.record.stability, line.record.level) for line in found])
        for key, found in lines.items()
    }
    judged = []
    for one in records:
        policy = policies[one.patient.duty_county]
        timeline = timelines.setdefault(one.patient.pk, Timeline([]))
        previous = timeline.before(one.facts.visited_on)
        verdict = judge(one.facts, policy, previous)
        decision = decide(one.facts, verdict, one.choice, policy, previous, as_recorded=True)
        if one.facts.is_complete:
            timeline.add(Previous(one.facts.visited_on, decision.stability, one.facts.level))
        judged.append(Judged(one, verdict, decision))
    return judged


def _line(one: Judged, root: int) -> Line:
    facts, decision = one.record.facts, one.decision
    record = Record(
        facts.visited_on, facts.form, facts.seen, facts.level, decision.stability, facts.adherence, facts.in_hospital,
        bool(facts.trouble or facts.crime),
    )  # fmt: skip
    return Line(one.record.patient.pk, root, record, decision.next_due_on, decision.due_reason)


def _write(judged: Sequence[Judged], by: User) -> list[int]:
    """Roots, versions and audit rows; answers the keys of the roots."""
    count, records = len(judged), [one.record for one in judged]
    uuids = _random_uuids(count)
    patients = [record.patient for record in records]
    towns = [patient.duty_township for patient in patients]
    whose: dict[str, Sequence[Any] | Same] = {
        "patient_id": [patient.pk for patient in patients],
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
    insert_columns(Visit, count, {"root_id": roots, "source": Same(Source.IMPORT), **whose, **_said(judged, by)})
    insert_columns(AuditEvent, count, _events(judged, uuids, by))
    return roots


_FACTS = attrgetter(*FACT_FIELDS)
_DECIDED = ("stability", "next_due_on", "due_reason", "rule_mismatch")
_DECISION = attrgetter(*_DECIDED)


def _said(judged: Sequence[Judged], by: User) -> dict[str, Any]:
    """What the records say and what was decided of them, column by column."""
    facts = dict(zip(FACT_FIELDS, zip(*[_FACTS(one.record.facts) for one in judged], strict=True), strict=True))
    written: dict[tuple[Drug, ...], Json] = {}
    for drugs in {*facts["drugs"], *facts["guidance"]}:
        written[drugs] = Json(json.dumps([drug.as_row() for drug in drugs], ensure_ascii=False))
    for name in ("drugs", "guidance"):
        facts[name] = tuple(written[drugs] for drugs in facts[name])
    facts["doctor_name"] = tuple(name or by.display_name for name in facts["doctor_name"])  # as `signed`
    decided = dict(zip(_DECIDED, zip(*[_DECISION(one.decision) for one in judged], strict=True), strict=True))
    return {**facts, **decided, "deviation_reason": [one.record.choice.deviation_reason for one in judged]}


def _events(judged: Sequence[Judged], roots: Sequence[str], by: User) -> dict[str, Any]:
    same = audit.event_facts("followup.visit.recorded", VisitRoot(), by=by)
    people = {one.record.patient.pk: str(one.record.patient.uuid) for one in judged}
    return {
        **{name: Same(value) for name, value in same.items()},
        "uuid": _random_uuids(len(judged)),
        "subject": roots,
        "person": [people[one.record.patient.pk] for one in judged],
        "because": [one.verdict.because[:400] for one in judged],
        "facts": [
            _event_words(one.record.facts.visited_on, one.record.facts.level, one.decision.stability) for one in judged
        ],
    }


@lru_cache(maxsize=20_000)
def _event_words(day: date, level: int | None, stability: int | None) -> Json:
    return Json(json.dumps({"on": day.isoformat(), "level": level, "class": stability}))


def _random_uuids(count: int) -> list[str]:
    """As many as uuid4() would make one by one, in hexadecimal: random but for the version and the variant."""
    digits = token_bytes(16 * count).hex()
    return [
        f"{digits[at : at + 12]}4{digits[at + 13 : at + 16]}8{digits[at + 17 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]
