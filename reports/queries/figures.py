"""The computed figures of an area on a day: one statement, grouped by township, summed upwards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from accounts.models import Division
from accounts.queries.places import townships_under
from accounts.scope import system_scope
from reports.queries.conditions import counted_sql, included_sql
from reports.queries.periods import period_sql, place_of
from reports.queries.population import Population, population_of
from reports.rules.cut import Cut
from reports.rules.indicators import COUNTED, INDICATORS, PREVALENCE, REGISTERED, WITHOUT_DATA
from reports.rules.rates import exact, rate
from reports.terms import Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """Two integers and what they mean. `numerator` None: 暂无数据."""

    code: str
    numerator: int | None
    denominator: int | None
    unit: Unit

    @property
    def rate(self) -> Decimal | None:
        """Two decimals, half up; None without data or with a denominator of 0."""
        return None if self.numerator is None else rate(self.numerator, self.denominator, self.unit)

    @property
    def exact(self) -> Decimal | None:
        return None if self.numerator is None else exact(self.numerator, self.denominator, self.unit)


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one area on one day."""

    area: Division
    cut: Cut
    counts: Mapping[str, tuple[int, int]]  # code → numerator, denominator
    population: Population = field(default_factory=Population)

    def __getitem__(self, code: str) -> Figure:
        if code in WITHOUT_DATA:
            return Figure(code, None, None, Unit.PERCENT)
        if code == PREVALENCE.code:
            return Figure(code, self.counts[REGISTERED.code][0], self.population.total, Unit.PERMILLE)
        numerator, denominator = self.counts[code]
        unit = INDICATORS[code].unit
        return Figure(code, numerator, denominator if unit.is_fraction else None, unit)

    def count(self, code: str) -> int:
        return self.counts[code][0]


Counts = dict[str, tuple[int, int]]


def none_counted() -> Counts:
    return {indicator.code: (0, 0) for indicator in COUNTED}


def add(left: Mapping[str, tuple[int, int]], right: Mapping[str, tuple[int, int]]) -> Counts:
    return {code: (left[code][0] + right[code][0], left[code][1] + right[code][1]) for code in left}


def counts_sql(place_sql: str, cut: Cut, group: str) -> str:
    """Counts per group. The denominator of most is the count of the group; it is asked once."""
    columns = ["count(*)"]
    for indicator in COUNTED:
        columns.append(f"count(*) FILTER (WHERE {counted_sql(indicator, cut)})")
        if indicator.within:
            columns.append(f"count(*) FILTER (WHERE {included_sql(indicator, cut)})")
    return f"SELECT {group}, {', '.join(columns)} FROM ({place_sql}) period GROUP BY 1"  # noqa: S608


def read_counts(row: tuple[int, ...]) -> Counts:
    """One row of counts_sql without its group."""
    values = iter(row)
    everyone = next(values)
    counts: Counts = {}
    for indicator in COUNTED:
        numerator = next(values)
        counts[indicator.code] = (numerator, next(values) if indicator.within else everyone)
    return counts


def counts_by(area: Division, cut: Cut, group: str = "township") -> dict[int, Counts]:
    """Counts by a column of the period. Reads with the reach that is open: see figures_scope."""
    with connection.cursor() as cursor:
        cursor.execute(counts_sql(period_sql(place_of(area), cut), cut, group))
        return {row[0]: read_counts(row[1:]) for row in cursor.fetchall()}


@contextmanager
def figures_scope(cut: Cut) -> Iterator[None]:
    """On a past day people were counted where they lived then, also those who have since moved out of the reader's
    reach. Only counts leave this block; lists are read with the reader's own reach.
    """
    if cut.is_past:
        with system_scope():
            yield
    else:
        yield


def figures_of(area: Division, cut: Cut) -> tuple[Figures, dict[str, Figures]]:
    """The area's figures and, by code, those of every township in it, also of those without patients."""
    with figures_scope(cut):
        found = counts_by(area, cut)
    townships = list(townships_under(area))
    people = population_of([township.pk for township in townships or [area]], cut.as_of.year)
    inside = {
        township.code: Figures(township, cut, found.get(township.pk, none_counted()), people.only(township))
        for township in townships
    }
    total = none_counted()
    for counts in found.values():
        total = add(total, counts)
    return Figures(area, cut, total, people), inside
