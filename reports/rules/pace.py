"""Where a row of the plan stands on its straight line from the base year, or its first known value, to the target year."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reports.rules.months import is_month_end, months_apart, whole_months_between
from reports.rules.rates import meets
from reports.terms import Operator, Standing, Unit

NEAR_POINTS = Decimal(5)  # percentage points; for other units 5 % of the target
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """The plan's line for one row: base at the end of the base year, target at the end of the target year.

    Where the plan names no base, the first value known is it, from its own day on (`from_on`).
    """

    unit: Unit
    operator: Operator
    target: Decimal
    base: Decimal | None
    base_year: int
    target_year: int
    from_on: date | None = None

    @property
    def starts_on(self) -> date:
        return self.from_on or date(self.base_year, 12, 31)

    @property
    def months_total(self) -> int:
        return max(0, whole_months_between(self.starts_on, date(self.target_year, 12, 31)))

    def months_done(self, as_of: date) -> int:
        """Full months since the line begins, at most the plan's own."""
        return max(0, min(whole_months_between(self.starts_on, as_of), self.months_total))

    def months_left(self, as_of: date) -> int:
        """Full or begun months until the end of the target year; 0 once it is over."""
        return max(0, months_apart(as_of, date(self.target_year, 12, 31)) + (0 if is_month_end(as_of) else 1))

    def beginning(self, value: Decimal, on: date) -> "Line":
        """The same line from the first value known, where the plan has no base of its own."""
        if self.base is not None or on >= date(self.target_year, 12, 31):
            return self
        return replace(self, base=value, from_on=on)

    def is_over(self, as_of: date) -> bool:
        return as_of >= date(self.target_year, 12, 31)

    def due_share(self, as_of: date) -> Decimal:
        """今天应到: the share of the way that should lie behind, 0 to 1."""
        return Decimal(self.months_done(as_of)) / Decimal(self.months_total) if self.months_total else Decimal(1)

    def due_value(self, as_of: date) -> Decimal | None:
        """The value on the straight line for the day; None without a base."""
        if self.base is None:
            return None
        return self.base + (self.target - self.base) * self.due_share(as_of)

    def walked(self, value: Decimal | None) -> Decimal | None:
        """Share of the way from base (or from 0) to target that is behind; below 0 when it went backwards."""
        start = self.base or Decimal(0)
        if value is None or self.target == start:
            return None
        return (value - start) / (self.target - start)

    def projected(self, value: Decimal | None, as_of: date) -> Decimal | None:
        """按目前进度: base + (value − base) ÷ months done × months in all. None without a base or once it is over."""
        done = self.months_done(as_of)
        if value is None or self.base is None or not done or self.is_over(as_of):
            return None
        return self.base + (value - self.base) * self.months_total / done

    def distance(self, value: Decimal) -> Decimal:
        """How far from the target, in points for rates, in per cent of the target for everything else."""
        away = self.target - value if self.operator is not Operator.AT_MOST else value - self.target
        if self.unit is Unit.PERCENT or not self.target:
            return away
        return away * HUNDRED / self.target

    def standing(self, value: Decimal | None, as_of: date) -> Standing:
        """Source: 计划进度口径: met · on the line · within 5 points · farther."""
        if self.operator is Operator.REPORT:
            return Standing.REPORT_ONLY
        if value is None:
            return Standing.NO_DATA
        if meets(value, self.operator, self.target):
            return Standing.MET
        if meets(self.projected(value, as_of), self.operator, self.target):
            return Standing.ON_TRACK
        return Standing.AT_RISK if self.distance(value) <= NEAR_POINTS else Standing.FAR
