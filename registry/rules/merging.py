"""What a merge of two files decides: which of two values stays, and what may follow what.

Source: design features A (two people, field by field, undo within 30 days from the log); security T45, 3.7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.rules.person import LABELS, PersonFacts
from registry.terms import MergeState

S = MergeState
MERGES = Machine(
    name="merge",
    label="档案合并",
    source="design features A: two-person review, undo within 30 days; security T45",
    states=tuple(S),
    starts=frozenset({S.PROPOSED, S.DIFFERENT}),
    ends=frozenset({S.REFUSED, S.WITHDRAWN, S.UNDONE, S.DIFFERENT}),
    steps=(
        Step(S.PROPOSED, S.MERGED, "确认合并", Permission.CONFIRM_MERGE, "registry.merge.confirmed"),
        Step(S.PROPOSED, S.REFUSED, "不同意", Permission.CONFIRM_MERGE, "registry.merge.refused", needs_reason=True),
        Step(S.PROPOSED, S.WITHDRAWN, "撤回", Permission.PROPOSE_MERGE, "registry.merge.withdrawn"),
        Step(S.MERGED, S.UNDONE, "撤销合并", Permission.CONFIRM_MERGE, "registry.merge.undone", needs_reason=True),
    ),
)

KEPT, OTHER = "kept", "other"
# Dated facts are one timeline of one file or of the other: two half timelines would be nobody's life.
TIMELINES = {
    "status": "管理状态", "diagnosis": "诊断", "guardian": "监护人", "consent": "知情同意", "economy": "经济状况",
}  # fmt: skip
COLUMNS = (
    "name", "id_number", "sex", "birth_on", "phone", "ethnicity", "household_kind", "education",
    "marital", "employment", "residence_address", "household_code", "household_address", "disability_number",
    "onset_on", "past_danger", "past_locked", "past_admissions",
)  # fmt: skip
PARTS = {
    "id_number": ("id_number", "no_id_reason"),  # a number, or why there is none: never both
    "diagnosis": ("diagnosis", "icd10", "diagnosed_on", "diagnosing_hospital"),
    "guardian": ("guardian_name", "guardian_relation", "guardian_phone", "guardian_id_number"),
    "consent": ("consent", "consent_on", "consent_signer"),
    "economy": ("poor",),
    "status": ("died_on", "death_cause", "moved_out_on", "excluded_on"),
}


@dataclass(frozen=True)
class Question:
    """One row of the page: a column or a timeline in which the two files differ."""

    name: str
    label: str
    kept: tuple[Any, ...]
    other: tuple[Any, ...]
    usual: str  # KEPT or OTHER: what is ticked at first


def questions(kept: PersonFacts, other: PersonFacts) -> list[Question]:
    """Where the files differ. What only one of them knows is ticked there; in all else the kept file's value is."""
    mine, theirs = asdict(kept), asdict(other)
    rows: list[tuple[str, str, tuple[str, ...]]] = [(name, LABELS[name], PARTS.get(name, (name,))) for name in COLUMNS]
    rows += [(name, label, PARTS[name]) for name, label in TIMELINES.items()]
    found = []
    for name, label, parts in rows:
        a, b = tuple(mine[part] for part in parts), tuple(theirs[part] for part in parts)
        if a == b:
            continue
        only_other = all(value is None for value in a)
        only_kept = all(value is None for value in b)
        found.append(Question(name, label, a, b, OTHER if only_other and not only_kept else KEPT))
    return found


def decided(asked: Iterable[Question], said: Mapping[str, str]) -> dict[str, str]:
    """The choice for every question; one left out keeps what was ticked at first."""
    return {q.name: said.get(q.name) if said.get(q.name) in (KEPT, OTHER) else q.usual for q in asked}  # type: ignore[misc]


def opened_on(kept: PersonFacts, other: PersonFacts) -> date:
    """One person is on file since the earlier of the two days: records of both files lie after it."""
    days = [day for day in (kept.opened_on, other.opened_on) if day is not None]
    return min(days)
