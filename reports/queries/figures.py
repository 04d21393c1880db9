"""The computed figures of an area on a day, by township and as their sum."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from accounts.models import Division
from accounts.terms import DivisionLevel
from reports.queries.counts import (
    ByTownship,
    Counts,
    counted_for,
    counts_in,
    every_township,
    figures_scope,
    none_counted,
    sum_of,
)  # fmt: skip
from reports.queries.exchanges import exchanged_with
from reports.queries.incident_events import event_counts
from reports.queries.kept import counts_on
from reports.queries.meetings import joint_meetings
from reports.queries.periods import place_of
from reports.queries.placed import delays_on, placed_counts, placed_lines
from reports.queries.population import Population, population_of
from reports.queries.posts import Posts, posts_on
from reports.rules.cut import Cut
from reports.rules.exchanges import EXCHANGES, WANTED_QUARTERLY, Exchanged
from reports.rules.incident_events import INCIDENT_EVENTS
from reports.rules.indicator import Indicator
from reports.rules.indicators import EVENTS, INDICATORS, PREVALENCE, REGISTERED, STAFF_RATIO, WITHOUT_DATA
from reports.rules.joint_meetings import JOINT_MEETINGS, WANTED_A_YEAR
from reports.rules.place_indicators import ALERT_TIMELY, PLACED, hours_of
from reports.rules.rates import exact, rate
from reports.terms import Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """Two numbers and what they mean. `numerator` None: 暂无数据."""

    code: str
    numerator: int | None
    denominator: int | Decimal | None
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
    posts: Posts | None = None  # looked up only where it is asked for
    delays: tuple[timedelta, ...] = ()  # of the alerts, until both sides had them; likewise
    meetings: int | None = None  # of the area itself, county or above; likewise
    exchanges: Exchanged | None = None  # of a county itself; likewise

    def __getitem__(self, code: str) -> Figure:
        if code in WITHOUT_DATA:
            return Figure(code, None, None, Unit.PERCENT)
        if code == JOINT_MEETINGS.code:
            return Figure(code, self.meetings, WANTED_A_YEAR, JOINT_MEETINGS.unit)
        if code == EXCHANGES.code:
            least = None if self.exchanges is None else self.exchanges.least()
            return Figure(code, least, WANTED_QUARTERLY, EXCHANGES.unit)
        if code == PREVALENCE.code:
            return Figure(code, self.count(REGISTERED.code), self.population.total, PREVALENCE.unit)
        if code == STAFF_RATIO.code:
            return Figure(code, self.count(REGISTERED.code), self.posts_held.total, STAFF_RATIO.unit)
        numerator, denominator = self.counts[code]
        unit = (PLACED.get(code) or EVENTS.get(code) or INDICATORS[code]).unit
        return Figure(code, numerator, denominator if unit.is_fraction else None, unit)

    @property
    def hours(self) -> tuple[Decimal, Decimal] | None:
        """Median and worst of the alerts' delays."""
        return hours_of(self.delays)

    @property
    def posts_held(self) -> Posts:
        """Raises: KeyError when nobody asked for them."""
        if self.posts is None:
            raise KeyError(STAFF_RATIO.code)
        return self.posts

    def beside(self, other: Indicator) -> Figure:
        """A second reading that is printed beside another figure."""
        return Figure(other.code, *self.counts[other.code], other.unit)

    def count(self, code: str) -> int:
        return self.counts[code][0]


def figures_of(
    area: Division, cut: Cut, codes: Iterable[str] = (), *, counted: ByTownship | None = None
) -> tuple[Figures, dict[str, Figures]]:
    """The area's figures and, by code, those of every township in it, also of those without patients.

    `codes`: what is wanted beside the kept counts (see care_indicators); all others are always there.
    `counted`: the people's counts by township, where they are known already (a freeze counts its own list).
    """
    asked = frozenset(codes)
    if area.level == DivisionLevel.VILLAGE:
        return _of_village(area, cut, asked), {}
    townships = list(every_township(area))
    keys = [township.pk for township in townships]
    if counted is None:
        found = counts_on(area, keys, cut, counted_for(asked))
    else:
        found = {key: counted.get(key) or none_counted(counted_for(asked)) for key in keys}
    placed = placed_lines(asked, area, keys, cut.as_of)
    more, delays = placed_counts(placed, keys), delays_on(placed.get(ALERT_TIMELY.code, ()))
    events = _events(area, cut, asked, keys)
    counts = {key: {**found[key], **more[key], **events[key]} for key in keys}
    shown = [township for township in townships if township.valid_to is None or found[township.pk]["registered"][0]]
    people = population_of([township.pk for township in shown], cut.as_of.year)
    posts = posts_on([township.pk for township in shown], cut.as_of) if STAFF_RATIO.code in asked else None
    inside = {
        township.code: Figures(
            township,
            cut,
            counts[township.pk],
            people.only(township),
            posts and posts.only(township),
            tuple(delays.get(township.pk, ())),
        )
        for township in shown
    }
    every = tuple(chain.from_iterable(delays.values()))
    met = JOINT_MEETINGS.code in asked and area.level != DivisionLevel.TOWNSHIP
    meetings = joint_meetings(area, cut.as_of) if met else None
    asks_for_exchanges = EXCHANGES.code in asked and area.level == DivisionLevel.COUNTY
    exchanges = exchanged_with(area, cut.as_of) if asks_for_exchanges else None
    return Figures(area, cut, sum_of(counts.values()), people, posts, every, meetings, exchanges), inside


def _events(area: Division, cut: Cut, asked: frozenset[str], keys: Iterable[int]) -> dict[int, Counts]:
    """By township, where they are asked for. A past day is counted with the widest reach, as people are."""
    if INCIDENT_EVENTS.code not in asked:
        return {key: {} for key in keys}
    with figures_scope(cut):
        found = event_counts(place_of(area), cut)
    return {key: {INCIDENT_EVENTS.code: (found.get(key, 0), 0)} for key in keys}


def _of_village(village: Division, cut: Cut, asked: frozenset[str]) -> Figures:
    """Residents, posts and teams are counted by township only."""
    wanted = counted_for(asked)
    with figures_scope(cut):
        found = counts_in(place_of(village), cut, wanted)
    placed: Counts = dict.fromkeys(PLACED.keys() & asked, (0, 0))
    events = _events(village, cut, asked, [village.parent_id or 0]).values()
    total = sum_of([none_counted(wanted), placed, *events, *found.values()])
    return Figures(village, cut, total, population_of([village.pk], cut.as_of.year), Posts())
