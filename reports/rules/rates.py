"""Rates from two integers, half up, never float; and the gap to a target in people or things."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from reports.terms import Operator, Unit

TWO_PLACES = Decimal("0.01")
FACTOR = {
    Unit.PERCENT: 100,
    Unit.PERMILLE: 1000,
    Unit.PER_THOUSAND: 1000,
    Unit.PER_HUNDRED_THOUSAND: 100_000,
}
NONE = "—"


def half_up(value: Decimal, places: Decimal = TWO_PLACES) -> Decimal:
    return value.quantize(places, ROUND_HALF_UP)


def exact(numerator: Decimal | int, denominator: Decimal | int | None, unit: Unit) -> Decimal | None:
    """The figure before rounding; None without a denominator. A count is its numerator, 1/N is turned over."""
    if not unit.is_fraction:
        return Decimal(numerator)
    if not denominator:
        return None
    if unit is Unit.ONE_TO:
        return Decimal(denominator) / Decimal(numerator) if numerator else None
    if unit is Unit.CHANGE:
        return (Decimal(numerator) / Decimal(denominator) - 1) * 100
    return Decimal(numerator) * FACTOR.get(unit, 1) / Decimal(denominator)


def rate(numerator: Decimal | int, denominator: Decimal | int | None, unit: Unit) -> Decimal | None:
    """Two decimals, half up; None for a denominator of 0. Source: 指标口径."""
    value = exact(numerator, denominator, unit)
    return None if value is None else half_up(value)


def meets(value: Decimal | None, operator: Operator, target: Decimal) -> bool:
    """Judged on the exact value: 94.996 prints 95.00 and still misses 95."""
    if value is None or operator is Operator.REPORT:
        return False
    if operator is Operator.AT_MOST:
        return value <= target
    return value > target if operator is Operator.MORE_THAN else value >= target


def missing(
    numerator: Decimal | int, denominator: Decimal | int | None, unit: Unit, operator: Operator, target: Decimal
) -> int | None:
    """How many more people or things reach the target at the present denominator; 0 where it is met.

    Units: whole people or things. None where more of the numerator is not what is wanted.
    """
    if operator in (Operator.AT_MOST, Operator.REPORT) or unit in (Unit.ONE_TO, Unit.CHANGE):
        return None
    if not unit.is_fraction:
        short = target - Decimal(numerator)
    elif denominator:
        short = target * Decimal(denominator) / FACTOR[unit] - Decimal(numerator)
    else:
        return None
    needed = int(short.to_integral_value(ROUND_CEILING))
    if operator is Operator.MORE_THAN and short == needed:
        needed += 1
    return max(0, needed)


def plain(value: Decimal) -> str:
    """Digits without an exponent and without needless zeros: 4.9, 100, 0.6."""
    text = f"{value.normalize():f}"
    return "0" if text == "-0" else text


def thousands(value: Decimal | int | None) -> str:
    """For the screen: 4,312; 57.5. Dates and rates stay as they are."""
    if value is None:
        return NONE
    return f"{value:,}" if isinstance(value, int) else f"{Decimal(plain(value)):,}"


def printed(value: Decimal | None, unit: Unit) -> str:
    """A figure with its sign: 93.27%, 5.06‰, 1/76, 0.55, 3."""
    if value is None:
        return NONE
    if unit in (Unit.PERCENT, Unit.PERMILLE):
        return f"{half_up(value)}{unit.value}"
    if unit is Unit.ONE_TO:
        return f"1/{plain(half_up(value, Decimal(1)))}"
    if unit is Unit.CHANGE:
        return f"{half_up(value):+}%"
    if unit is Unit.PATIENTS_PER_POST:
        return f"1/{plain(half_up(value))}"
    if unit is Unit.YES_NO:
        return "有" if value else "没有"
    if unit is Unit.COUNT:
        return thousands(value if value != value.to_integral_value() else int(value))
    return f"{half_up(value)}"


def printed_target(target: Decimal, unit: Unit, operator: Operator) -> str:
    """≥95%, 1/80, 4.9‰, ≥0.6, ≥+50%; "—" where a figure is only reported and no value was set."""
    if operator is Operator.REPORT and not target:
        return NONE
    if unit is Unit.CHANGE:
        return f"{operator.sign}{'+' if target > 0 else ''}{plain(target)}%"
    if unit is Unit.ONE_TO:
        return f"1/{plain(target)}"
    if unit is Unit.YES_NO:
        return "有"
    sign = unit.value if unit in (Unit.PERCENT, Unit.PERMILLE) else ""
    return f"{operator.sign}{plain(target)}{sign}"
