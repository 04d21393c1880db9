"""The tables beside the overview's charts as XLSX: the same lines, hidden in the same places as on the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.doors import requires
from accounts.refusals import NotHere
from accounts.terms import Permission
from reports.queries.dashboard import Dashboard, dashboard
from reports.rules.levels import NAMES
from reports.rules.rates import NONE, printed
from reports.rules.report_words import day_words
from reports.services.sheets import sheet_of
from reports.terms import Unit
from reports.views import cards
from reports.views.asked import Asked, asked, person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    title: str
    heads: tuple[str, ...]
    lines: list[list[str]]
    note: str = ""


@require_GET
@requires(Permission.VIEW_INDICATORS)
def sheet(request: HttpRequest, table: str) -> HttpResponse:
    wanted = asked(request)
    found = dashboard(
        wanted.area, wanted.cut, now=timezone.now(), hours=wanted.hours, veiled=wanted.veiled, below=wanted.below
    )
    made = TABLES[table](found, wanted) if table in TABLES else None
    if made is None:
        raise NotHere
    title = f"{wanted.area.name}{made.title}"
    cut = f"数据截至{day_words(wanted.cut.as_of)}（含当日）"
    content = sheet_of(title, cut, made.heads, made.lines, [made.note])
    audit.record("reports.sheet.downloaded", wanted.area, by=person(request), facts={"table": table, "cut": cut})
    response = HttpResponse(content, content_type=XLSX)
    name = f"{table}-{wanted.area.code}-{wanted.cut.as_of:%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _trend(found: Dashboard, wanted: Asked) -> Sheet | None:
    if found.trend is None:
        return None
    lines = [
        [
            point.label,
            str(point.numerator),
            str(point.denominator),
            _plain(point.value_text),
            _plain(point.planned_text),
        ]
        for point in found.trend.points
    ]
    return Sheet("规范管理率按季度", ("截止", "分子", "分母", "规范管理率（%）", "目标路径（%）"), lines)


def _levels(found: Dashboard, wanted: Asked) -> Sheet | None:
    lines = [[line.name, line.cell.label.replace(",", ""), _plain(line.share)] for line in cards.level_lines(found)]
    note = found.levels.explain(NAMES, found.below) if found.veiled else ""
    return Sheet("危险性等级分布（最近一次评估）", ("等级", "人数", "占在册（%）"), lines, note)


def _places(found: Dashboard, wanted: Asked) -> Sheet | None:
    if not found.places:
        return None
    rows = cards.sorted_places(found, "name", turned=False)
    lines = [
        [
            line.name, *line.fraction.replace(",", "").split(" / "), _plain(line.rate), line.missing.replace(",", "") or NONE,
            _plain(line.regular), line.overdue.label.replace(",", ""), line.high.label.replace(",", ""),
        ]
        for line in cards.place_lines(rows, found, wanted)
    ]  # fmt: skip
    standard = found.figures["standard_managed"]
    total = ["合计", str(standard.numerator), str(standard.denominator), _plain(printed(standard.rate, Unit.PERCENT))]
    total += [
        str(found.main.missing) if found.main and found.main.missing else NONE,
        _plain(printed(found.figures["regular_medication"].rate, Unit.PERCENT)),
        found.cell(found.care.overdue_total).label.replace(",", ""),
        found.levels.total.label.replace(",", ""),
    ]
    heads = ("地区", "规范管理人数", "在册", "规范管理率（%）", "还差", "规律服药率（%）", "逾期随访", "3级及以上")
    note = "“还差”是各地自己达到目标要补的人数，合计按总数算。逾期随访是下载时的数。"
    return Sheet("各地主要指标", heads, [*lines, total], note)


def _plain(text: str) -> str:
    return text.rstrip("%")


TABLES: dict[str, Callable[[Dashboard, Asked], Any]] = {"trend": _trend, "levels": _levels, "places": _places}
