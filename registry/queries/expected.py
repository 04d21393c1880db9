"""外出、羁押 and the like that were expected to be over by now: whoever keeps the file looks whether they are."""

from datetime import date
from typing import TYPE_CHECKING, cast

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from accounts.doors import where
from accounts.reach import Reach, reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission
from registry.models import Patient, PatientStatus, TemporaryFile
from registry.terms import AwayState, CareStatus

if TYPE_CHECKING:
    from accounts.models import User

AT_MOST = 50


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """今日工作 of the township: from the expected day on, as long as the status stands and nobody says a later day.

    Source: 规范2018 §4 (解除、返回后尽快随访). Units: calendar days.
    """
    towns = where(user, Permission.EDIT_PATIENT).townships
    if not towns:
        return []
    newest = PatientStatus.objects.filter(patient=OuterRef("pk")).order_by("-starts_on")
    away = TemporaryFile.objects.filter(patient=OuterRef("pk")).exclude(state=AwayState.ENDED)
    rows = (
        Patient.objects.filter(reach_filter(Reach(townships=towns), patient=""), closed_on=None)
        .exclude(status=CareStatus.MANAGED)
        .annotate(until=Subquery(newest.values("expected_until")[:1]), back=Subquery(away.values("expected_until")[:1]))
        .filter(Q(until__lte=today) | Q(status=CareStatus.AWAY, until=None, back__lte=today))
    )
    return [_line(row, today) for row in rows.select_related("village").order_by("pk")[:AT_MOST]]


def _line(row: Patient, today: date) -> WorkItem:
    on = cast("date", row.until or row.back)  # type: ignore[attr-defined]
    status = CareStatus(row.status).label
    return WorkItem(
        topic=Topic.FILES, verb="更改状态", href=reverse("registry:patient_status", args=[row.uuid]), name=row.name,
        place=row.village.usual_name if row.village else "",
        why=f"“{status}”预计 {long_day(on, today)}结束，请核实：已经结束的更改状态并尽快随访，没有结束的改预计结束日期",
        due_on=on, urgency=urgency_of(on, today=today, danger=(row.last_level or 0) >= 3), person=row.uuid,
    )  # fmt: skip
