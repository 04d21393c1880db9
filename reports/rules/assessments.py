"""The assessments that the plans name, as days to freeze. Source: 计划包格式 assessment; 滕州、阜新、中原 (中期、终期)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.rules.pack import Pack
from reports.terms import AssessmentKind, FreezeKind

FREEZES = {AssessmentKind.MID: FreezeKind.MIDTERM, AssessmentKind.FINAL: FreezeKind.FINAL}


@dataclass(frozen=True, slots=True)
class AssessmentDay:
    """One assessment of one plan; `key` stands in the address that fills the form."""

    pack: str
    title: str
    kind: FreezeKind
    as_of: date
    clause: str
    is_over: bool

    @property
    def key(self) -> str:
        return f"{self.pack}.{self.kind.value}"

    @property
    def label(self) -> str:
        return str(self.kind.label)


def assessment_days(packs: Iterable[Pack], today: date) -> list[AssessmentDay]:
    """By plan in their order, the earlier first. A day ahead is told, but cannot be frozen yet."""
    return [
        AssessmentDay(pack.id, pack.title, FREEZES[each.kind], each.as_of, each.clause, each.as_of <= today)
        for pack in packs
        for each in sorted(pack.work.assessments, key=lambda each: each.as_of)
    ]
