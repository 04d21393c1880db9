"""The page of 部门信息交换次数: each partner with its count, each closed period with its day, and why another is open."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.doors import can
from accounts.terms import AgencyKind, DivisionLevel, Permission
from exchange.rules.periods import period
from reports.queries.figures import figures_of
from reports.queries.packs import adopted_packs
from reports.queries.plan_table import NO_EXCHANGES, plan_rows
from reports.rules.exchanges import EXCHANGES, PARTNERS, QUARTERLY, Exchanged, PeriodLine, wanted_of
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow
from reports.rules.rates import thousands
from reports.views.asked import asked, person


@dataclass(frozen=True)
class Partner:
    name: str
    count: int
    wanted: str
    is_met: bool
    lines: tuple[dict[str, Any], ...]


def exchanges_page(request: HttpRequest) -> HttpResponse:
    wanted, code = asked(request), EXCHANGES.code
    packs = adopted_packs(wanted.area)
    figures, townships = figures_of(wanted.area, wanted.cut, {code}.union(*(pack.codes for pack in packs)))
    rows = [(pack, row) for pack in packs for row in plan_rows(pack, figures, townships) if row.row.code == code]
    figure, found = figures[code], figures.exchanges
    partners = [_partner(kind, found, rows) for kind in PARTNERS] if found else []
    context = {
        "asked": wanted,
        "indicator": EXCHANGES,
        "rows": rows,
        "row": rows[0] if rows else None,
        "value": thousands(figure.numerator),
        "denominator": thousands(figure.denominator),
        "usual": found.words() if found else "",
        "partners": [partner for partner in partners if partner.lines],
        "without": [partner for partner in partners if not partner.lines],
        "why_none": "" if found else NO_EXCHANGES,
        "opens": can(person(request), Permission.VIEW_EXCHANGE) and wanted.area.level == DivisionLevel.COUNTY,
    }
    return render(request, "reports/exchanges.html", context)


def _partner(kind: AgencyKind, found: Exchanged, rows: list[tuple[Pack, PlanRow]]) -> Partner:
    """Held against the first plan that names it, else against the definition."""
    count = found.count(kind)
    lines = tuple(_line(line) for line in reversed(found.of(kind)))
    for pack, row in rows:
        if kind in (row.row.partners or QUARTERLY):
            is_met = count >= row.target.value
            return Partner(kind.label, count, f"{pack.short_title}：{row.target_text} 次", is_met, lines)
    return Partner(kind.label, count, f"每年 {wanted_of(kind)} 次", count >= wanted_of(kind), lines)


def _line(line: PeriodLine) -> dict[str, Any]:
    return {
        "period": period(line.period).label,
        "agencies": "、".join(line.agencies),
        "closed_on": line.closed_on,
        "why": line.why,
        "tone": "good" if line.counts else "",
        "icon": "check" if line.counts else "pause",
    }
