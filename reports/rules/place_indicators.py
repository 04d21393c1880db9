"""Indicators whose unit is no person: which teams stand, where a psychiatrist is named, which alerts came in time.

Source: 指标口径 (township_groups, village_groups, psychiatrist_link, alert_timely).
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median

from accounts.terms import AgencyKind
from reports.rules.rates import half_up
from reports.terms import Unit

# Who sits in a 综合管理小组. Source: 全国精神卫生工作规划(2015—2020年) 三(一): 综治、卫生计生、公安、民政、司法行政、残联.
GROUP_AGENCIES = (
    AgencyKind.POLITICAL_LEGAL, AgencyKind.HEALTH_CENTRE, AgencyKind.POLICE, AgencyKind.CIVIL_AFFAIRS,
    AgencyKind.JUDICIAL, AgencyKind.DISABLED_FEDERATION,
)  # fmt: skip
VILLAGE_GROUP_SIZE = 3
IN_TIME = timedelta(hours=24)
ENTERED_WITHIN = 7  # days: an assessment written down later raises no alert
VILLAGE_HEALTH = frozenset({AgencyKind.VILLAGE_CLINIC, AgencyKind.HEALTH_CENTRE, AgencyKind.PREVENTION_OFFICE})


@dataclass(frozen=True, slots=True)
class PlaceIndicator:
    """`thing`: what is counted, as the page's table calls it. No person stands behind it, so nothing is hidden."""

    code: str
    name: str
    numerator: str
    denominator: str
    thing: str
    unit: Unit = Unit.PERCENT
    about_teams: bool = True  # the page of the township's teams says more
    is_count: bool = False
    sensitive: bool = False
    is_good: bool = True


TOWNSHIP_GROUPS = PlaceIndicator(
    "township_groups", "综合管理小组建立率",
    "截止日综合管理小组里，计划点名的每个单位都至少有一名成员的乡镇（街道）；"
    "计划没有点名的，按政法、卫生健康、公安、民政、司法、残联。", "乡镇（街道）总数。",
    "乡镇（街道）",
)  # fmt: skip
VILLAGE_GROUPS = PlaceIndicator(
    "village_groups", "关爱帮扶小组建立率",
    "截止日关爱帮扶小组有 3 名以上成员，其中有村（居）干部，也有村医或精防人员的村（社区）。", "村（社区）总数。", "村（社区）",
)  # fmt: skip
PSYCHIATRIST_LINK = PlaceIndicator(
    "psychiatrist_link",
    "一对一技术指导覆盖率",
    "截止日有对口联系的精神科医师的村（社区）。",
    "村（社区）总数。",
    "村（社区）",
)
ALERT_TIMELY = PlaceIndicator(
    "alert_timely", "3 级及以上信息推送率", "录入后 24 小时内送达政法委（综治中心）和公安双方的评估次数。",
    "年初至截止日 3 级及以上、评估后 7 天内录入的评估次数。", "评估", about_teams=False,
)  # fmt: skip
PLACED: dict[str, PlaceIndicator] = {
    found.code: found for found in (TOWNSHIP_GROUPS, VILLAGE_GROUPS, PSYCHIATRIST_LINK, ALERT_TIMELY)
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One place on the day, with the reason in words."""

    met: bool
    why: str
    after: timedelta | None = None  # until both sides had an alert


def township_group(kinds: Iterable[str], wanted: Collection[str] = GROUP_AGENCIES) -> Judged:
    """`kinds`: the agencies of the members in force; `wanted`: those the plan names. Source: 指标口径 township_groups."""
    there = frozenset(kinds)
    if not there:
        return Judged(False, "还没有综合管理小组")
    lacking = [AgencyKind(kind).label for kind in wanted if kind not in there]
    return Judged(not lacking, f"小组里还没有：{'、'.join(lacking)}" if lacking else "各部门都有成员")


def village_group(kinds: Iterable[str]) -> Judged:
    """`kinds`: the agency of each member in force. Source: 指标口径 village_groups."""
    there = Counter(kinds)
    if not there:
        return Judged(False, "还没有关爱帮扶小组")
    lacking = [
        f"成员只有 {there.total()} 人" if there.total() < VILLAGE_GROUP_SIZE else "",
        "没有村（居）干部" if not there[AgencyKind.VILLAGE_COMMITTEE] else "",
        "没有村医或精防人员" if not any(there[kind] for kind in VILLAGE_HEALTH) else "",
    ]
    said = "，".join(words for words in lacking if words)
    return Judged(not said, said or f"成员 {there.total()} 人，有村（居）干部和村医或精防人员")


def alert_timely(police: timedelta | None, political: timedelta | None) -> Judged:
    """How long after its entry each side had it; None: never. Source: 指标口径 alert_timely (24 hours, both)."""
    sides = (("公安", police), ("政法委（综治中心）", political))
    said = "，".join(f"{name}{_hours(after)}" for name, after in sides)
    after = max(police, political) if police is not None and political is not None else None
    return Judged(after is not None and after <= IN_TIME, said, after)


def hours_of(delays: Collection[timedelta]) -> tuple[Decimal, Decimal] | None:
    """Median and worst of the delays until both sides had it. Units: hours, two decimals. None without any."""
    if not delays:
        return None
    in_hours = [Decimal(str(delay.total_seconds())) / 3600 for delay in delays]
    return half_up(median(in_hours)), half_up(max(in_hours))


def _hours(after: timedelta | None) -> str:
    if after is None:
        return "没有送达"
    minutes = int(after.total_seconds() // 60)
    return f" {minutes} 分钟送达" if minutes < 60 else f" {minutes // 60} 小时 {minutes % 60} 分送达"


def psychiatrist_link(name: str) -> Judged:
    """`name`: of the psychiatrist in force; empty for none. Source: 指标口径 psychiatrist_link."""
    return Judged(bool(name), f"对口医师 {name}" if name else "还没有对口的精神科医师")
