"""The draft of a visit form (草稿): which page may write it, and how long it lives. Source: design of the visit form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

SPACE = UUID("6f1d1a8e-7c0b-4a55-9f0a-2d5f2b0f3c11")  # of the names below; never changes


@dataclass(frozen=True)
class Page:
    """A page with a form on it. `version`: of the draft it started from, 0 for none."""

    form_id: UUID
    tab: UUID
    version: int


@dataclass(frozen=True)
class Held:
    """The draft as it is kept."""

    form_id: UUID
    tab: UUID
    version: int
    expires_at: datetime


def may_write(held: Held | None, page: Page, now: datetime) -> bool:
    """True when nothing newer would be lost: no draft, one that has run out, one's own, or the one it started from.

    Source: design of the visit form (two windows). Units: aware moments; at `expires_at` itself it has run out.
    """
    if held is None or now >= held.expires_at:
        return True
    if held.form_id != page.form_id:
        return False
    return held.tab == page.tab or held.version == page.version


def expiry(now: datetime, *, keeps_days: int) -> datetime:
    """When a draft that was written now runs out. Units: days of the county's setting 草稿保留."""
    return now + timedelta(days=keeps_days)


def seal_of(user: UUID, patient: UUID, form_id: UUID) -> UUID:
    """The uuid a draft is sealed under: it opens for this person, this patient and this form only (decisions A10)."""
    return uuid5(SPACE, f"{user}|{patient}|{form_id}")
