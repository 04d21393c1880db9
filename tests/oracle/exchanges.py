"""部门信息交换次数 word for word from its definition: closed exchange periods of the year, by partner agency."""

from dataclasses import dataclass
from datetime import date


@dataclass
class Sent:
    """One package with the days of what happened to it. A correction names its package and never counts by itself."""

    partner: str
    period: str
    opened: date
    closed: date | None = None
    taken_back: date | None = None
    is_correction: bool = False


def closed_periods(packages: list[Sent], partner: str, day: date) -> int:
    firsts: dict[str, date] = {}
    for package in packages:
        if package.partner != partner or package.is_correction or package.opened > day:
            continue
        if package.closed is None or package.closed > day:
            continue
        if package.taken_back is not None and package.taken_back <= day:
            continue
        firsts[package.period] = min(package.closed, firsts.get(package.period, package.closed))
    return sum(1 for closed in firsts.values() if closed.year == day.year)


def least(packages: list[Sent], partners: list[str], day: date) -> int:
    return min(closed_periods(packages, partner, day) for partner in partners)
