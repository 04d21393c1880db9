"""Frozen numbers as a page may show them: the same hiding as on the dashboard where a meeting looks on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.rules.incident_events import HIDDEN_WITH
from reports.rules.indicators import EVENTS
from reports.rules.levels import HIGH, LOW, hide_levels, levels_of
from reports.rules.rates import exact, printed, thousands
from reports.rules.suppression import Cell, one_cell
from reports.terms import Unit
from reports.views.asked import Asked

Pair = Sequence[Any]  # numerator and denominator; a decimal as its digits
NO_DATA = "暂无数据"
HIDDEN = "隐藏"


@dataclass(frozen=True, slots=True)
class Shown:
    value: str
    fraction: str

    @property
    def words(self) -> str:
        return f"{self.value}（{self.fraction}）" if self.fraction else self.value


def below_of(wanted: Asked) -> int:
    """Below which number a sensitive count is hidden; 0 hides nothing."""
    return wanted.below if wanted.veiled else 0


def shown(definitions: Mapping[str, Any], numbers: Mapping[str, Pair], below: int = 0) -> dict[str, Shown]:
    """By code. What is hidden takes its rate with it."""
    hidden = _hidden(definitions, numbers, below) if below else {}
    return {code: _shown(Unit(definitions[code]["unit"]), pair, hidden.get(code, ())) for code, pair in numbers.items()}


def _shown(unit: Unit, pair: Pair, cells: Sequence[Cell]) -> Shown:
    numerator, denominator = pair[0], _number(pair[1])
    if numerator is None:
        return Shown(NO_DATA, "")
    labels = [cell.label for cell in cells] or [thousands(numerator), thousands(denominator)]
    if not unit.is_fraction:
        return Shown(labels[0], "")
    is_hidden = any(cell.is_hidden for cell in cells)
    value = "—" if is_hidden else printed(exact(numerator, denominator, unit), unit)
    return Shown(value, f"{labels[0]} / {labels[1]}")


def _hidden(definitions: Mapping[str, Any], numbers: Mapping[str, Pair], below: int) -> dict[str, list[Cell]]:
    counts = {code: numbers[code][0] for code in (*LOW, *HIGH)}
    levels = levels_of(counts, managed=numbers["managed"][0], registered=numbers["registered"][0])
    found = {code: [cell, cell] for code, cell in hide_levels(levels, below).cells.items() if code in numbers}
    for code, pair in numbers.items():
        if definitions[code]["sensitive"] and code not in found:
            found[code] = [one_cell(int(part or 0), below) for part in pair]
    if HIDDEN_WITH in found and found[HIDDEN_WITH][0].is_hidden:
        found |= {code: [Cell(None, HIDDEN), Cell(None, HIDDEN)] for code in EVENTS if code in numbers}
    return found


def _number(part: Any) -> Decimal | int | None:
    return Decimal(part) if isinstance(part, str) else part
