"""Many records of the past judged at once, by columns: `judge` and `decide` for each, knowing those before it."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from followup.rules.choice import as_judged, decide
from followup.rules.classification import SIGNS, classified, judge_classed
from followup.rules.facts import Choice, Previous
from followup.rules.policy import CarePolicy
from followup.rules.visit_columns import CHOICE_FIELDS, VisitColumns
from followup.terms import Hospital


class Brief(NamedTuple):
    """Of one record what its next date rests on."""

    visited_on: date
    level: int | None
    hospital: int | None
    discharged_on: date | None
    effect: int | None

    @property
    def is_complete(self) -> bool:
        return self.level is not None or self.hospital == Hospital.NOW


@dataclass(slots=True)
class Judged:
    """By columns: what the rule says, what stands in the record, whether the record is complete."""

    says: list[int | None] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    stability: list[int | None] = field(default_factory=list)
    next_due_on: list[date | None] = field(default_factory=list)
    due_reason: list[str] = field(default_factory=list)
    rule_mismatch: list[bool] = field(default_factory=list)
    complete: list[bool] = field(default_factory=list)


class Timeline:
    """The complete records of one patient by date, growing as the file is judged."""

    __slots__ = ("_records",)

    def __init__(self, records: Sequence[Previous]) -> None:
        self._records = list(records)

    def before(self, day: date) -> Previous | None:
        records = self._records
        if not records or records[-1].visited_on < day:  # as a rule: a file comes oldest first
            return records[-1] if records else None
        at = bisect_left(records, day, key=lambda record: record.visited_on)
        return records[at - 1] if at else None

    def add(self, record: Previous) -> None:
        """After those of the same day: it was entered later."""
        records = self._records
        if not records or records[-1].visited_on <= record.visited_on:
            records.append(record)
            return
        at = bisect_left(records, (record.visited_on, 1), key=lambda known: (known.visited_on, 0))
        records.insert(at, record)


def judge_rows(
    rows: VisitColumns, patients: Sequence[int], policies: Sequence[CarePolicy], known: Mapping[int, Sequence[Previous]]
) -> Judged:
    """`patients`, `policies`: whose each row is and what its county set; `known`: complete records that stand, by
    patient, oldest first. A patient's rows come oldest first."""
    timelines = {key: Timeline(records) for key, records in known.items()}
    briefs = map(Brief._make, rows.each(Brief._fields))
    classes = map(classified, *map(rows.of, SIGNS))
    choices = _choices(rows)
    judged = Judged()
    for brief, found, choice, patient, policy in zip(briefs, classes, choices, patients, policies, strict=True):
        timeline = timelines.get(patient)
        if timeline is None:
            timeline = timelines[patient] = Timeline(())
        previous = timeline.before(brief.visited_on)
        verdict = judge_classed(brief, found, policy, previous)
        decision = (
            as_judged(verdict) if choice is None else decide(brief, verdict, choice, policy, previous, as_recorded=True)
        )
        complete = brief.is_complete
        if complete:
            timeline.add(Previous(brief.visited_on, decision.stability, brief.level))
        judged.says.append(verdict.stability)
        judged.because.append(verdict.because)
        judged.stability.append(decision.stability)
        judged.next_due_on.append(decision.next_due_on)
        judged.due_reason.append(decision.due_reason)
        judged.rule_mismatch.append(decision.rule_mismatch)
        judged.complete.append(complete)
    return judged


def _choices(rows: VisitColumns) -> Sequence[Choice | None]:
    """What was chosen, where anything was."""
    if not rows.choices:
        return [None] * len(rows)
    said: Any = zip(*map(rows.choice, CHOICE_FIELDS), strict=True)
    return [Choice(*one) if any(one) else None for one in said]
