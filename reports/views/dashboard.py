"""总览: one page for the commission, the prefecture, the county office; for a township its own numbers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import can, requires
from accounts.terms import DivisionLevel, Permission
from reports.queries.dashboard import Dashboard, dashboard
from reports.queries.outlines import has_outline
from reports.queries.trend import chart
from reports.rules.indicators import STANDARD
from reports.rules.levels import NAMES
from reports.rules.rates import printed, thousands
from reports.rules.report_words import whole_of
from reports.terms import Unit
from reports.views import cards
from reports.views.asked import MEETING, Asked, asked
from reports.views.township_map import township_map

BELOW_COUNTY = (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)


@require_GET
@requires(Permission.VIEW_INDICATORS)
def board(request: HttpRequest) -> HttpResponse:
    """Six headline numbers, the plan's rows, alerts and overdue follow-up, the trend, the levels, the townships."""
    wanted = asked(request)
    found = dashboard(
        wanted.area, wanted.cut, now=timezone.now(), hours=wanted.hours, veiled=wanted.veiled, below=wanted.below
    )
    return render(request, "reports/dashboard.html", _page(request, wanted, found))


def _page(request: HttpRequest, wanted: Asked, found: Dashboard) -> dict[str, object]:
    def may(permission: Permission) -> bool:
        return can(request.user, permission)  # type: ignore[arg-type]

    now = timezone.localtime()
    return {
        "asked": wanted,
        "heading": "本月进度" if wanted.area.level in BELOW_COUNTY else f"{whole_of(wanted.area.name)}总览",
        "place": wanted.area.name,
        "pack": found.pack,
        "now": now,
        "headlines": cards.headlines(found, wanted),
        "lines": cards.indicator_lines(found.rows, wanted, may),
        "in_text": found.in_text,
        "verdict": cards.verdict(found.rows),
        "base_year": found.pack.base_year if found.pack else None,
        "days_left": _days_left(found, wanted),
        "axis": found.rows[0] if found.rows else None,
        "alerts": cards.alert_lines(found.unsigned.oldest, wanted, now),
        "unsigned": found.unsigned,
        "late": cards.late_lines(found, wanted),
        "overdue_total": found.cell(found.care.overdue_total).label,
        "levels": cards.level_lines(found),
        "level_bars": cards.level_bars(found),
        "levels_note": found.levels.explain(NAMES, found.below) if found.veiled else "",
        "registered": thousands(found.figures.count("registered")),
        "trend": found.trend,
        "trend_title": cards.trend_title(found),
        "trend_words": _trend_words(found),
        "chart": chart(found.trend, found.main) if found.trend else None,
        "can_report": may(Permission.MAKE_REPORT) and found.pack is not None,
        "can_enter": may(Permission.REPORT_VALUE),
        "here": wanted.query(),
        **_map(request, wanted, found),
        "may_draw": may(Permission.KEEP_OUTLINE) and wanted.area.level == DivisionLevel.COUNTY,
        **_places(request, wanted, found),
    }


def _map(request: HttpRequest, wanted: Asked, found: Dashboard) -> dict[str, object]:
    """Drawn when it is asked for: whoever scrolls down to its place, or follows the link there, asks."""
    if "map" in request.GET:
        return {"map": township_map(found, wanted, request.GET["map"])}
    is_there = wanted.area.level == DivisionLevel.COUNTY and has_outline(wanted.area)
    return {"map_at": reverse("reports:dashboard") + wanted.query(map=STANDARD.code) if is_there else ""}


def _places(request: HttpRequest, wanted: Asked, found: Dashboard) -> dict[str, object]:
    sort = request.GET.get("sort", "rate")
    sort, turned = (sort if sort in cards.SORTS else "rate"), request.GET.get("turn") == "1"
    rows = cards.sorted_places(found, sort, turned=turned)
    shown = rows if request.GET.get("all") == "1" else rows[: cards.SHOWN_PLACES]
    return {
        "places": cards.place_lines(shown, found, wanted),
        "places_total": _total(wanted, found),
        "places_count": len(rows),
        "places_rest": len(rows) - len(shown),
        "places_below": sum(1 for row in rows if row.missing),
        "places_sum": sum(row.missing or 0 for row in rows),
        "places_sentence": cards.places_sentence(found.places, found.main, whole_of(wanted.area.name)),
        "places_kind": "县（市、区）"
        if wanted.area.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY)
        else "乡镇（街道）",
        "main": found.main,
        "goal": found.main.goal_text if found.main else "",
        "heads": _heads(wanted, sort, turned=turned),
        "all_href": reverse("reports:dashboard") + wanted.query(all=1, sort=sort) + "#places",
    }


def _heads(wanted: Asked, sort: str, *, turned: bool) -> dict[str, dict[str, object]]:
    """Column heads that sort: the sorted one turns round on the next click."""
    heads: dict[str, dict[str, object]] = {}
    for key, (label, _) in cards.SORTS.items():
        current = key == sort
        href = reverse("reports:dashboard") + wanted.query(sort=key, turn=1 if current and not turned else None)
        heads[key] = {"label": label, "href": href + "#places", "current": current, "turned": turned}
    return heads


def _total(wanted: Asked, found: Dashboard) -> dict[str, object]:
    figures = found.figures
    standard, regular = figures["standard_managed"], figures["regular_medication"]
    return {
        "rate": printed(standard.rate, Unit.PERCENT),
        "fraction": f"{thousands(standard.numerator)} / {thousands(standard.denominator)}",
        "missing": found.main.missing if found.main else None,
        "regular": printed(regular.rate, Unit.PERCENT),
        "overdue": found.cell(found.care.overdue_total),
        "high": found.levels.total,
    }


def _days_left(found: Dashboard, wanted: Asked) -> str:
    if not found.rows:
        return ""
    year = max(row.target.year for row in found.rows)
    end = wanted.cut.as_of.replace(year=year, month=12, day=31)
    left = (end - wanted.cut.as_of).days
    return f"离 {year} 年底还有 {left} 天" if left >= 0 else f"计划到 {year} 年底，已到期"


def _trend_words(found: Dashboard) -> str:
    """The chart in one sentence, for who cannot see it."""
    if found.trend is None:
        return ""
    point = found.trend.points[-1]
    words = f"规范管理率到 {point.end:%Y-%m-%d} 为 {point.value_text}"
    if point.planned is not None:
        words += f"，目标路径 {point.planned_text}"
    if found.main:
        words += f"，{found.main.target.year} 年目标 {found.main.goal_text}"
    return words + "。"


@require_POST
@requires(Permission.VIEW_INDICATORS)
def mode(request: HttpRequest) -> HttpResponse:
    """会议展示 on or off, for this session only."""
    request.session[MEETING] = request.POST.get("mode") == "meeting"
    return redirect(reverse("reports:dashboard"))
