"""Which band of the map a township falls into: by the plan's target where there is one, else by thirds of the spread.

Each band has a word and a pattern: the map never speaks by colour alone. Source: WCAG 2.2 1.4.1; practice notes E3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reports.rules.pace import NEAR_POINTS

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Band:
    key: str  # met, near, far; high, middle, low; none: the class of the shape and its pattern
    label: str


REACHED, NEAR, FAR = (
    Band("met", "达到目标"), Band("near", f"差 {NEAR_POINTS} 个百分点以内"), Band("far", f"差 {NEAR_POINTS} 个百分点以上"),
)  # fmt: skip
EMPTY = Band(NOBODY, "没有可算的患者")


def bands_of(values: Mapping[str, Decimal | None], target: Decimal | None) -> tuple[dict[str, Band], tuple[Band, ...]]:
    """Code → band, and the bands of the legend in order. Units: per cent."""
    if target is not None:
        legend: tuple[Band, ...] = (REACHED, NEAR, FAR)
        found = {code: _by_target(value, target) for code, value in values.items()}
    else:
        known = [value for value in values.values() if value is not None]
        low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(0))
        legend = _thirds(low, high)
        found = {code: _by_third(value, low, high, legend) for code, value in values.items()}
    return found, (*legend, *([EMPTY] if EMPTY in found.values() else []))


def _by_target(value: Decimal | None, target: Decimal) -> Band:
    if value is None:
        return EMPTY
    if value >= target:
        return REACHED
    return NEAR if target - value <= NEAR_POINTS else FAR


def _thirds(low: Decimal, high: Decimal) -> tuple[Band, ...]:
    step = (high - low) / 3
    one, two = low + step, low + 2 * step
    return (
        Band("met", f"{two:.1f}% 以上"),
        Band("near", f"{one:.1f}%—{two:.1f}%"),
        Band("far", f"{one:.1f}% 以下"),
    )


def _by_third(value: Decimal | None, low: Decimal, high: Decimal, legend: tuple[Band, ...]) -> Band:
    if value is None:
        return EMPTY
    step = (high - low) / 3
    if value >= low + 2 * step:
        return legend[0]
    return legend[1] if value >= low + step else legend[2]
