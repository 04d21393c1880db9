"""Reported values: which one counts on a day, and what waits for whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Division
from reports.models import EvidenceFile, ReportedValue
from reports.rules.pack import Pack
from reports.rules.plan_row import First, Value
from reports.rules.reporting import Entry, Todo, todo
from reports.terms import Kind, ReportedState


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
    """Everything entered in these areas, newest first; `has_file` tells of a file without reading it."""
    rows = ReportedValue.objects.within(list(areas)).select_related("area", "agency", "entered_by", "decided_by")
    has_file = Exists(EvidenceFile.objects.filter(value=OuterRef("pk")))
    return rows.annotate(has_file=has_file).order_by("-entered_at", "-pk")


def history(pack: Pack, key: str, area: Division) -> QuerySet[ReportedValue]:
    """Everything ever entered for one row, the newest period first and in it the newest entry."""
    return entries([area.pk]).filter(pack=pack.id, key=key).order_by("-period_to", "-entered_at", "-pk")


def todos_on(pack: Pack, area: Division, today: date, settings: Mapping[str, Any]) -> dict[str, Todo]:
    """By key of the row what its department has to do, or will have to. One query a plan."""
    rows = ReportedValue.objects.filter(pack=pack.id, area=area).order_by("entered_at", "pk")
    made: dict[str, list[Entry]] = defaultdict(list)
    for key, period_to, state, because in rows.values_list("key", "period_to", "state", "return_reason"):
        made[key].append(Entry(period_to, state, because))
    found = {
        row.key: todo(
            made[row.key], (pack.first_year, pack.last_year), today,
            due_days=settings["reported_due_days"], remind_days=settings["reported_remind_days"],
        )
        for row in pack.rows if row.kind is Kind.REPORTED
    }  # fmt: skip
    return {key: each for key, each in found.items() if each is not None}
