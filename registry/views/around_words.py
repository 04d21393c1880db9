"""身边的人 in words: templates get these, never the models."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from registry.models import Companion, Guardian, GuardianTraining
from registry.queries.around import Around
from registry.rules.masking import mask_phone
from registry.terms import HELPERS, CompanionRole


@dataclass(frozen=True)
class Someone:
    role: str
    name: str  # "" is a gap
    about: str
    phone: str  # masked
    since: str
    payee: bool = False


@dataclass(frozen=True)
class AroundPage:
    guardian: Someone | None
    assistants: list[Someone]
    assistants_missing: int
    helpers: list[Someone]  # all five, gaps included
    gaps: str
    state: str
    state_note: str
    psychiatrist: str
    social: list[tuple[str, str, str]]  # item, what holds, source and date
    trainings: list[tuple[str, str, str]]
    before: list[Someone]


def _phone(row: Any) -> str:
    return mask_phone(None if row.phone is None else str(row.phone))


def _guardian(row: Guardian) -> Someone:
    about = "，".join(part for part in (row.get_relation_display(), row.duty) if part)
    return Someone("监护人", row.name, about, _phone(row), row.starts_on.isoformat(), row.payee)


def _companion(row: Companion) -> Someone:
    about = "，".join(part for part in (row.get_relation_display(), row.duty) if part)
    name = "不再担任" if row.ended else str(row.name)
    return Someone(row.get_role_display(), name, about, _phone(row), row.starts_on.isoformat(), row.payee)


def around_page(
    found: Around, ever: Iterable[Guardian | Companion], trainings: Iterable[GuardianTraining]
) -> AroundPage:
    """`ever`: whoever stood there once; the present ones among them are left out."""
    present = [*found.assistants, *found.helpers.values()]
    state = found.guardianship
    return AroundPage(
        guardian=_guardian(found.guardian) if found.guardian else None,
        assistants=[_companion(row) for row in found.assistants],
        assistants_missing=found.assistants_missing,
        helpers=[_helper(found, role) for role in HELPERS],
        gaps="、".join(role.label for role in found.gaps),
        state=f"{state.get_state_display()}，自 {state.starts_on} 起" if state else "",
        state_note=state.note if state else "",
        psychiatrist=_psychiatrist(found),
        social=_social(found),
        trainings=[
            (row.starts_on.isoformat(), f"{row.topic}，{row.hours} 学时", str(row.attended)) for row in trainings
        ],
        before=[_someone(row) for row in ever if row not in present],
    )


def _someone(row: Guardian | Companion) -> Someone:
    return _guardian(row) if isinstance(row, Guardian) else _companion(row)


def _helper(found: Around, role: CompanionRole) -> Someone:
    row = found.helpers.get(role)
    return _companion(row) if row else Someone(role.label, "", "", "", "")


def _psychiatrist(found: Around) -> str:
    who = found.psychiatrist
    return f"{who.display_name}（{who.agency.name}）" if who else ""


def _social(found: Around) -> list[tuple[str, str, str]]:
    lines = [] if found.poor is None else [("经济状况", "贫困" if found.poor else "非贫困", "")]
    for row in found.social:
        grade = f"，{'一二三四'[row.grade - 1]}级" if row.grade else ""
        words = f"{'有' if row.holds else '没有'}{grade}" + (f"（{row.note}）" if row.note else "")
        lines.append((row.get_kind_display(), words, f"{row.get_source_display()}，{row.starts_on}"))
    return lines


def companion_choices(found: Around) -> list[tuple[str, str]]:
    people = [*found.assistants, *found.helpers.values()]
    return [(row.slot, f"{row.get_role_display()} {row.name!s}") for row in people]
