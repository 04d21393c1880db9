"""Conditions of an indicator as values: one statement of the rule, read by Python here and by the database in queries/.

A number, its list and the reason beside a name all come from the same condition, so they cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reports.rules.detail import Detail
from reports.rules.period import PatientPeriod
from reports.terms import Mend

Field = Literal[
    "complete_n", "max_gap", "months_since_last", "months_before_first", "last_level", "last_class", "last_adherence",
    "last_hospital", "any_taken", "any_not_taken", "face_n", "quarters_missed", "incident", "high_n", "diagnosis",
    "free_sga", "examined", "injected", "weak_guardian", "has_plan", "event", "treated", "high_unanswered", "away_long",
    "away_file", "was_lost", "loss_told",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Is:
    """One comparison. An unknown value (None) satisfies nothing, as in the database."""

    field: Field
    op: Literal["=", ">=", "<="]
    value: int | bool | str

    def holds(self, person: PatientPeriod) -> bool:
        known = getattr(person, self.field)
        if known is None:
            return False
        if self.op == "=":
            return bool(known == self.value)
        return bool(known >= self.value if self.op == ">=" else known <= self.value)

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.field,)


@dataclass(frozen=True, slots=True)
class Not:
    """The other side of a comparison; what is unknown stands on it."""

    part: Is

    def holds(self, person: PatientPeriod) -> bool:
        return not self.part.holds(person)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.part.fields


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Is, ...]

    def holds(self, person: PatientPeriod) -> bool:
        return any(part.holds(person) for part in self.parts)

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(part.field for part in self.parts)


Condition = Is | Not | AnyOf


Words = Callable[[PatientPeriod, Detail], str]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition that must hold to be counted. For those for whom it does not: in short for a group, in a sentence
    for one person, and whether it can be mended.
    """

    condition: Condition
    label: str
    because: Words
    mend: Mend

    def holds(self, person: PatientPeriod) -> bool:
        return self.condition.holds(person)
