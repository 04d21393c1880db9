"""Indicators whose unit is a place and not a person: which teams stand, where a psychiatrist is named.

Source: 指标口径 (township_groups, village_groups, psychiatrist_link).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.terms import AgencyKind
from reports.terms import Unit

# Who sits in a 综合管理小组. Source: 全国精神卫生工作规划(2015—2020年) 三(一): 综治、卫生计生、公安、民政、司法行政、残联.
GROUP_AGENCIES = (
    AgencyKind.POLITICAL_LEGAL, AgencyKind.HEALTH_CENTRE, AgencyKind.POLICE, AgencyKind.CIVIL_AFFAIRS,
    AgencyKind.JUDICIAL, AgencyKind.DISABLED_FEDERATION,
)  # fmt: skip
VILLAGE_GROUP_SIZE = 3
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
    is_count: bool = False
    sensitive: bool = False
    is_good: bool = True


TOWNSHIP_GROUPS = PlaceIndicator(
    "township_groups", "综合管理小组建立率",
    "截止日综合管理小组里有政法、卫生健康、公安、民政、司法、残联各至少一名成员的乡镇（街道）。", "乡镇（街道）总数。",
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
PLACED: dict[str, PlaceIndicator] = {
    found.code: found for found in (TOWNSHIP_GROUPS, VILLAGE_GROUPS, PSYCHIATRIST_LINK)
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One place on the day, with the reason in words."""

    met: bool
    why: str


def township_group(kinds: Iterable[str]) -> Judged:
    """`kinds`: the agencies of the members in force. Source: 指标口径 township_groups."""
    there = frozenset(kinds)
    if not there:
        return Judged(False, "还没有综合管理小组")
    lacking = [kind.label for kind in GROUP_AGENCIES if kind not in there]
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


def psychiatrist_link(name: str) -> Judged:
    """`name`: of the psychiatrist in force; empty for none. Source: 指标口径 psychiatrist_link."""
    return Judged(bool(name), f"对口医师 {name}" if name else "还没有对口的精神科医师")
