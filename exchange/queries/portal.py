"""What waits for the psychiatrist and for the privacy officer, and what an office has asked."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.doors import where
from accounts.models import User
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import EmergencyRequest, MyEmergency, PortalStop
from exchange.queries.templates import counties_of
from exchange.terms import EmergencyState


def emergencies_for(user: User) -> QuerySet[EmergencyRequest]:
    """The county's questions, what waits first. Numbers and scenes are deferred: a list shows none."""
    counties = where(user, Permission.ANSWER_EMERGENCY).counties
    rows = EmergencyRequest.objects.filter(county__in=counties).select_related("agency", "asked_by", "answered_by")
    return rows.order_by("-state", "-asked_at")


def emergency_for(user: User, uuid: UUID) -> EmergencyRequest | None:
    return emergencies_for(user).filter(uuid=uuid).first()


def my_emergencies(offices: Iterable[int], limit: int = 20) -> list[MyEmergency]:
    return list(MyEmergency.objects.filter(agency_id__in=list(offices)).order_by("-asked_at", "-id")[:limit])


def stops_for(user: User, today: date) -> QuerySet[PortalStop]:
    rows = PortalStop.objects.filter(county__in=counties_of(user, Permission.WATCH_PORTAL, today))
    return rows.select_related("user", "agency", "lifted_by", "county").order_by("-lifted_at", "-stopped_at")


def emergency_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of a psychiatrist: somebody waits at a scene, who has waited longest first."""
    waiting = emergencies_for(user).filter(state=EmergencyState.WAITING).order_by("asked_at")
    rows = waiting.defer("id_number", "scene", "phone")
    return [
        WorkItem(
            topic=Topic.DANGER, verb="答复", href=reverse("exchange:emergency", args=[row.uuid]), name="现场紧急查询",
            place=row.agency.name, why=f"{_here(row.asked_at):%H:%M} 提出，请立即用电话答复", due_on=today,
            urgency=Urgency.NOW,
        )
        for row in rows[:50]
    ]  # fmt: skip


def _here(at: datetime) -> datetime:
    return at.astimezone(timezone.get_current_timezone())


def stop_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of the privacy officer: whom the limit has stopped."""
    rows = stops_for(user, today).filter(lifted_at=None)
    return [
        WorkItem(
            topic=Topic.REVIEWS, verb="核查", href=reverse("exchange:stops"), name=row.user.display_name,
            place=row.agency.name, why=f"一小时内要打开 {row.people} 人，已停止打开新的人", due_on=today, urgency=Urgency.TODAY,
        )
        for row in rows[:50]
    ]  # fmt: skip
