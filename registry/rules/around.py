"""Threads of people beside a patient or in a team: who holds a place on a day, and which places stand empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from registry.terms import HELPERS, CompanionRole


class Held(Protocol):
    """A row of a thread: it holds until the next of its slot begins; `ended` closes it."""

    @property
    def slot(self) -> Any: ...
    @property
    def starts_on(self) -> Any: ...
    @property
    def ended(self) -> Any: ...


H = TypeVar("H", bound=Held)
GUARDIAN, ASSISTANT = "监护人", "协助监护人"  # in a sentence


def in_force(rows: Iterable[H], on: date) -> list[H]:
    """One row a slot: the newest that has begun by `on`, unless it ends the thread. Source: decisions A5. Units: days."""
    newest: dict[Any, H] = {}
    for row in rows:
        if row.starts_on > on:
            continue
        known = newest.get(row.slot)
        if known is None or row.starts_on > known.starts_on:
            newest[row.slot] = row
    return [row for row in newest.values() if not row.ended]


@dataclass(frozen=True)
class Drawn:
    """Somebody who draws the guardian's allowance, from a day on; `until` is the first day without."""

    name: str
    role: str
    since: date
    until: date | None = None

    @property
    def way_out(self) -> str:
        if self.role == GUARDIAN:
            return f"要换人的，先重填监护人{self.name}，不勾选“由此人领取”。"
        return f"要换人的，先登记{self.name}不再担任。"


def drawn_by(rows: Iterable[Any], role: str) -> list[Drawn]:
    """The periods of one thread's rows in which its person draws the allowance. Units: days."""
    ordered = sorted(rows, key=lambda row: row.starts_on)
    ends = [*(row.starts_on for row in ordered[1:]), None]
    return [
        Drawn(str(row.name), role, row.starts_on, until)
        for row, until in zip(ordered, ends, strict=True)
        if row.payee and not row.ended
    ]


def second_payee(others: Iterable[Drawn], since: date, until: date | None) -> str:
    """Why nobody else can draw the allowance in these days; empty when nobody does.

    Source: 本系统; practice notes B (audits look for double payees): one allowance a patient, drawn by one. Units: days.
    """
    for one in others:
        if (until is None or one.since < until) and (one.until is None or one.until > since):
            return f"监护补助已由{one.role}{one.name}领取（自 {one.since} 起）。一位患者只登记一位领取人。{one.way_out}"
    return ""


def helper_gaps(roles: Iterable[str]) -> tuple[CompanionRole, ...]:
    """Which of the five named helpers are missing. Source: 滕州 三(五), 邹城 二(五) (every patient has named helpers)."""
    there = set(roles)
    return tuple(role for role in HELPERS if role not in there)


def assistants_wanted(level: int | None, assistants: int, *, from_level: int, wanted: int) -> int:
    """How many 协助监护人 are still missing for a patient of that level. Source: 邹城 二(七): at least two."""
    if level is None or level < from_level:
        return 0
    return max(0, wanted - assistants)
