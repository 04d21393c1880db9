"""The table under an indicator: its parts by place, village, diagnosis, level or quarter."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.terms import DivisionLevel
from registry.rules.staffing import staffing
from reports.queries.breakdown import Counted, Part, by_group, by_place, by_quarter, quarters_alone
from reports.queries.figures import Figures
from reports.rules.drawing import GapBar, gap_bars
from reports.rules.indicator import Indicator
from reports.rules.indicators import BY_TOWNSHIP, PREVALENCE, QUARTERLY_RISK, STAFF_RATIO
from reports.rules.pace import NEAR_POINTS
from reports.rules.plan_row import PlanRow
from reports.rules.rates import exact, missing, printed, thousands
from reports.rules.suppression import Cell, hide_small
from reports.terms import Breakdown, Unit
from reports.views.asked import Asked

LAST = Decimal(10**9)


@dataclass(frozen=True)
class PartLine:
    name: str
    href: str
    value: str
    fraction: str
    bar: GapBar | None
    missing: str


def breakdown(
    request: HttpRequest,
    found: Indicator,
    figures: Figures,
    townships: dict[str, Figures],
    wanted: Asked,
    row: PlanRow | None,
) -> dict[str, Any]:
    offered = _offered(found, wanted)
    if not offered:
        return {"by": ""}
    asked = request.GET.get("by", "")
    by = next((choice for choice in offered if choice == asked), offered[0])
    parts = _parts(found, figures, townships, wanted, by)
    if by in (Breakdown.PLACE, Breakdown.VILLAGE):
        parts = worst_first(found, parts)
    return {
        "by": by,
        "by_label": "县（市、区）" if by is Breakdown.PLACE and _is_above_county(wanted) else by.label,
        "choices": [
            {"label": choice.label, "href": wanted.query(by=choice.value) + "#parts", "current": choice is by}
            for choice in offered
        ],
        "parts": part_lines(found, parts, wanted, row),
        "alone": part_lines(found, quarters_alone(wanted.area, wanted.cut), wanted, None)
        if found is QUARTERLY_RISK
        else [],
    }


def _is_above_county(wanted: Asked) -> bool:
    return wanted.area.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY)


def _offered(found: Indicator, wanted: Asked) -> list[Breakdown]:
    """Where a meeting looks on, nothing is taken apart down to a village, a diagnosis or a level: those parts are small."""
    ways = _ways(found, wanted)
    return [way for way in ways if way in (Breakdown.PLACE, Breakdown.QUARTER)] if wanted.veiled else ways


def _ways(found: Indicator, wanted: Asked) -> list[Breakdown]:
    """A township is taken apart by villages, what lies above it by places; residents and posts are known by township only."""
    if wanted.area.level == DivisionLevel.VILLAGE:
        return [Breakdown.DIAGNOSIS, Breakdown.LEVEL] if found not in BY_TOWNSHIP else []
    first = [Breakdown.VILLAGE] if wanted.area.level == DivisionLevel.TOWNSHIP else [Breakdown.PLACE]
    if found in BY_TOWNSHIP:
        return [*([] if wanted.area.level == DivisionLevel.TOWNSHIP else first), Breakdown.QUARTER]
    return [*first, Breakdown.DIAGNOSIS, Breakdown.LEVEL, Breakdown.QUARTER]


def _parts(
    found: Indicator, figures: Figures, townships: dict[str, Figures], wanted: Asked, by: Breakdown
) -> list[Part]:
    if by is Breakdown.PLACE:
        return by_place(found, wanted.area, townships)
    if by is Breakdown.QUARTER:
        parts = by_quarter(found, townships, wanted.cut)
        people = figures.population.total
        return parts if found is not PREVALENCE else [replace(part, denominator=people) for part in parts]
    return by_group(found, wanted.area, wanted.cut, by)


def worst_first(found: Counted, parts: list[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (_worth(found, part), part.area))


def _worth(found: Counted, part: Part) -> Decimal:
    """What has to be looked at stands first; places without patients last."""
    value = exact(part.numerator, part.denominator, found.unit)
    if value is None:
        return LAST
    return value if found.is_good and not found.is_count else -value


def part_lines(found: Counted, parts: list[Part], wanted: Asked, row: PlanRow | None) -> list[PartLine]:
    """Small sensitive numbers are hidden in a meeting, and what would give them back."""
    below = wanted.below if wanted.veiled and found.sensitive else 0
    cells = hide_small({place: part.numerator for place, part in enumerate(parts)}, below).cells
    wholes = {place: int(part.denominator or 0) for place, part in enumerate(parts)}
    hidden = {place: cell.label for place, cell in hide_small(wholes, below).cells.items() if cell.is_hidden}
    bars: list[GapBar | None] = [None] * len(parts)
    if row and found.unit is Unit.PERCENT:
        bars = gap_bars([exact(p.numerator, p.denominator, found.unit) for p in parts], row.target.value, NEAR_POINTS)
    return [
        _line(found, part, cells[place], hidden.get(place, thousands(part.denominator)), bars[place], wanted, row)
        for place, part in enumerate(parts)
    ]


def _missing(found: Counted, part: Part, row: PlanRow) -> int | None:
    if found is STAFF_RATIO and not part.as_of:
        return staffing(
            [int((part.denominator or 0) * 100)], part.numerator, per_post=int(row.target.value)
        ).missing_posts
    if found in BY_TOWNSHIP:
        return None
    return missing(part.numerator, part.denominator, found.unit, row.target.operator, row.target.value)


def _line(
    found: Counted, part: Part, cell: Cell, whole: str, bar: GapBar | None, wanted: Asked, row: PlanRow | None
) -> PartLine:
    gap = _missing(found, part, row) if row else None
    value = exact(part.numerator, part.denominator, found.unit)
    here = {"area": part.area} if part.area else {"as_of": part.as_of} if part.as_of else {}
    return PartLine(
        name=part.name,
        href=reverse("reports:indicator", args=[found.code]) + wanted.query(**here) if here else "",
        value=cell.label if found.is_count else "—" if cell.is_hidden else printed(value, found.unit),
        fraction="" if found.is_count else f"{cell.label} / {whole}",
        bar=None if cell.is_hidden else bar,
        missing=f"{gap:,}" if gap else "",
    )
