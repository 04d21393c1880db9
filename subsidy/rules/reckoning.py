"""Days of duty into money, to the fen: whole months at the rate, part months by days. Nothing here knows why.

A line's amount is what anybody can check on paper: rate × days ÷ days of the month, half a fen up. Where several lines
share one month of one class and fill it, they make up the month's amount exactly; never does a month bring more than
its highest rate. Source: 北京细则 第十一条 (按实际天数).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from subsidy.rules.money import FEN, ZERO, nearest, split
from subsidy.rules.schemes import PayClass, Version
from subsidy.rules.spans import DAY, Span, care_month, care_year
from subsidy.terms import PartMonth


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row of one class under one version."""

    days: Span
    version: Version
    paid: PayClass


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a run that lies in one month of its care year."""

    run: int
    month: Span
    number: int
    days: Span

    @property
    def is_whole(self) -> bool:
        return self.days == self.month


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a run brings; `parts` are its part months, in words."""

    amount: Decimal
    months: int
    days: int
    parts: tuple[str, ...]


def reckon(runs: Sequence[Run]) -> tuple[Reckoned, ...]:
    """The money of each run. Units: yuan, whole months, days of part months."""
    by_year = {n for n, run in enumerate(runs) if run.version.part_month is PartMonth.DAYS_OF_YEAR}
    pieces = [piece for n, run in enumerate(runs) if n not in by_year for piece in _pieces(n, run)]
    months: dict[Span, list[Piece]] = defaultdict(list)
    for piece in pieces:
        months[piece.month].append(piece)
    amounts: dict[Piece, Decimal] = {}
    for sharing in months.values():
        amounts.update(zip(sharing, _month(sharing, runs), strict=True))
    return tuple(
        _by_days_of_year(run) if n in by_year else _sum_up(run, [piece for piece in pieces if piece.run == n], amounts)
        for n, run in enumerate(runs)
    )


def _pieces(n: int, run: Run) -> Iterator[Piece]:
    day = run.days.first
    while day <= run.days.last:
        number, month = care_month(day, run.version.year_starts)
        days = Span(day, min(month.last, run.days.last))
        yield Piece(n, month, number, days)
        day = days.last + DAY


def _month(sharing: Sequence[Piece], runs: Sequence[Run]) -> tuple[Decimal, ...]:
    """The amounts of the pieces of one month."""
    full = [runs[piece.run].paid.of_month(piece.number) for piece in sharing]
    if len(sharing) == 1 and sharing[0].is_whole:
        return (full[0],)
    covered = sum(piece.days.days for piece in sharing)
    length = sharing[0].month.days
    if covered == length and len(set(full)) == 1:
        return split(full[0], [piece.days.days for piece in sharing])
    exact = [
        amount * Fraction(piece.days.days, _divisor(runs[piece.run].version, length, covered))
        for amount, piece in zip(map(Fraction, full), sharing, strict=True)
    ]
    rounded = [nearest(one) for one in exact]
    while sum(rounded) > max(full):
        most = max(range(len(rounded)), key=lambda n: Fraction(rounded[n]) - exact[n])
        rounded[most] -= FEN
    return tuple(rounded)


def _divisor(version: Version, length: int, covered: int) -> int:
    """Days that a month is divided by. At 30 a month, 30 days and more of duty are the whole month."""
    if version.part_month is PartMonth.DAYS_30:
        return length if covered == length else max(30, covered)
    return length


def _sum_up(run: Run, pieces: Sequence[Piece], amounts: dict[Piece, Decimal]) -> Reckoned:
    parts = [piece for piece in pieces if not piece.is_whole]
    words = tuple(
        f"{piece.month.first:%Y-%m} 按 {piece.days.days}/"
        f"{_divisor(run.version, piece.month.days, piece.days.days)} 个月折算"
        for piece in parts
    )
    total = sum((amounts[piece] for piece in pieces), ZERO)
    return Reckoned(total, len(pieces) - len(parts), sum(piece.days.days for piece in parts), words)


def _by_days_of_year(run: Run) -> Reckoned:
    """The year's amount by days, reckoned from the year's first day on, so that pieces of a year always add up to it."""
    total, day = ZERO, run.days.first
    words = []
    while day <= run.days.last:
        year = care_year(day, run.version.year_starts)
        last = min(year.last, run.days.last)
        until, before = (last - year.first).days + 1, (day - year.first).days
        whole = Fraction(run.paid.of_year)
        total += nearest(whole * until / year.days) - nearest(whole * before / year.days)
        words.append(f"{year.words} 按 {until - before}/{year.days} 年折算")
        day = last + timedelta(days=1)
    return Reckoned(total, 0, run.days.days, tuple(words))
