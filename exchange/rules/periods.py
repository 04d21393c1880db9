"""交换期: a quarter or a half year, by its name, its days and when it may be prepared."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from exchange.terms import Rhythm

_NAME = re.compile(r"(20[0-9]{2})(Q[1-4]|H[12])")


class NoPeriod(ValueError):
    """Carries the Chinese sentence."""


@dataclass(frozen=True)
class Period:
    """Local days, both inside. The quarter closes at the end of its last day, Shanghai time. Source: security T30."""

    name: str
    first: date
    last: date
    rhythm: Rhythm

    @property
    def label(self) -> str:
        number = self.name[5:]
        part = f"第 {number} 季度" if self.rhythm is Rhythm.QUARTERLY else "上半年" if number == "1" else "下半年"
        return f"{self.name[:4]} 年{part}"

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def period(name: str) -> Period:
    """2026Q3 or 2026H2. Raises: NoPeriod."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise NoPeriod("交换期要写成 2026Q3（季度）或 2026H2（半年）。")
    year, kind, number = int(found[1]), found[2][0], int(found[2][1])
    months = 3 if kind == "Q" else 6
    end = number * months
    last = (date(year, end + 1, 1) if end < 12 else date(year + 1, 1, 1)) - timedelta(days=1)
    rhythm = Rhythm.QUARTERLY if kind == "Q" else Rhythm.HALF_YEARLY
    return Period(name, date(year, end - months + 1, 1), last, rhythm)


def ended_before(today: date, *, back: int) -> list[Period]:
    """The newest ended quarters and half years, `back` of each, oldest first: what a clock that stood still catches up."""
    names = [f"{year}{part}" for year in range(today.year - 2, today.year + 1) for part in ("Q1", "Q2", "Q3", "Q4")]
    halves = [f"{year}{part}" for year in range(today.year - 2, today.year + 1) for part in ("H1", "H2")]
    ended = [[one for one in map(period, group) if one.last < today][-back:] for group in (names, halves)]
    return [*ended[0], *ended[1]]
