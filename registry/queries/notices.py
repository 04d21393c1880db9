"""What an office has been told: the list, newest first, and its lines of 今日工作."""

from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.doors import can, where
from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.terms import Permission
from registry.models import Notice

if TYPE_CHECKING:
    from accounts.models import User

AT_MOST = 30  # unread ones that 今日工作 lists by themselves; the page has them all


def notices_for(user: "User") -> QuerySet[Notice]:
    """Told to the user's townships, to the user's own agency, or to the county office itself."""
    reach = where(user, Permission.READ_NOTICE)
    found = Q(to_agency=user.agency_id)
    if reach.townships:
        found |= Q(to_township__in=reach.townships, to_agency=None)
    if reach.counties:
        found |= Q(to_county__in=reach.counties, to_township=None, to_agency=None)
    rows = Notice.objects.filter(found).select_related("to_township", "to_agency", "told_by__agency", "read_by")
    return rows.order_by("-told_at", "-pk")


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """Unread notices, each with a button to the page of notices. One statement."""
    if not can(user, Permission.READ_NOTICE):
        return []
    page = reverse("registry:notices")
    return [
        WorkItem(
            topic=Topic.RECEIVED, verb="查看告知", href=f"{page}#n-{row.uuid}", name=row.get_kind_display(),
            place=row.to_township.name if row.to_township else "", why=cast("str", row.words), due_on=row.due_on,
            urgency=urgency_of(row.due_on, today=today) if row.due_on else Urgency.TODAY, person=row.person,
        )
        for row in notices_for(user).filter(read_at=None)[:AT_MOST]
    ]  # fmt: skip


def persons_of(rows: list[Notice]) -> list[UUID]:
    """Persons whom the notices name, reached or not: their words are shown either way."""
    return [row.person for row in rows if row.person]
