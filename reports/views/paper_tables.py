"""年度统计表 and 信息交换统计表: the tables as they stand, what does not come out, and the button that has them made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.carrying import sent
from accounts.doors import requires
from accounts.models import Division
from accounts.queries.places import counties_under
from accounts.refusals import Refused
from accounts.terms import Permission
from reports.doors import areas_of, open_area
from reports.forms import SpanForm
from reports.queries.annual import LAYOUT_NOTE as ANNUAL_NOTE
from reports.queries.annual import TITLE as ANNUAL_TITLE
from reports.queries.annual import annual_tables
from reports.queries.exchange_table import LAYOUT_NOTE as EXCHANGE_NOTE
from reports.queries.exchange_table import TITLE as EXCHANGE_TITLE
from reports.queries.exchange_table import exchange_tables
from reports.rules.indicators import LISTED
from reports.rules.paper_table import CellValue, Line, PaperTable, checks_made, cross_foot, printed_cell
from reports.rules.spans import Span, exchange_spans, last_ended, years_offered
from reports.services.span_reports import levels_for, request_span_report
from reports.terms import ReportKind
from reports.views.asked import person


@dataclass(frozen=True)
class Paper:
    kind: ReportKind
    title: str
    number: str
    url: str
    tables: Callable[[Division, Span, date], tuple[PaperTable, ...]]
    spans: Callable[[date], list[Span]]
    note: str


ANNUAL = Paper(
    ReportKind.ANNUAL, ANNUAL_TITLE, "表14", "reports:annual", annual_tables, years_offered, ANNUAL_NOTE
)  # fmt: skip
EXCHANGE = Paper(
    ReportKind.EXCHANGE, EXCHANGE_TITLE, "表9", "reports:exchange_table", exchange_tables, exchange_spans, EXCHANGE_NOTE
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Permission.MAKE_REPORT)
def annual(request: HttpRequest) -> HttpResponse:
    return _page(request, ANNUAL)


@require_http_methods(["GET", "POST"])
@requires(Permission.MAKE_REPORT)
def exchange_table(request: HttpRequest) -> HttpResponse:
    return _page(request, EXCHANGE)


def _page(request: HttpRequest, paper: Paper) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    area = open_area(user, Permission.MAKE_REPORT, request.GET.get("area", ""))
    spans = paper.spans(today)
    usual = last_ended(spans, today)
    said = sent(request)
    form = SpanForm({"span": request.GET.get("span", usual.name)} if said is None else said, spans=spans)
    if request.method == "POST" and form.is_valid():
        try:
            made = request_span_report(kind=paper.kind, area=area, span=form.chosen(usual), by=user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            return redirect("reports:report_one", uuid=made.uuid)
    span = form.chosen(usual)
    has_one = area.level in levels_for(paper.kind)
    tables = paper.tables(area, span, today) if has_one else ()
    context = {
        "paper": paper,
        "area": area,
        "elsewhere": area != areas_of(user, Permission.MAKE_REPORT)[0],
        "form": form,
        "span": span,
        "as_of": span.until(today),
        "running": span.is_running(today),
        "tables": [_shown(table, span.until(today), today) for table in tables],
        "findings": [said for table in tables for said in cross_foot(table)],
        "looked_words": f"核对了 {sum(checks_made(table) for table in tables)} 处。",
        "counties": [] if has_one else counties_under(area),
    }
    return render(request, "reports/paper_tables.html", context, status=400 if form.errors else 200)


def _shown(table: PaperTable, day: date, today: date) -> dict[str, Any]:
    """A count of people opens its list, of the place of its line; the total of the whole area."""
    whole = next((line.area for line in table.lines if line.area), "")
    return {
        "table": table,
        "lines": [_line(table, line, line.area, day, today) for line in table.lines],
        "total": _line(table, table.total, "", day, today, linked=bool(whole)) if table.total else None,
    }


def _line(table: PaperTable, line: Line, area: str, day: date, today: date, *, linked: bool = False) -> dict[str, Any]:
    query = f"?area={area}" if area else ""
    if day != today:
        query += f"{'&' if query else '?'}as_of={day.isoformat()}"
    cells = []
    for column in table.columns:
        value = line.cells.get(column.key)
        code = column.code if area or linked else ""
        cells.append({"head": column.head, "text": printed_cell(value), "href": _address(code, value, query)})
    return {"name": line.name, "cells": cells, "href": _definition(line, query)}


def _address(code: str, value: CellValue, query: str) -> str:
    """Where a list exists, and somebody stands in it."""
    if code not in LISTED or not isinstance(value, int) or not value:
        return ""
    return reverse("reports:people", args=[code]) + query + ("&" if query else "?") + "side=counted"


def _definition(line: Line, query: str) -> str:
    return reverse("reports:indicator", args=[line.code]) + query if line.code else ""
