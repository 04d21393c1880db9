"""Temporary files as both sides see them, and who has been away for a month without one."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.doors import can, where
from accounts.models import Agency, Division
from accounts.queries.policy import CountyRules
from accounts.reach import reach_filter
from accounts.rules.policy_keys import POLICY_KEYS
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import DivisionLevel, Permission
from registry.models import Patient, PatientStatus, TemporaryFile
from registry.terms import AwayState, CareStatus

if TYPE_CHECKING:
    from accounts.models import User

AT_MOST = 30


def files_for(user: "User") -> QuerySet[TemporaryFile]:
    """Those that the user's townships opened for others or hold for others; a county sees all of its own. Open first."""
    reach = where(user, Permission.MOVE_PATIENT)
    found = Q(from_township__in=reach.townships) | Q(to_township__in=reach.townships)
    found |= Q(from_county__in=reach.counties) | Q(to_county__in=reach.counties)
    rows = TemporaryFile.objects.filter(found).select_related("from_township", "to_township", "taken_by")
    return rows.order_by("ended_on", "-opened_on", "-pk")


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """Temporary files to open here, and people of ours who have been away too long without one."""
    if not can(user, Permission.MOVE_PATIENT):
        return []
    reach = where(user, Permission.MOVE_PATIENT)
    rows = files_for(user).filter(state=AwayState.OPEN, to_township__in=reach.townships)[:AT_MOST]
    rules = CountyRules(today)
    asked = [_asked(row, rules[row.to_county_id or 0]["away_take_days"], today) for row in rows]
    return [*asked, *(_missing(row, today) for row in long_away(user, today))]


def _asked(row: TemporaryFile, days: int, today: date) -> WorkItem:
    told = cast("dict[str, Any]", row.told)
    due_on = row.opened_on + timedelta(days=days)
    return WorkItem(
        topic=Topic.RECEIVED, verb="建临时档案", href=reverse("registry:temporary_file", args=[row.uuid]),
        name=told["name"], place=row.from_township.name, due_on=due_on,
        why=f"{row.from_township}的患者 {row.away_from} 起住在您这里。",
        urgency=urgency_of(due_on, today=today, danger=(told["level"] or 0) >= 3),
        person=row.person,
    )  # fmt: skip


def long_away(user: "User", today: date) -> list[Patient]:
    """Patients of the user's townships with the status 外出 for longer than the county allows, without a file."""
    reach = where(user, Permission.MOVE_PATIENT)
    if not reach.townships:
        return []
    began = PatientStatus.objects.filter(patient=OuterRef("pk")).order_by("-starts_on").values("starts_on")[:1]
    running = TemporaryFile.objects.filter(patient=OuterRef("pk")).exclude(state=AwayState.ENDED)
    rows = Patient.objects.filter(reach_filter(reach, patient=""), status=CareStatus.AWAY)
    rows = rows.annotate(away_from=Subquery(began)).filter(~Exists(running)).order_by("away_from")
    soonest = POLICY_KEYS["away_file_days"].low  # no county allows less; each county's own number is asked below
    found = list(rows.filter(away_from__lt=today - timedelta(days=soonest))[:AT_MOST])
    rules = CountyRules(today)
    return [row for row in found if (today - _began(row)).days > rules[row.duty_county]["away_file_days"]]


def _began(row: Patient) -> date:
    return cast("date", row.away_from)  # type: ignore[attr-defined]


def _missing(row: Patient, today: date) -> WorkItem:
    days = (today - _began(row)).days
    return WorkItem(
        topic=Topic.FILES, verb="登记去向", href=reverse("registry:patient_away", args=[row.uuid]), name=row.name,
        place="", why=f"外出已 {days} 天，还没有告知流入地建立临时档案。", due_on=None,
        urgency=urgency_of(today, today=today, danger=(row.last_level or 0) >= 3), person=row.uuid,
    )  # fmt: skip


def household_township(patient: Patient) -> int | None:
    """The township of the household registration, where this system has an office in it."""
    place: Division | None = patient.household_division
    while place is not None and place.level == DivisionLevel.VILLAGE:
        place = place.parent
    if place is None or place.level != DivisionLevel.TOWNSHIP:
        return None
    return place.pk if Agency.objects.filter(division=place.pk).exists() else None
