"""What happened to one patient and the people who guard them, as far as money depends on it. Dates are local days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.rules.stays import Stay, bed_days
from subsidy.rules.schemes import StopRule, Version
from subsidy.rules.spans import DAY, Span, add_months, care_year
from subsidy.terms import DutyResult, IncidentEffect, Role, StopFrom, StopReason


@dataclass(frozen=True, slots=True)
class Payee:
    """`key` names the person for the caller; nothing is known of them here."""

    key: str
    role: Role = Role.GUARDIAN


@dataclass(frozen=True, slots=True)
class Agreement:
    """监护协议: who is paid for which days. Both ends count; `last` None while it runs."""

    first: date
    last: date | None
    payees: tuple[Payee, ...]


@dataclass(frozen=True, slots=True)
class ClassFrom:
    """The class from a day on (eligibility.judge). "" is no class. `known` False: not found out yet, the money waits."""

    on: date
    class_key: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """Duty ends on `on`; `until` is the first day on which it runs again."""

    reason: StopReason
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DutyWord:
    """What the group said of some days of duty."""

    days: Span
    result: DutyResult


@dataclass(frozen=True, slots=True)
class Incident:
    """肇事肇祸. `counts` None: the group has not decided. `failed`: it happened because the guardian failed in duty."""

    on: date
    counts: bool | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """One patient's facts. `at_once`: the days on which money was settled at once (即时结清) before the year was over."""

    agreements: tuple[Agreement, ...] = ()
    classes: tuple[ClassFrom, ...] = ()
    stops: tuple[Stop, ...] = ()
    stays: tuple[Stay, ...] = ()
    duty: tuple[DutyWord, ...] = ()
    incidents: tuple[Incident, ...] = ()
    at_once: tuple[date, ...] = field(default=())

    def agreement_on(self, day: date) -> Agreement | None:
        """The newest one that holds: a patient has one at a time."""
        held = [one for one in self.agreements if one.first <= day and (one.last is None or day <= one.last)]
        return max(held, key=lambda one: one.first, default=None)

    def class_on(self, day: date, version: Version) -> ClassFrom | None:
        held = [one for on, one in class_starts(self, version) if on <= day]
        return held[-1] if held else None

    def duty_on(self, day: date) -> DutyResult | None:
        """The word given last about a day."""
        return next((one.result for one in reversed(self.duty) if one.days.holds(day)), None)


def class_starts(life: Life, version: Version) -> Iterator[tuple[date, ClassFrom]]:
    """From which day each class is paid: a change may wait for the next month; the first one never does."""
    for number, one in enumerate(sorted(life.classes, key=lambda one: one.on)):
        waits = number > 0 and version.class_from is StopFrom.NEXT_MONTH
        yield (next_month(one.on) if waits else one.on), one


def next_month(day: date) -> date:
    return add_months(day.replace(day=1), 1)


def resting(life: Life, rule: StopRule, period: Span) -> Iterator[tuple[Span, StopReason]]:
    """Days of the period on which duty rests, each stretch with its reason. Source: practice.md A1 (design), 衡阳."""
    for stop in life.stops:
        start = rule.start_of(stop.reason)
        if start is StopFrom.NOT:
            continue
        first = next_month(stop.on) if start is StopFrom.NEXT_MONTH else stop.on
        last = stop.until - DAY if stop.until else period.last
        if found := Span(first, last).meets(period):
            yield found, stop.reason
    for stay in life.stays:
        if rule.long_stay_days is None or stay.admitted_on > period.last:
            continue
        if bed_days(stay, today=period.last) <= rule.long_stay_days:
            continue
        first = stay.admitted_on + (timedelta(0) if rule.whole_stay else timedelta(days=rule.long_stay_days))
        last = stay.discharged_on - DAY if stay.discharged_on else period.last
        if found := Span(first, last).meets(period):
            yield found, StopReason.LONG_STAY


def lost_years(life: Life, version: Version) -> Iterator[tuple[Span, Incident]]:
    """Days that an incident takes: the care year, or the bar from the event on when it had been settled at once.

    Source: 北京细则 第十一条; 渭城、铜梁、始兴 (no incident in the term).
    """
    rule = version.incident
    for one in life.incidents:
        counts = bool(one.counts) and (one.failed or rule.effect is IncidentEffect.YEAR)
        if not counts or rule.effect is IncidentEffect.NOTHING:
            continue
        year = care_year(one.on, version.year_starts)
        if is_barring(one, life, version):
            yield Span(one.on, add_months(one.on, rule.bar_months) - DAY), one
        else:
            yield year, one


def is_barring(one: Incident, life: Life, version: Version) -> bool:
    """Whether the care year had been settled at once before it happened: then it bars instead of taking back."""
    year = care_year(one.on, version.year_starts)
    return version.incident.bar_months > 0 and any(year.holds(day) and day <= one.on for day in life.at_once)
