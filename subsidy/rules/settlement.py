"""What one family has earned in a period: months and days of duty × rate, line by line, each with its reason in words.

Every day of the period stands in exactly one line or in one stretch that brings nothing, with the reason. A settlement
is made anew from the facts at any time; what had been paid otherwise comes out as an offset (`offsets.py`), never as a
change of what was written. Source: 北京细则 第十一条; practice.md A1; issue 6, Build 5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subsidy.rules.life import Agreement, ClassFrom, Incident, Life, class_starts, is_barring, lost_years, resting
from subsidy.rules.money import ZERO, say, split
from subsidy.rules.reckoning import Reckoned, Run, reckon
from subsidy.rules.schemes import PayClass, Scheme, Version
from subsidy.rules.spans import DAY, Span, care_year, cut, part_of
from subsidy.terms import DutyResult, FailedDuty, Hold, IncidentEffect, Role, StopReason, Unpaid


@dataclass(frozen=True, slots=True)
class Line:
    """Money for one payee."""

    payee: str
    role: Role
    days_from: date
    days_to: date
    class_key: str
    class_label: str
    months: int
    days: int
    rate: Decimal
    rate_per: str
    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Days that bring nothing, and why."""

    days: Span
    reason: Unpaid
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why the amount waits: nothing is paid while one of these stands."""

    hold: Hold
    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Settlement:
    period: Span
    lines: tuple[Line, ...]
    nothing: tuple[Nothing, ...]
    waits: tuple[Waiting, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    def of(self, payee: str) -> Decimal:
        return sum((line.amount for line in self.lines if line.payee == payee), ZERO)

    @property
    def payees(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.payee for line in self.lines))

    @property
    def payable(self) -> dict[str, Decimal]:
        """What goes into a batch now: nothing while something is waited for, and never a payment of 0."""
        if self.waits:
            return {}
        return {payee: amount for payee in self.payees if (amount := self.of(payee)) > 0}


@dataclass(frozen=True, slots=True)
class _Day:
    """What a stretch of days comes to: a class for payees, or a reason for nothing."""

    version: Version | None = None
    agreement: Agreement | None = None
    paid: PayClass | None = None
    reason: Unpaid | None = None
    words: str = ""


def settle(period: Span, scheme: Scheme, life: Life) -> Settlement:
    """Settle a period: the scheme's own (`Version.period_of`), or a part of it when something is settled at once.

    Source: 北京细则 第十一条; practice.md A1. Units: local dates, yuan.
    """
    stretches = list(_merged(_judged(period, scheme, life)))
    runs = [(days, one) for days, one in stretches if one.paid is not None]
    money = reckon([Run(days, one.version, one.paid) for days, one in runs if one.version and one.paid])
    lines = [line for (days, one), found in zip(runs, money, strict=True) for line in _lines(days, one, found)]
    nothing = [Nothing(days, one.reason, one.words) for days, one in stretches if one.reason is not None]
    return Settlement(period, tuple(lines), tuple(nothing), tuple(_waits(runs, period, life)))


def _judged(period: Span, scheme: Scheme, life: Life) -> Iterator[tuple[Span, _Day]]:
    """The period in pieces within which nothing changes, each judged once."""
    for stretch, version in scheme.stretches(period):
        if version is None:
            yield stretch, _Day(reason=Unpaid.NO_SCHEME, words=f"{scheme.title}在此期间还没有施行")
            continue
        rests = list(resting(life, version.stop, period))
        lost = list(lost_years(life, version))
        for piece in cut(stretch, _turns(stretch, version, life, [span for span, _ in [*rests, *lost]])):
            yield piece, _day(piece.first, version, life, rests, lost)


def _turns(stretch: Span, version: Version, life: Life, taken: Sequence[Span]) -> Iterator[date]:
    """Every day on which something may begin to be different."""
    for span in [*taken, *(word.days for word in life.duty)]:
        yield span.first
        if span.last < date.max:
            yield span.last + DAY
    for agreement in life.agreements:
        yield agreement.first
        if agreement.last:
            yield agreement.last + DAY
    yield from (on for on, _ in class_starts(life, version))
    day = care_year(stretch.first, version.year_starts).first
    while day <= stretch.last:
        yield day
        day = part_of(day, version.year_starts, version.duty.every_months).last + DAY


def _day(
    day: date,
    version: Version,
    life: Life,
    rests: Sequence[tuple[Span, StopReason]],
    lost: Sequence[tuple[Span, Incident]],
) -> _Day:
    """The verdict on one day. The order of reasons is that of the terms: what ended duty is named before what it cost."""
    if reason := next((why for span, why in rests if span.holds(day)), None):
        return _Day(reason=Unpaid.STOPPED, words=reason.label)
    agreement = life.agreement_on(day)
    if agreement is None or not any(version.shares.get(payee.role, 0) for payee in agreement.payees):
        return _Day(reason=Unpaid.NO_GUARDIAN, words=Unpaid.NO_GUARDIAN.label)
    held = life.class_on(day, version)
    paid = version.class_of(held.class_key) if held and held.class_key else None
    if paid is None:
        why = Unpaid.NOT_ELIGIBLE if held and held.known else Unpaid.UNKNOWN
        return _Day(reason=why, words=why.label)
    for span, one in lost:
        if span.holds(day):
            why = _why_lost(one, life, version)
            return _Day(reason=why, words=f"{one.on} {why.label}")
    if _has_failed(day, version, life):
        return _Day(reason=Unpaid.FAILED_DUTY, words=f"履责认定不合格，{version.duty.failed.label}")
    return _Day(version, agreement, paid)


def _why_lost(one: Incident, life: Life, version: Version) -> Unpaid:
    return Unpaid.BARRED if is_barring(one, life, version) else Unpaid.INCIDENT


def _has_failed(day: date, version: Version, life: Life) -> bool:
    """Whether the day is lost because the duty was not done: of its quarter, or in any quarter of its care year."""
    rule = version.duty
    if not rule.is_assessed or rule.failed is FailedDuty.NOTHING:
        return False
    if rule.failed is FailedDuty.QUARTER:
        return life.duty_on(day) is DutyResult.FAILED
    year = care_year(day, version.year_starts)
    return any(
        life.duty_on(days.first) is DutyResult.FAILED
        for word in life.duty
        if word.result is DutyResult.FAILED and (days := word.days.meets(year))
    )


def _merged(pieces: Iterator[tuple[Span, _Day]]) -> Iterator[tuple[Span, _Day]]:
    """Neighbours that come to the same are one stretch."""
    held: tuple[Span, _Day] | None = None
    for days, one in pieces:
        if held and held[1] == one and held[0].last + DAY == days.first:
            held = (Span(held[0].first, days.last), one)
            continue
        if held:
            yield held
        held = (days, one)
    if held:
        yield held


def _lines(days: Span, one: _Day, found: Reckoned) -> Iterator[Line]:
    """A line per payee: the guardian, and the assistants where the scheme pays them."""
    if one.version is None or one.agreement is None or one.paid is None:
        return
    paid = [(payee, one.version.shares.get(payee.role, 0)) for payee in one.agreement.payees]
    sharing = [(payee, parts) for payee, parts in paid if parts]
    amounts = split(found.amount, [parts for _, parts in sharing])
    for (payee, parts), amount in zip(sharing, amounts, strict=True):
        share = f"，{payee.role.label}占 {parts}/{sum(n for _, n in sharing)}" if len(sharing) > 1 else ""
        yield Line(
            payee.key, payee.role, days.first, days.last, one.paid.key, one.paid.label, found.months, found.days,
            one.paid.amount, one.paid.per.value, amount, _words(days, one.paid, found, share, amount),
        )  # fmt: skip


def _words(days: Span, paid: PayClass, found: Reckoned, share: str, amount: Decimal) -> str:
    """2026-01-01 至 2026-03-17，一类每月 150.00 元，2 个月另 17 天（2026-03 按 17/31 个月折算），计 382.26 元."""
    per = "月" if paid.per == "month" else "年"
    spent = "另".join(part for part in (
        f" {found.months} 个月" if found.months else "", f" {found.days} 天" if found.days else "",
    ) if part)  # fmt: skip
    parts = f"（{'；'.join(found.parts)}）" if found.parts else ""
    return f"{days.words}，{paid.label}每{per} {say(paid.amount)}，{spent.strip()}{parts}{share}，计 {say(amount)}。"


def _waits(runs: Sequence[tuple[Span, _Day]], period: Span, life: Life) -> Iterator[Waiting]:
    """What must be known before the money of these runs may go out."""
    seen: set[tuple[Hold, date]] = set()
    for days, one in runs:
        if one.version is None:
            continue
        for wait in [*_undecided(days, one.version, period, life), *_unsaid(days, one.version, life),
                     *_unknown(days, one.version, life)]:  # fmt: skip
            if (wait.hold, wait.on) not in seen:
                seen.add((wait.hold, wait.on))
                yield wait


def _undecided(days: Span, version: Version, period: Span, life: Life) -> Iterator[Waiting]:
    """An incident that the group has not decided on: of the period, or of its care year where that could be lost."""
    if not version.incident.holds:
        return
    whole = version.incident.effect is not IncidentEffect.NOTHING
    for one in life.incidents:
        if one.counts is not None:
            continue
        year = care_year(one.on, version.year_starts)
        at_stake = Span(one.on, year.last) if is_barring(one, life, version) else year
        if at_stake.meets(days) if whole else period.holds(one.on):
            yield Waiting(Hold.INCIDENT, one.on, f"{one.on} 的事件还没有认定，认定后再发放。")


def _unsaid(days: Span, version: Version, life: Life) -> Iterator[Waiting]:
    """Paid days about which nobody has said whether the duty was done."""
    if not version.duty.is_assessed:
        return
    turns = [turn for word in life.duty for turn in (word.days.first, word.days.last + DAY)]
    day = days.first
    while day <= days.last:
        quarter = part_of(day, version.year_starts, version.duty.every_months)
        held = quarter.meets(days)
        if held and any(life.duty_on(piece.first) is None for piece in cut(held, turns)):
            yield Waiting(
                Hold.DUTY, quarter.first, f"{quarter.words} 的履责还没有认定（{version.duty.assessor.label}）。"
            )
        day = quarter.last + DAY


def _unknown(days: Span, version: Version, life: Life) -> Iterator[Waiting]:
    held: list[tuple[date, ClassFrom]] = list(class_starts(life, version))
    for (on, one), following in zip(held, [*(start for start, _ in held[1:]), date.max], strict=True):
        if not one.known and following > on and Span(on, following - DAY).meets(days):
            yield Waiting(Hold.ELIGIBILITY, one.on, f"{one.on} 起是否仍符合条件还没有查清。")


def at_once(scheme: Scheme, day: date) -> Span | None:
    """即时结清: from the first day of the running period to the day on which duty ended. Source: 北京 (即时认定)."""
    version = scheme.version_on(day)
    return Span(version.period_of(day).first, day) if version else None
