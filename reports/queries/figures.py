"""The computed figures of an area on a day, by township and as their sum."""

from dataclasses import dataclass, field
from decimal import Decimal

from accounts.models import Division
from accounts.terms import DivisionLevel
from reports.queries.counts import Counts, counts_in, every_township, figures_scope, sum_of
from reports.queries.kept import counts_on
from reports.queries.periods import place_of
from reports.queries.population import Population, population_of
from reports.rules.cut import Cut
from reports.rules.indicators import INDICATORS, PREVALENCE, REGISTERED, WITHOUT_DATA
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
    counts: Counts  # code → numerator, denominator
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


def figures_of(area: Division, cut: Cut) -> tuple[Figures, dict[str, Figures]]:
    """The area's figures and, by code, those of every township in it, also of those without patients."""
    if area.level == DivisionLevel.VILLAGE:
        with figures_scope(cut):
            total = sum_of(counts_in(place_of(area), cut).values())
        return Figures(area, cut, total, population_of([area.pk], cut.as_of.year)), {}
    townships = list(every_township(area))
    found = counts_on(area, [township.pk for township in townships], cut)
    shown = [township for township in townships if township.valid_to is None or found[township.pk]["registered"][0]]
    people = population_of([township.pk for township in shown], cut.as_of.year)
    inside = {township.code: Figures(township, cut, found[township.pk], people.only(township)) for township in shown}
    return Figures(area, cut, sum_of(found.values()), people), inside
