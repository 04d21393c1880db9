"""Reported values: which one counts on a day, and what waits for whom."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Division
from reports.models import ReportedValue
from reports.rules.pack import Pack
from reports.rules.plan_row import First, Value
from reports.terms import ReportedState


def values_on(pack: Pack, area: Division, day: date) -> dict[str, Value]:
    """By row of the plan: the newest confirmed value of a period that ended by then, else the newest one waiting."""
    rows = (
        ReportedValue.objects.filter(
            pack=pack.id,
            area=area,
            period_to__lte=day,
            state__in=(ReportedState.CONFIRMED, ReportedState.ENTERED),
        )
        .annotate(entered_on=TruncDate("entered_at"))
        .order_by("key", "period_to", "entered_at")
    )
    confirmed: dict[str, Value] = {}
    waiting: dict[str, Value] = {}
    first: dict[str, First] = {}
    for row in rows:
        is_confirmed = row.state == ReportedState.CONFIRMED
        if is_confirmed:
            first.setdefault(row.key, First(row.numerator, row.denominator, row.period_to))
        (confirmed if is_confirmed else waiting)[row.key] = _value(row, first.get(row.key))
    return waiting | confirmed


def _value(row: ReportedValue, first: First | None) -> Value:
    return Value(
        first=first,
        numerator=row.numerator,
        denominator=row.denominator,
        confirmed=row.state == ReportedState.CONFIRMED,
        entered_on=row.entered_on,  # type: ignore[attr-defined]
        period_to=row.period_to,
        remark=row.evidence,
    )


def entries(areas: Iterable[int]) -> QuerySet[ReportedValue]:
    """Everything entered in these areas, newest first."""
    rows = ReportedValue.objects.within(list(areas)).select_related("area", "agency", "entered_by", "decided_by")
    return rows.order_by("-entered_at", "-pk")
