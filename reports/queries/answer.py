"""The figures in the shape that the command prints and the API answers. Source: docs/contract, `indicators`."""

from typing import Any

from reports.queries.figures import Figure, Figures
from reports.queries.plan_table import plan_rows
from reports.rules.indicators import INDICATORS, WITHOUT_DATA
from reports.rules.levels import HIGH, LOW, hide_levels, levels_of
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow
from reports.rules.suppression import SMALL, Cell, hide_small, one_cell


def answer(figures: Figures, townships: dict[str, Figures], pack: Pack | None = None) -> dict[str, Any]:
    """`townships` {}: not asked for. A rate is text with two decimals, null without a denominator or without data."""
    found: dict[str, Any] = {
        "area": figures.area.code,
        "as_of": figures.cut.as_of.isoformat(),
        "indicators": _all(figures),
        "townships": {code: _all(inside) for code, inside in townships.items()},
    }
    if pack is not None:
        found["plan"] = {
            "id": pack.id,
            "title": pack.title,
            "rows": [_row(row) for row in plan_rows(pack, figures)],
        }
    return found


def _all(figures: Figures) -> dict[str, Any]:
    return {code: _one(figures[code]) for code in (*INDICATORS, *WITHOUT_DATA)}


def _one(figure: Figure) -> Any:
    if figure.code in INDICATORS and INDICATORS[figure.code].is_count:
        return figure.numerator
    rate = figure.rate
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rate": None if rate is None else str(rate),
    }


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


def veil(found: dict[str, Any]) -> dict[str, Any]:
    """Small sensitive numbers out, for whoever is outside the health roles: "<5" or 隐藏, and the rate null."""
    towns = found["townships"]
    codes = [code for code, indicator in INDICATORS.items() if indicator.sensitive]
    columns = {code: hide_small({town: _count(figures[code]) for town, figures in towns.items()}) for code in codes}
    for figures in (found["indicators"], *towns.values()):
        levels = hide_levels(_levels(figures), SMALL).cells
        for code in codes:
            figures[code] = _veiled(figures[code], levels.get(code) or one_cell(_count(figures[code])))
    for code, column in columns.items():
        for town, cell in column.cells.items():
            towns[town][code] = _veiled(towns[town][code], cell)
    return found


def _levels(figures: dict[str, Any]) -> dict[str, int]:
    counts = {code: _count(figures[code]) for code in (*LOW, *HIGH)}
    return levels_of(counts, managed=_count(figures["managed"]), registered=_count(figures["registered"]))


def _count(said: Any) -> int:
    return int((said["numerator"] if isinstance(said, dict) else said) or 0)


def _veiled(said: Any, cell: Cell) -> Any:
    """What is hidden already stays hidden."""
    if not cell.is_hidden:
        return said
    return {**said, "numerator": cell.label, "rate": None} if isinstance(said, dict) else cell.label
