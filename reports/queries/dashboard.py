"""One area's dashboard as data: a handful of statements, whatever the number of people, visits or years."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.models import Division
from accounts.queries.places import counties_under
from accounts.terms import DivisionLevel
from reports.queries.counts import sum_of
from reports.queries.figures import Figures, figures_of
from reports.queries.live import Care, Unsigned, care_of, unsigned_alerts
from reports.queries.packs import adopted_packs
from reports.queries.periods import place_of
from reports.queries.plan_table import all_rows
from reports.queries.population import Population
from reports.queries.posts import Posts
from reports.queries.trend import Trend, trend_of
from reports.rules.cut import Cut
from reports.rules.indicators import STANDARD
from reports.rules.levels import HIGH, LOW, hide_levels, levels_of
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow
from reports.rules.rates import missing
from reports.rules.suppression import Cell, Hidden, Key, hide_small, one_cell, open_cell
from reports.terms import Kind


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A township (of a county) or a county (of a city) with its main figures."""

    figures: Figures
    missing: int | None
    overdue: int
    high: int
    line: tuple[Decimal | None, ...]

    @property
    def area(self) -> Division:
        return self.figures.area


@dataclass(frozen=True, slots=True)
class Dashboard:
    figures: Figures
    pack: Pack | None
    rows: tuple[PlanRow, ...]
    in_text: tuple[PlanRow, ...]  # targets that the plan states outside its table
    main: PlanRow | None  # the plan's row of the rate that the township table is about
    places: tuple[PlaceRow, ...]
    care: Care
    unsigned: Unsigned
    trend: Trend | None
    veiled: bool
    below: int

    @property
    def high(self) -> int:
        return sum(self.figures.count(code) for code in HIGH)

    @property
    def levels(self) -> Hidden[str]:
        """The last assessments; `total` is that of level 3 and above."""
        return level_cells(self.figures, self.below if self.veiled else 0)

    def hide(self, counts: Mapping[Key, int]) -> Hidden[Key]:
        return hide_small(counts, self.below if self.veiled else 0)

    def cell(self, count: int) -> Cell:
        return one_cell(count, self.below) if self.veiled else open_cell(count)


def level_cells(figures: Figures, below: int) -> Hidden[str]:
    counts = {code: figures.count(code) for code in (*LOW, *HIGH)}
    managed, registered = figures.count("managed"), figures.count("registered")
    return hide_levels(levels_of(counts, managed=managed, registered=registered), below)


def dashboard(area: Division, cut: Cut, *, now: datetime, hours: int, veiled: bool, below: int) -> Dashboard:
    """Reads with the reader's reach; counts of a past day open the wider one for themselves."""
    place = place_of(area)
    pack = next(iter(adopted_packs(area)), None)
    figures, townships = figures_of(area, cut, pack.codes if pack else ())
    rows, in_text = _rows(pack, figures, townships)
    main = next((row for row in rows if row.row.code == STANDARD.code), None)
    care = care_of(place, cut.today)
    trend = trend_of(figures, townships, STANDARD.code, main) if townships else None
    return Dashboard(
        figures=figures,
        pack=pack,
        rows=rows,
        in_text=in_text,
        main=main,
        places=tuple(_places(area, figures, townships, care, trend, main)),
        care=care,
        unsigned=unsigned_alerts(place, now=now, hours=hours),
        trend=trend,
        veiled=veiled,
        below=below,
    )


def _rows(
    pack: Pack | None, figures: Figures, townships: dict[str, Figures]
) -> tuple[tuple[PlanRow, ...], tuple[PlanRow, ...]]:
    """The whole plan for its own area; below it the computed rows of the table, which each township has too."""
    if pack is None:
        return (), ()
    every = all_rows(pack, figures, townships)
    table = tuple(row for row in every if row.row.number is not None)
    if figures.area.code != pack.area:
        return tuple(row for row in table if row.row.kind is Kind.COMPUTED), ()
    return table, tuple(row for row in every if row.row.number is None)


def _places(
    area: Division,
    figures: Figures,
    townships: dict[str, Figures],
    care: Care,
    trend: Trend | None,
    main: PlanRow | None,
) -> Iterable[PlaceRow]:
    if area.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY):
        for county in counties_under(area):
            inside = [found for code, found in townships.items() if code.startswith(county.code)]
            yield _place(together(county, figures.cut, inside), [found.area.pk for found in inside], care, (), main)
    elif area.level == DivisionLevel.COUNTY:
        for found in townships.values():
            line = trend.by_township.get(found.area.pk, ()) if trend else ()
            yield _place(found, [found.area.pk], care, line, main)


def together(area: Division, cut: Cut, inside: Iterable[Figures]) -> Figures:
    """The figures of an area as the sum of its parts."""
    parts = list(inside)
    people = Population(
        {key: count for part in parts for key, count in part.population.people.items()},
        {key: year for part in parts for key, year in part.population.years.items()},
        tuple(key for part in parts for key in part.population.missing),
        cut.as_of.year,
    )
    posts = Posts({key: held for part in parts if part.posts for key, held in part.posts.percent.items()})
    return Figures(area, cut, sum_of(part.counts for part in parts), people, posts)


def _place(
    figures: Figures, townships: list[int], care: Care, line: tuple[Decimal | None, ...], main: PlanRow | None
) -> PlaceRow:
    numerator, denominator = figures.counts[STANDARD.code]
    gap = missing(numerator, denominator, STANDARD.unit, main.target.operator, main.target.value) if main else None
    return PlaceRow(
        figures=figures,
        missing=gap,
        overdue=sum(care.in_township(key) for key in townships),
        high=sum(figures.count(code) for code in HIGH),
        line=line,
    )
