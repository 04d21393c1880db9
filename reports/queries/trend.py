"""One indicator over the quarters: the area's line beside the plan's, and a small line for each township."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reports.queries.counts import ByTownship, Counts
from reports.queries.figures import Figures
from reports.queries.kept import Quarter, counts_on_days
from reports.rules.cut import Cut
from reports.rules.indicators import INDICATORS
from reports.rules.months import last_quarter_end, quarter_ends_between, quarter_of, quarter_words
from reports.rules.plan_row import PlanRow
from reports.rules.rates import exact, half_up, printed, thousands
from reports.terms import Unit

SPARKED = 12  # quarters of a township's line
LOOK_BACK_YEARS = 3
ALWAYS = ("registered", "managed", "risk_3", "risk_4", "risk_5")


@dataclass(frozen=True, slots=True)
class Point:
    end: date
    label: str
    numerator: int
    denominator: int
    value: Decimal | None
    planned: Decimal | None

    @property
    def fraction_text(self) -> str:
        return f"{thousands(self.numerator)} / {thousands(self.denominator)}"

    @property
    def value_text(self) -> str:
        return printed(self.value, Unit.PERCENT)

    @property
    def planned_text(self) -> str:
        return printed(self.planned, Unit.PERCENT)


@dataclass(frozen=True, slots=True)
class Trend:
    """The quarters of one rate. `before` are the counts of the last closed quarter, for 比上季度."""

    code: str
    points: tuple[Point, ...]
    before: Counts
    by_township: dict[int, tuple[Decimal | None, ...]]


def trend_of(figures: Figures, townships: dict[str, Figures], code: str, row: PlanRow | None) -> Trend:
    """From the plan's base year (or three years back) to the cut-off day. Reads kept counts, not people's rows."""
    day, unit = figures.cut.as_of, INDICATORS[code].unit
    first = date(row.line.base_year if row else day.year - LOOK_BACK_YEARS, 12, 31)
    ends = [end for end in quarter_ends_between(first, day) if end < day]
    keys = [inside.area.pk for inside in townships.values()]
    cuts = [Cut(end, figures.cut.today) for end in ends]
    counts = counts_on_days(keys, cuts, dict.fromkeys((code, *ALWAYS)))
    ends = _with_records(ends, counts)
    points = [_point(end, _sum(counts[end.year, quarter_of(end)], code), unit, row) for end in ends]
    now = figures.counts[code]
    points.append(_point(day, now, unit, row))
    lines = {}
    for inside in townships.values():
        key = inside.area.pk
        past = [counts[end.year, quarter_of(end)][key][code] for end in ends[1 - SPARKED :]]
        lines[key] = tuple(exact(n, d, unit) for n, d in (*past, inside.counts[code]))
    before = last_quarter_end(ends[-1]) if ends else None
    latest = counts[before.year, quarter_of(before)] if before else {}
    return Trend(code, tuple(points), {name: _sum(latest, name) for name in ALWAYS}, lines)


def _with_records(ends: list[date], counts: dict[Quarter, ByTownship]) -> list[date]:
    """Quarters before the first follow-up record this system holds say nothing about the care given then."""
    for place, end in enumerate(ends):
        if _sum(counts[end.year, quarter_of(end)], "managed")[0]:
            return ends[place:]
    return []


def _sum(by_township: ByTownship, code: str) -> tuple[int, int]:
    pairs = [counts[code] for counts in by_township.values()]
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)


def _point(end: date, counts: tuple[int, int], unit: Any, row: PlanRow | None) -> Point:
    planned = row.line.due_value(end) if row else None
    label = quarter_words(end) if end == last_quarter_end(end) else f"{end:%Y-%m-%d}"
    return Point(end, label, *counts, exact(*counts, unit), planned)


def chart(trend: Trend, row: PlanRow | None) -> dict[str, Any]:
    """What the chart draws, as plain numbers with two decimals; the table beside it has the same digits."""
    data: dict[str, Any] = {
        "name": INDICATORS[trend.code].name,
        "points": [
            {
                "label": _axis(point.end),
                "title": point.label,
                "value": _float(point.value),
                "planned": _float(point.planned),
            }
            for point in trend.points
        ],
    }
    if row and (target := row.target):
        is_ahead = trend.points[-1].end < date(target.year, 12, 31)  # past it, the line stands among the points already
        data["target"] = {"label": f"{target.year} 年底", "value": _float(target.value), "is_ahead": is_ahead}
        data["projected"] = _float(row.projected)
        data["base"] = {"label": f"{row.line.base_year} 年底", "value": _float(row.row.base)}
    return data


def _axis(end: date) -> str:
    return f"{end.year}-{end.month:02d}"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(half_up(value))
