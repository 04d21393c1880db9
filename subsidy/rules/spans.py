"""Days in a row, care years and months: the calendar of duty. Pure; both ends of a span count.

The same few days are asked about for every family of a batch, so the answers are kept.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """`first` to `last`, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return max(0, (self.last - self.first).days + 1)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, other: "Span") -> "Span | None":
        """The days that both have."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    @property
    def words(self) -> str:
        return f"{self.first} 至 {self.last}" if self.first != self.last else f"{self.first}"


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def care_year(day: date, starts: tuple[int, int]) -> Span:
    """监护年度: the year from (month, day) in which `day` lies. Source: 铜梁 (7 月 1 日至次年 6 月 30 日)."""
    first = date(day.year, *starts)
    if first > day:
        first = date(day.year - 1, *starts)
    return Span(first, date(first.year + 1, *starts) - DAY)


@lru_cache(maxsize=4096)
def care_month(day: date, starts: tuple[int, int]) -> tuple[int, Span]:
    """Which month of the care year `day` lies in (0 to 11), and its days. The year begins on the 28th at the latest."""
    year = care_year(day, starts)
    number = (day.year - year.first.year) * 12 + day.month - year.first.month - (day.day < year.first.day)
    return number, Span(add_months(year.first, number), add_months(year.first, number + 1) - DAY)


@lru_cache(maxsize=4096)
def part_of(day: date, starts: tuple[int, int], months: int) -> Span:
    """The stretch of so many months (a quarter, a half year) of the care year in which `day` lies."""
    year = care_year(day, starts)
    number, _ = care_month(day, starts)
    first = add_months(year.first, number // months * months)
    return Span(first, add_months(first, months) - DAY)


def cut(whole: Span, days: Iterable[date]) -> Iterator[Span]:
    """`whole` in pieces, a new one beginning on each of these days that lies within."""
    starts = sorted({whole.first} | {day for day in days if whole.first < day <= whole.last})
    for first, following in zip(starts, [*starts[1:], whole.last + DAY], strict=True):
        yield Span(first, following - DAY)
