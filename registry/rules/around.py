"""Threads of people beside a patient or in a team: who holds a place on a day, and which places stand empty."""

from collections.abc import Iterable
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


def helper_gaps(roles: Iterable[str]) -> tuple[CompanionRole, ...]:
    """Which of the five named helpers are missing. Source: 滕州 三(五), 邹城 二(五) (every patient has named helpers)."""
    there = set(roles)
    return tuple(role for role in HELPERS if role not in there)


def assistants_wanted(level: int | None, assistants: int, *, from_level: int, wanted: int) -> int:
    """How many 协助监护人 are still missing for a patient of that level. Source: 邹城 二(七): at least two."""
    if level is None or level < from_level:
        return 0
    return max(0, wanted - assistants)
