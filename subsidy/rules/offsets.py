"""What was settled before against what the facts say now: back pay and claw-back as lines of the next run, and the floor.

What was paid is never rewritten. Source: issue 6, Build 2 and 5; practice.md A4 (应追回、已追回、抵扣); 邹城 二(七) (≥ 2,400).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from subsidy.rules.money import ZERO, say, split
from subsidy.rules.schemes import Scheme
from subsidy.rules.settlement import Line, Settlement
from subsidy.rules.spans import DAY, Span, care_year


@dataclass(frozen=True, slots=True)
class Offset:
    """A line of a later run about an earlier period. Positive: back pay. Negative: to be taken back."""

    payee: str
    about: Span
    amount: Decimal
    words: str


def difference(before: Settlement, now: Settlement, already: Iterable[Offset] = ()) -> tuple[Offset, ...]:
    """What is still to be put right of a period that was settled before; `already`: the offsets that were written since.

    Source: issue 6, Build 5 (claw-back and offset in the next run). Raises: ValueError when the periods differ.
    """
    if before.period != now.period:
        raise ValueError("two settlements of different periods cannot be compared")
    written = [one for one in already if one.about == now.period]
    found = []
    for payee in dict.fromkeys([*before.payees, *now.payees, *(one.payee for one in written)]):
        had = before.of(payee) + sum((one.amount for one in written if one.payee == payee), ZERO)
        amount = now.of(payee) - had
        if amount:
            found.append(Offset(payee, now.period, amount, _words(now, had, now.of(payee), _reasons(before, now))))
    return tuple(found)


def _words(now: Settlement, had: Decimal, due: Decimal, reasons: str) -> str:
    more = "少发" if due > had else "多发"
    then = "在下一次一并补发" if due > had else "从以后的发放中抵扣"
    return f"{now.period.words} 原结算 {say(had)}，现应为 {say(due)}，{more} {say(abs(due - had))}，{then}。{reasons}"


def _reasons(before: Settlement, now: Settlement) -> str:
    """Stretches without money that are new, then those that are gone, then changed lines."""
    was, is_now = set(before.nothing), set(now.nothing)
    said = [f"{one.days.words} {one.words}" for one in now.nothing if one not in was]
    said += [f"{one.days.words} 不再因“{one.words}”停发" for one in before.nothing if one not in is_now]
    if not said:
        said = [line.words.removesuffix("。") for line in now.lines if line not in before.lines]
    return f"原因：{'；'.join(said)}。" if said else ""


def take_back(due: Decimal, owed: Decimal) -> tuple[Decimal, Decimal]:
    """What is paid now of `due` while `owed` is to be taken back, and what is owed after: a payment is never below 0.

    Source: practice.md A4. Units: yuan. Raises: ValueError for a negative amount.
    """
    if due < 0 or owed < 0:
        raise ValueError("both amounts are 0 or more")
    taken = min(due, owed)
    return due - taken, owed - taken


def top_up(settled: Sequence[Settlement], scheme: Scheme) -> tuple[Line, ...]:
    """What a full care year of duty is still short of the scheme's floor: lines for those who are paid on its last day.

    Only of a year every day of which was paid: whoever did not guard all year gets the year's amount by days, at rates
    that reading the scheme has held against the floor. Source: 邹城 二(七) (每人每年不低于 2400 元); 康乐 (≥ 1,800).
    """
    if not settled:
        return ()
    days = Span(min(one.period.first for one in settled), max(one.period.last for one in settled))
    version = scheme.version_on(days.last)
    if version is None or not version.floor_per_year or any(one.nothing for one in settled):
        return ()
    year = care_year(days.last, version.year_starts)
    short = version.floor_per_year - sum((one.total for one in settled), ZERO)
    if days != year or sum(one.period.days for one in settled) != year.days or short <= 0:
        return ()
    last = [line for one in settled for line in one.lines if line.days_to == year.last]
    parts = [max(1, version.shares.get(line.role, 0)) for line in last]
    words = f"{year.words} 全年履责，合计不足每人每年 {say(version.floor_per_year)}的下限，补足 {say(short)}。"
    return tuple(
        Line(
            line.payee, line.role, year.first, year.last, line.class_key, line.class_label, 0, 0,
            version.floor_per_year, "year", amount, words,
        )
        for line, amount in zip(last, split(short, parts), strict=True)
        if amount
    )  # fmt: skip


def following(period: Span, scheme: Scheme) -> Span | None:
    """The period that is settled next, in which the offsets of `period` are paid or taken."""
    version = scheme.version_on(period.last + DAY)
    return version.period_of(period.last + DAY) if version else None
