"""表1-9 on paper: the rows in its order, and the three copies."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from followup.forms.incident import EmergencyForm
from followup.queries.about import paper_head
from followup.rules.emergencies import EmergencyFacts
from followup.terms import (
    DiagnosisSure,
    EmergencyEffect,
    EmergencyMeasure,
    EmergencyReason,
    EmergencySubject,
    ReporterRole,
)
from registry.models import Clue, Patient

CODES: dict[str, Any] = {
    "reporter_role": ReporterRole, "reasons": EmergencyReason, "measures": EmergencyMeasure,
    "diagnosis_sure": DiagnosisSure, "effect": EmergencyEffect, "subject": EmergencySubject,
}  # fmt: skip
# What stays on the health side: the police never see diagnosis, symptoms or narrative.
CLINICAL = frozenset({"scene", "diagnosis_sure", "diagnosis", "effect"})
CLINICAL_REASONS = (EmergencyReason.RELAPSE, EmergencyReason.DRUG_REACTION)
LEFT_OUT = "（本联不填）"
COPIES = (
    ("第一联", "本级精防机构留存"),
    ("第二联", "随材料移交相关部门"),
    ("第三联", "处置小组（基层医疗卫生机构）留存"),
)


@dataclass(frozen=True)
class Sheet:
    number: str
    keeper: str
    who: list[tuple[str, str]]
    rows: list[tuple[str, str]]


def _said(name: str, facts: EmergencyFacts, *, outside: bool = False) -> str:
    value: Any = getattr(facts, name)
    if name == "reasons" and outside:
        value = tuple(code for code in value if code not in CLINICAL_REASONS)
    if name in CODES:
        codes = value if isinstance(value, tuple) else (value,)
        return "；".join(f"{code} {CODES[name](code).label}" for code in codes if code)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def paper_rows(facts: EmergencyFacts, *, leave_out: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """(label, words) of every field of the paper."""
    return [
        (
            str(EmergencyForm.base_fields[name].label).removesuffix("（可多选）"),
            LEFT_OUT if name in leave_out else _said(name, facts, outside=bool(leave_out)),
        )
        for _title, names in EmergencyForm.panels
        for name in names
    ]


def copies(facts: EmergencyFacts, subject: Patient | Clue) -> list[Sheet]:
    who = paper_head(subject, facts.started_at.date())
    return [
        Sheet(number, keeper, who, paper_rows(facts, leave_out=CLINICAL if number == "第二联" else frozenset()))
        for number, keeper in COPIES
    ]
