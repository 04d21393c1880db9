"""What a reason may name beside the sums: the dates behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from reports.rules.months import months_apart


@dataclass(frozen=True, slots=True)
class Seen:
    """One complete record of the year, in the order it counts (date, then entry)."""

    visited_on: date
    adherence: int | None = None
    in_hospital: bool = False

    @property
    def is_not_taken(self) -> bool:
        return self.adherence in (2, 3) and not self.in_hospital


@dataclass(frozen=True, slots=True)
class Detail:
    gap_from: date | None = None
    gap_to: date | None = None
    attempts: tuple[date, ...] = ()  # went, but met nobody
    not_taken_on: date | None = None
    not_taken: int | None = None  # the adherence code of that record


def detail_of(records: Sequence[Seen], attempts: Sequence[date] = ()) -> Detail:
    """The two adjacent records farthest apart (the earliest such pair), and the latest one that says not taken."""
    widest = max(pairwise(records), key=lambda pair: months_apart(pair[0].visited_on, pair[1].visited_on), default=None)
    missed = [record for record in records if record.is_not_taken]
    return Detail(
        gap_from=widest[0].visited_on if widest else None,
        gap_to=widest[1].visited_on if widest else None,
        attempts=tuple(attempts),
        not_taken_on=missed[-1].visited_on if missed else None,
        not_taken=missed[-1].adherence if missed else None,
    )
