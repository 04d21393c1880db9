"""Many records of the past at once: the same rows that record_visit() writes, set by set."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, User
from followup.models import Visit, VisitRoot
from followup.queries.records import by_patient, complete_lines
from followup.rules.choice import Decision, decide
from followup.rules.classification import Verdict, judge
from followup.rules.facts import Choice, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.services.summaries import refresh
from followup.services.visits import decision_columns, place_of, signed
from followup.services.windows import refresh_windows
from followup.terms import Source
from registry.models import Patient
from registry.services.staging import insert_rows


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


def judge_all(records: Sequence[OldRecord], policies: dict[int, CarePolicy]) -> list[Judged]:
    """Verdict and class of every record, oldest first within a patient, each knowing those before it."""
    lines = by_patient(complete_lines({record.patient.pk for record in records}))
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


def record_old(judged: Sequence[Judged], *, by: User) -> None:
    """Write root, version, audit, summaries and carried columns of every record; tells nobody (decisions C25).

    The caller has checked rights and shape, locked the patients, and stands in one transaction.
    """
    if not judged:
        return
    now = timezone.now()
    uuids = [uuid4() for _one in judged]
    entered = {"entered_at": now, "entered_by_id": by.pk}
    roots = [
        {"uuid": uuid, "form_id": uuid4(), **entered, **_whose(one)} for uuid, one in zip(uuids, judged, strict=True)
    ]
    keys = dict(insert_rows(VisitRoot, roots, returning=("uuid::text", "id")))
    insert_rows(
        Visit,
        [_version(one, keys[str(uuid)], entered, by) for uuid, one in zip(uuids, judged, strict=True)],
        returning=(),
    )
    same = audit.event_facts("followup.visit.recorded", VisitRoot(), by=by)
    insert_rows(AuditEvent, [_event(one, uuid, same) for uuid, one in zip(uuids, judged, strict=True)], returning=())
    patients = sorted({one.record.patient.pk for one in judged})
    refresh(patients)
    refresh_windows(patients)


def _whose(one: Judged) -> dict[str, int]:
    return {"patient_id": one.record.patient.pk, **place_of(one.record.patient)}


def _version(one: Judged, root: int, entered: dict[str, Any], by: User) -> dict[str, Any]:
    return {
        "root_id": root,
        "source": Source.IMPORT,
        **entered,
        **_whose(one),
        **signed(one.record.facts, by).as_columns(),
        **decision_columns(one.decision, one.record.choice),
    }


def _event(one: Judged, root: UUID, same: dict[str, Any]) -> dict[str, Any]:
    facts = one.record.facts
    said = {"on": facts.visited_on.isoformat(), "level": facts.level, "class": one.decision.stability}
    return {
        **same,
        "uuid": uuid4(),
        "subject": root,
        "person": one.record.patient.uuid,
        "because": one.verdict.because[:400],
        "facts": said,
    }
