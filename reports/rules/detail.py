"""What a reason may name beside the sums: the dates behind them."""

from dataclasses import dataclass
from datetime import date

from reports.rules.months import months_apart


@dataclass(frozen=True, slots=True)
class Record:
    """One follow-up record of the year, in the order it counts (date, then entry)."""

    visited_on: date
    complete: bool
    level: int | None = None
    adherence: int | None = None
    in_hospital: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    gap_from: date | None = None
    gap_to: date | None = None
    attempts: tuple[date, ...] = ()  # went, but did not meet anyone
    not_taken_on: date | None = None
    not_taken: int | None = None  # the adherence code of that record


def detail_of(records: tuple[Record, ...]) -> Detail:
    """The two adjacent complete records farthest apart (the earliest such pair), and the latest record not taken."""
    complete = [record for record in records if record.complete]
    pairs = list(zip(complete, complete[1:], strict=False))
    widest = max(pairs, key=lambda pair: months_apart(pair[0].visited_on, pair[1].visited_on), default=None)
    missed = [record for record in complete if record.adherence in (2, 3) and not record.in_hospital]
    return Detail(
        gap_from=widest[0].visited_on if widest else None,
        gap_to=widest[1].visited_on if widest else None,
        attempts=tuple(record.visited_on for record in records if not record.complete),
        not_taken_on=missed[-1].visited_on if missed else None,
        not_taken=missed[-1].adherence if missed else None,
    )
