"""目标进度与预警: every target on its straight line, and which township lacks how many people of which one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.doors import requires
from accounts.terms import DivisionLevel, Permission
from reports.queries.figures import Figures, figures_of
from reports.queries.packs import adopted_packs
from reports.queries.plan_table import all_rows
from reports.queries.shortfalls import TownShort, towns_short
from reports.rules.indicators import is_sensitive
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow
from reports.rules.rates import NONE, printed
from reports.terms import Kind, Operator, Standing
from reports.views.asked import Asked, asked

ORDER = (
    Standing.FAR, Standing.AT_RISK, Standing.ON_TRACK, Standing.MET, Standing.UNCONFIRMED, Standing.MISSING,
    Standing.NO_DATA, Standing.REPORT_ONLY,
)  # fmt: skip
LISTED_TARGETS = 6  # of one township


@require_GET
@requires(Permission.VIEW_INDICATORS)
def pace(request: HttpRequest) -> HttpResponse:
    """The plans that hold in the area, each with its targets and, above a township, the townships that fall short."""
    wanted = asked(request)
    packs = adopted_packs(wanted.area)
    figures, townships = figures_of(wanted.area, wanted.cut, frozenset().union(*(pack.codes for pack in packs)))
    context = {
        "asked": wanted,
        "plans": [_plan(pack, figures, townships, wanted) for pack in packs],
        "above": wanted.area.level not in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE),
    }
    return render(request, "reports/pace.html", context)


def _plan(pack: Pack, figures: Figures, townships: dict[str, Figures], wanted: Asked) -> dict[str, Any]:
    rows = [row for row in all_rows(pack, figures, townships) if row.target.operator is not Operator.REPORT]
    if figures.area.code != pack.area:  # reported values are the plan's own area's
        rows = [row for row in rows if row.row.kind is Kind.COMPUTED]
    rows.sort(key=lambda row: ORDER.index(row.standing))
    towns = towns_short(pack, townships, open_only=wanted.veiled)
    late = [town for town in towns if town.late]
    return {
        "pack": pack,
        "lines": [_line(row, wanted) for row in rows],
        "towns": [_town(town, wanted) for town in towns],
        "late": len(late),
        "whole": len(townships),
    }


def _line(row: PlanRow, wanted: Asked) -> dict[str, Any]:
    hidden = wanted.veiled and is_sensitive(row.row.code)
    return {
        "row": row,
        "href": reverse("reports:indicator", args=[row.row.code]) + wanted.query() if row.row.code else "",
        "value": NONE if hidden else row.value_text,
        "gap": "" if hidden else row.gap_text,
        "ahead": NONE if hidden else printed(row.projected, row.row.unit),
        "left": _left(row),
        "note": "" if hidden else row.note,
    }


def _left(row: PlanRow) -> str:
    """还有 13 个月; the year is over."""
    return f"还有 {row.months_left} 个月" if row.months_left else "已到期"


def _town(town: TownShort, wanted: Asked) -> dict[str, Any]:
    query = wanted.query(area=town.area.code)
    return {
        "name": town.area.name,
        "href": reverse("reports:pace") + query,
        "late": len(town.late),
        "targets": [_target(row, query) for row in town.rows[:LISTED_TARGETS]],
        "more": max(0, len(town.rows) - LISTED_TARGETS),
    }


def _target(row: PlanRow, query: str) -> dict[str, Any]:
    return {
        "name": row.row.name,
        "href": reverse("reports:indicator", args=[row.row.code]) + query,
        "value": row.value_text,
        "gap": row.gap_text,
        "standing": row.standing,
    }
