"""Objections as lines of 今日工作: somebody has written down that one is taken back, a second person confirms."""

from datetime import date

from django.urls import reverse

from accounts.models import User
from accounts.reach import standing
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from registry.queries.objections import closings_waiting

MOST = 50


def objection_lines(user: User, today: date) -> list[WorkItem]:
    """Source: security 3.7 (closing of an objection takes two people)."""
    if Permission.EDIT_PATIENT not in standing(user).permissions:
        return []
    rows = closings_waiting(user).select_related("patient__village", "closing_entered_by")[:MOST]
    return [
        WorkItem(
            topic=Topic.REVIEWS, verb="核对", href=reverse("exchange:objection_withdraw", args=[row.patient.uuid, row.uuid]),
            name=row.patient.name, place=row.patient.village.usual_name if row.patient.village else "",
            why=f"{_name(row.closing_entered_by)}登记了撤回异议，请核对", due_on=None, urgency=Urgency.TODAY,
            person=row.patient.uuid,
        )
        for row in rows
    ]  # fmt: skip


def _name(by: User | None) -> str:
    return by.display_name if by else ""
