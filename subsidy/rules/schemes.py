"""A scheme: who gets what, how much, how often and when not. One frozen object per place, its rules in dated versions.

Nothing here is true by itself: every county files its own TOML (`subsidy/presets/`). Source: practice.md A1; 邹城 二(七).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from subsidy.rules.money import ZERO, nearest, yuan
from subsidy.rules.spans import Span, care_year, part_of
from subsidy.terms import (
    Assessor,
    Cycle,
    FailedDuty,
    IncidentEffect,
    Join,
    Need,
    PartMonth,
    Per,
    Role,
    SchemeKind,
    StopFrom,
    StopReason,
)

DESIGN_STOPS: Mapping[StopReason, StopFrom] = dict.fromkeys(StopReason, StopFrom.THAT_DAY) | {
    StopReason.LOST: StopFrom.NOT,
}


@lru_cache(maxsize=256)
def _twelfths(amount: Decimal) -> tuple[Decimal, ...]:
    year = Fraction(amount)
    return tuple(nearest(year * (n + 1) / 12) - nearest(year * n / 12) for n in range(12))


@dataclass(frozen=True, slots=True)
class PayClass:
    """One class of a scheme and what it brings. A person is in the first class whose criterion is met.

    `from_level` None and no `incident`: everybody. `incident`: an earlier 肇事肇祸 counts too, as `join` says.
    """

    key: str
    label: str
    amount: Decimal
    per: Per
    from_level: int | None = None
    to_level: int = 5
    incident: bool = False
    join: Join = Join.OR
    six_kinds: bool = False

    def of_month(self, number: int) -> Decimal:
        """What month `number` (0 to 11) of the care year brings. The first n of them are n twelfths of a year's amount, to
        the fen, so that a quarter, a half year and the whole come out as on paper."""
        return self.amount if self.per is Per.MONTH else _twelfths(self.amount)[number]

    @property
    def of_year(self) -> Decimal:
        return self.amount * 12 if self.per is Per.MONTH else self.amount


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Who says whether a guardian did the duty, how often, and what a failure costs."""

    assessor: Assessor = Assessor.NONE
    every_months: int = 3
    failed: FailedDuty = FailedDuty.NOTHING

    @property
    def is_assessed(self) -> bool:
        return self.assessor is not Assessor.NONE


@dataclass(frozen=True, slots=True)
class IncidentRule:
    """What 肇事肇祸 does: until the group decides, after it has decided, and after a settlement at once."""

    holds: bool = True
    effect: IncidentEffect = IncidentEffect.NOTHING
    bar_months: int = 0


@dataclass(frozen=True, slots=True)
class StopRule:
    """When duty ends or rests. `long_stay_days` None: a stay in hospital, however long, stops nothing."""

    stops: Mapping[StopReason, StopFrom] = field(default_factory=lambda: DESIGN_STOPS)
    long_stay_days: int | None = None
    whole_stay: bool = False  # a stay that long is taken out whole, not only what goes beyond the days

    def start_of(self, reason: StopReason) -> StopFrom:
        return self.stops.get(reason, StopFrom.NOT)


@dataclass(frozen=True, slots=True)
class Source:
    """Whose money. `parts` None with `fixed`: this source gives a sum per batch; with neither: the rest."""

    key: str
    label: str
    parts: int | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """The rules from a day on, until the next version begins."""

    starts_on: date
    basis: str  # the document
    classes: tuple[PayClass, ...]
    cycle: Cycle = Cycle.YEAR
    year_starts: tuple[int, int] = (1, 1)
    part_month: PartMonth = PartMonth.DAYS_OF_MONTH
    needs: tuple[Need, ...] = ()
    any_need: tuple[Need, ...] = ()
    assistants_least: int = 0
    class_from: StopFrom = StopFrom.THAT_DAY
    duty: DutyRule = field(default_factory=DutyRule)
    incident: IncidentRule = field(default_factory=IncidentRule)
    stop: StopRule = field(default_factory=StopRule)
    shares: Mapping[Role, int] = field(default_factory=lambda: {Role.GUARDIAN: 1, Role.ASSISTANT: 0})
    publicity_days: int = 7
    publishes_names: bool = True
    sources: tuple[Source, ...] = ()
    floor_per_year: Decimal = ZERO

    def class_of(self, key: str) -> PayClass | None:
        return next((one for one in self.classes if one.key == key), None)

    def period_of(self, day: date) -> Span:
        """The period in which `day` is settled."""
        if self.cycle is Cycle.OWN_TERM:
            return care_year(day, self.year_starts)
        return part_of(day, self.year_starts, int(self.cycle))

    def amount_of_period(self, key: str) -> Decimal:
        """What a whole period of one class brings, for the table of rates; the first one, where they differ by a fen."""
        found = self.class_of(key)
        months = int(self.cycle) or 12
        return sum((found.of_month(n) for n in range(months)), ZERO) if found else yuan(0)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of one place. `versions` in order of their days."""

    id: str
    kind: SchemeKind
    title: str
    place: str
    source: str
    versions: tuple[Version, ...]

    def version_on(self, day: date) -> Version | None:
        """The rules that hold on a day; None before the first."""
        return next((one for one in reversed(self.versions) if one.starts_on <= day), None)

    def stretches(self, period: Span) -> tuple[tuple[Span, Version | None], ...]:
        """The period in the pieces that one version rules, oldest first."""
        starts = [one.starts_on for one in self.versions]
        found: list[tuple[Span, Version | None]] = []
        if not starts or starts[0] > period.first:
            last = min(period.last, starts[0] - timedelta(days=1)) if starts else period.last
            found.append((Span(period.first, last), None))
        for one, following in zip(self.versions, [*starts[1:], date.max], strict=True):
            span = period.meets(Span(one.starts_on, following - timedelta(days=1)))
            if span:
                found.append((span, one))
        return tuple(found)
