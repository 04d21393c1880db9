"""Drafts: one's own with their content, a colleague's only by name and time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from followup.models import Draft
from registry.models import Patient


@dataclass(frozen=True)
class Unfinished:
    """A line of 未完成的草稿."""

    uuid: UUID  # the patient's
    name: str
    saved_at: datetime


def own_draft(patient: Patient, user: User, now: datetime) -> Draft | None:
    """The caller has passed the door to the patient."""
    return Draft.objects.filter(patient=patient, kept_by=user, expires_at__gt=now).first()


def begun_by_others(patient: Patient, user: User, now: datetime) -> list[tuple[str, datetime]]:
    """Which colleagues are at the same form, and since when. What they wrote is not read."""
    others = Draft.objects.filter(patient=patient, expires_at__gt=now).exclude(kept_by=user)
    return list(others.order_by("started_at").values_list("kept_by__display_name", "started_at"))


def unfinished(user: User, now: datetime) -> list[Unfinished]:
    """One's own drafts of patients still in reach, the newest first."""
    mine = Draft.objects.visible_to(user).filter(kept_by=user, expires_at__gt=now).order_by("-saved_at")
    return [Unfinished(*row) for row in mine.values_list("patient__uuid", "patient__name", "saved_at")]
