"""复核: whose level waits for the psychiatrist, as lines of 今日工作."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from accounts.doors import where
from accounts.models import User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import CountyRules
from accounts.rules.calendar import WorkCalendar, add_working_days, working_days_between
from accounts.rules.day_words import long_day
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission
from exchange.queries.receipts import alerts_within
from exchange.terms import CaseStatus

WAITING = (CaseStatus.PRELIMINARY, CaseStatus.UNDER_REVIEW)


def review_lines(user: User, today: date) -> list[WorkItem]:
    """One line per patient whose case is 待确认 or 复核中, for who may confirm. Source: decisions B21."""
    reach = where(user, Permission.CONFIRM_RISK)
    rows = list(
        alerts_within(reach)
        .filter(status__in=WAITING, fell_on=None)
        .values("patient__uuid", "patient__name", "patient__village__name", "duty_county")
        .annotate(since=Min("opened_at"), level=Max("level"))
        .order_by("since")
    )
    if not rows:
        return []
    calendar = work_calendar()
    rules = CountyRules(today)
    return [_line(row, int(rules[row["duty_county"]]["psychiatrist_confirms_days"]), calendar, today) for row in rows]


def _line(row: Mapping[str, Any], days: int, calendar: WorkCalendar, today: date) -> WorkItem:
    since = row["since"].astimezone(timezone.get_current_timezone()).date()
    due = add_working_days(since, days, calendar)
    left = working_days_between(today, due, calendar)
    clock = f"还剩 {left} 个工作日，" if due > today else ""
    return WorkItem(
        topic=Topic.REVIEWS,
        verb="复核",
        href=reverse("exchange:review", args=[row["patient__uuid"]]),
        name=str(row["patient__name"]),
        place=usual_name(str(row["patient__village__name"] or "")),
        why=f"{row['level']} 级，{long_day(since)} 通报，{clock}{long_day(due)} 前复核",
        due_on=due,
        urgency=urgency_of(due, today=today),
        person=row["patient__uuid"],
    )
