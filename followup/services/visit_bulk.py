"""Many records of the past at once: the same rows that record_visit() writes, set by set."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
from registry.services.staging import insert_models


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
    roots = [
        VisitRoot(
            uuid=uuid4(),
            patient=one.record.patient,
            form_id=uuid4(),
            entered_at=now,
            entered_by=by,
            **place_of(one.record.patient),
        )
        for one in judged
    ]
    keys = {UUID(str(uuid)): key for uuid, key in insert_models(roots, returning=("uuid", "id"))}
    for root in roots:
        root.pk = keys[root.uuid]
    insert_models([_version(one, root, by) for one, root in zip(judged, roots, strict=True)])
    AuditEvent.objects.bulk_create(
        AuditEvent(
            **audit.event_facts(
                "followup.visit.recorded",
                root,
                by=by,
                person=one.record.patient.uuid,
                because=one.verdict.because,
                facts={
                    "on": one.record.facts.visited_on.isoformat(),
                    "level": one.record.facts.level,
                    "class": one.decision.stability,
                },
            )
        )
        for one, root in zip(judged, roots, strict=True)
    )
    patients = sorted({one.record.patient.pk for one in judged})
    refresh(patients)
    refresh_windows(patients)


def _version(one: Judged, root: VisitRoot, by: User) -> Visit:
    return Visit(
        root=root,
        patient=one.record.patient,
        source=Source.IMPORT,
        entered_at=root.entered_at,
        entered_by=by,
        **place_of(one.record.patient),
        **signed(one.record.facts, by).as_columns(),
        **decision_columns(one.decision, one.record.choice),
    )
