"""部门信息交换次数: which exchange periods of a county count for which partner, and why another does not yet.

Source: 指标口径 exchanges; 邹城 三(三) (with 政法委 and 公安 each quarter, with the others each half year).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from accounts.terms import AgencyKind
from reports.rules.joint_meetings import HeldIndicator
from reports.rules.months import year_start

# With whom something is exchanged period by period; with whom each quarter, where no plan names anybody else.
PARTNERS = (
    AgencyKind.POLITICAL_LEGAL, AgencyKind.POLICE, AgencyKind.CIVIL_AFFAIRS, AgencyKind.HUMAN_RESOURCES,
    AgencyKind.DISABLED_FEDERATION, AgencyKind.INSURANCE,
)  # fmt: skip
QUARTERLY = (AgencyKind.POLITICAL_LEGAL, AgencyKind.POLICE)
WANTED_QUARTERLY, WANTED_OTHERS = 4, 2

EXCHANGES = HeldIndicator(
    "exchanges", "部门信息交换次数",
    "年初至截止日办结（有办结单）的交换期，按办结日计；上年第四季度或下半年在今年办结的计入今年。同一交换期、同一类单位的几个包只计一次，"
    "更正包不另计，收回的不计。几个单位一起看时取次数最少的一个；计划没有点名的，看政法委和公安。",
    f"每年 {WANTED_QUARTERLY} 次（政法委、公安）；其他部门每年 {WANTED_OTHERS} 次。",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentPackage:
    """A package of a period that is no correction, with the local days on which things happened to it."""

    kind: str
    agency: str
    period: str
    until: date  # the period's last day
    opened_on: date
    released_on: date | None = None
    closed_on: date | None = None
    ended_on: date | None = None  # called back, or dropped before it was released


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period with one kind of partner on the day. `closed_on` None: it does not count, `why` says why not."""

    kind: str
    period: str
    agencies: tuple[str, ...]
    closed_on: date | None
    why: str

    @property
    def counts(self) -> bool:
        return self.closed_on is not None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Of one county on one day: every period that counts, and those that do not yet."""

    lines: tuple[PeriodLine, ...]

    def count(self, kind: str) -> int:
        return sum(line.counts for line in self.lines if line.kind == kind)

    def least(self, kinds: Collection[str] = ()) -> int:
        """Every one of them must have been exchanged with: the one with the fewest decides."""
        return min(self.count(kind) for kind in kinds or QUARTERLY)

    def of(self, kind: str) -> tuple[PeriodLine, ...]:
        return tuple(line for line in self.lines if line.kind == kind)

    def words(self, kinds: Collection[str] = ()) -> str:
        return "、".join(f"{AgencyKind(kind).label} {self.count(kind)} 次" for kind in kinds or QUARTERLY)


def why_open(package: SentPackage, day: date) -> str:
    """Empty for a package that is closed on the day. Source: 指标口径 exchanges (closed); issue 4, Build 5 (办结)."""
    if package.ended_on is not None and package.ended_on <= day:
        return "已收回" if package.released_on is not None else "没有签发，已作废"
    if package.closed_on is not None and package.closed_on <= day:
        return ""
    return "已签发，还没有办结" if package.released_on and package.released_on <= day else "还没有签发"


def exchanged(packages: Iterable[SentPackage], day: date) -> Exchanged:
    """A period counts once a kind of partner, on the day its first package was closed, in the year of that day.

    The year of the closing and not that of the period: the fourth quarter can only be closed after New Year, so counted
    by periods no 31 December could ever show four. Source: 指标口径 exchanges; 邹城 三(三).
    """
    found: dict[tuple[str, date, str], list[SentPackage]] = {}
    for package in packages:
        if package.opened_on <= day:
            found.setdefault((package.kind, package.until, package.period), []).append(package)
    lines = (_line(group, day) for _, group in sorted(found.items()))
    return Exchanged(tuple(line for line in lines if line is not None))


def _line(group: list[SentPackage], day: date) -> PeriodLine | None:
    first = group[0]
    agencies = tuple(sorted({package.agency for package in group}))
    closed = [package.closed_on for package in group if package.closed_on and not why_open(package, day)]
    open_ones = [why for package in group if (why := why_open(package, day))]
    if closed:
        on = min(closed)
        more = f"；另有 {len(open_ones)} 个包{open_ones[0]}" if open_ones else ""
        return PeriodLine(first.kind, first.period, agencies, on, f"计入{more}") if on >= year_start(day) else None
    is_over = all(package.ended_on is not None and package.ended_on <= day for package in group)
    if is_over and first.until < year_start(day).replace(year=day.year - 1, month=10):
        return None  # called back long ago: nobody waits for it
    return PeriodLine(first.kind, first.period, agencies, None, open_ones[0])


def wanted_of(kind: str) -> int:
    """How often a year, where no plan says so. Source: 指标口径 exchanges."""
    return WANTED_QUARTERLY if kind in QUARTERLY else WANTED_OTHERS
