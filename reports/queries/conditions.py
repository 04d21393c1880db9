"""The conditions of an indicator as the database reads them, over the columns of a period (see periods.py)."""

from datetime import date

from reports.rules.conditions import AnyOf, Condition, Is, Not
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator
from reports.rules.months import closed_quarters, quarter_start

MONTHS = "(date_part('year', {0}) * 12 + date_part('month', {0}))"


def counted_sql(indicator: Indicator, cut: Cut) -> str:
    """The numerator."""
    return all_sql((*indicator.within, *(need.condition for need in indicator.needs)), cut)


def included_sql(indicator: Indicator, cut: Cut) -> str:
    """The denominator."""
    return all_sql(indicator.within, cut)


def all_sql(conditions: tuple[Condition, ...], cut: Cut) -> str:
    return " AND ".join(condition_sql(condition, cut) for condition in conditions) or "true"


def condition_sql(condition: Condition, cut: Cut) -> str:
    """Never unknown: NULL counts as not holding, as in Python."""
    if isinstance(condition, AnyOf):
        return "(" + " OR ".join(_comparison(part, cut) for part in condition.parts) + ")"
    if isinstance(condition, Not):
        return f"(NOT {_comparison(condition.part, cut)})"
    return _comparison(condition, cut)


def _comparison(part: Is, cut: Cut) -> str:
    if part.field == "months_since_last" and part.op == "<=":
        return f"(last_on IS NOT NULL AND last_on >= {literal(_months_back(cut.as_of, int(part.value)))})"
    if part.field == "months_before_first" and part.op == "<=":
        return (
            f"(first_on IS NOT NULL AND {_months_at_most('coalesce(prev_on, opened_on)', 'first_on', int(part.value))})"
        )
    if part.field == "quarters_missed" and part.op == "<=" and part.value == 0:
        return _no_quarter_missed(cut)
    return f"(({part.field} {part.op} {literal(part.value)}) IS TRUE)"


def _months_at_most(earlier: str, later: str, months: int) -> str:
    """Days decide nearly always, and cost a fraction of taking year and month apart: fewer than 30n − 1 days are never
    more than n months apart, more than 31n + 30 always are.
    """
    days = f"{later} - {earlier}"
    apart = f"{MONTHS.format(later)} - {MONTHS.format(earlier)}"
    return f"({days} < {30 * months - 1} OR ({days} <= {31 * months + 30} AND {apart} <= {months}))"


def _no_quarter_missed(cut: Cut) -> str:
    year = cut.as_of.year
    quarters = [
        f"(level_seen_q[{quarter}] IS TRUE OR opened_on >= {literal(quarter_start(year, quarter))})"
        for quarter in closed_quarters(cut.as_of)
    ]
    return "(" + " AND ".join(quarters) + ")" if quarters else "true"


def _months_back(day: date, months: int) -> date:
    """First day of the month that lies `months` before: on or after it, two dates are at most that far apart."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def literal(value: date | int | bool | str) -> str:
    """Values come from the definitions, never from a person; text is a diagnosis code of digits."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        if not value.isalnum():
            raise ValueError(value)
        return f"'{value}'"
    return str(value)
