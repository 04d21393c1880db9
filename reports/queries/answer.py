"""The figures in the shape that the command prints and the API answers. Source: docs/contract, `indicators`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reports.queries.figures import Figure, Figures
from reports.queries.plan_table import plan_rows
from reports.rules.care_indicators import BESIDE
from reports.rules.exchanges import EXCHANGES, PARTNERS
from reports.rules.incident_events import HIDDEN_WITH
from reports.rules.indicators import DEFINED, EVENTS, INDICATORS
from reports.rules.levels import HIGH, LOW, hide_levels, levels_of
from reports.rules.pack import Pack
from reports.rules.place_indicators import ALERT_TIMELY
from reports.rules.plan_row import PlanRow
from reports.rules.suppression import SMALL, Cell, hide_small, one_cell
from reports.terms import Unit


def answer(
    figures: Figures, townships: dict[str, Figures], pack: Pack | None = None, *, by_township: bool
) -> dict[str, Any]:
    """A rate is text with two decimals, null without a denominator or without data. The figures hold every code."""
    found: dict[str, Any] = {
        "area": figures.area.code,
        "as_of": figures.cut.as_of.isoformat(),
        "indicators": _all(figures),
        "townships": {code: _all(inside) for code, inside in townships.items() if by_township},
    }
    if pack is not None:
        found["plan"] = {
            "id": pack.id,
            "title": pack.title,
            "rows": [_row(row) for row in plan_rows(pack, figures, townships)],
        }
    return found


def _all(figures: Figures) -> dict[str, Any]:
    found = {code: _one(figures[code]) for code in DEFINED}
    for code, other in BESIDE.items():
        found[code]["of_registered"] = _one(figures.beside(other))
    median, worst = figures.hours or (None, None)
    if figures.exchanges is not None:
        found[EXCHANGES.code]["partners"] = {kind.value: figures.exchanges.count(kind) for kind in PARTNERS}
    found[ALERT_TIMELY.code] |= {"median_hours": _text(median), "worst_hours": _text(worst)}
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _one(figure: Figure) -> Any:
    if figure.unit is Unit.COUNT:
        return figure.numerator
    rate = figure.rate
    return {
        "numerator": figure.numerator,
        "denominator": _number(figure.denominator),
        "rate": _text(rate),
    }


def _number(value: int | Decimal | None) -> int | float | None:
    """Posts are counted in hundredths, which a JSON number says exactly."""
    return float(value) if isinstance(value, Decimal) and value % 1 else None if value is None else int(value)


def _row(row: PlanRow) -> dict[str, Any]:
    return {
        "number": row.row.number,
        "key": row.row.key,
        "code": row.row.code or None,
        "name": row.row.name,
        "value": None if row.known is None else row.value_text,
        "target": row.target_text,
        "target_year": row.target.year,
        "standing": row.standing.value,
        "standing_label": row.standing.label,
        "missing": row.missing,
    }


HIDDEN = "隐藏"


def veil(found: dict[str, Any]) -> dict[str, Any]:
    """Small sensitive numbers out, for whoever is outside the health roles: "<5" or 隐藏, and the rate null."""
    towns = found["townships"]
    codes = [code for code, indicator in INDICATORS.items() if indicator.sensitive]
    columns = [(code, part, _column(towns, code, part)) for code in codes for part in _parts(code)]
    for figures in (found["indicators"], *towns.values()):
        levels = hide_levels(_levels(figures), SMALL).cells
        for code in codes:
            for part in _parts(code):
                cell = levels.get(code) or one_cell(_count(figures[code], part))
                figures[code] = _veiled(figures[code], cell, part)
    for code, part, cells in columns:
        for town, cell in cells.items():
            towns[town][code] = _veiled(towns[town][code], cell, part)
    for figures in (found["indicators"], *towns.values()):
        if isinstance(figures[HIDDEN_WITH]["numerator"], str):
            figures.update(dict.fromkeys(EVENTS, HIDDEN))
    return found


def _parts(code: str) -> tuple[str, ...]:
    """Of a figure about some people only, the denominator says as much as the numerator."""
    return ("numerator", "denominator") if INDICATORS[code].within else ("numerator",)


def _column(towns: dict[str, Any], code: str, part: str) -> Mapping[str, Cell]:
    return hide_small({town: _count(figures[code], part) for town, figures in towns.items()}).cells


def _levels(figures: dict[str, Any]) -> dict[str, int]:
    counts = {code: _count(figures[code]) for code in (*LOW, *HIGH)}
    return levels_of(counts, managed=_count(figures["managed"]), registered=_count(figures["registered"]))


def _count(said: Any, part: str = "numerator") -> int:
    return int((said[part] if isinstance(said, dict) else said) or 0)


def _veiled(said: Any, cell: Cell, part: str) -> Any:
    """What is hidden already stays hidden."""
    if not cell.is_hidden:
        return said
    return {**said, part: cell.label, "rate": None} if isinstance(said, dict) else cell.label
