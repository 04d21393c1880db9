"""一人一方案 and 个案管理: when a plan is owed, what it must say, how it ends. Pure; dates are local days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from followup.rules.choice import Problem
from followup.terms import PlanKind, PlanState

S = PlanState
PLAN_MACHINE: Machine[PlanState] = Machine(
    name="plan",
    label="方案",
    source="邹城 二(五) (逐人制定救治服务、看护管理措施); 中原 二(一) (个案管理); decisions B21.",
    states=tuple(PlanState),
    starts=frozenset({S.ACTIVE}),
    ends=frozenset({S.ENDED}),
    steps=(
        Step(S.ACTIVE, S.FALLING, "等级下降", None, "followup.plan.falling"),
        Step(S.FALLING, S.ACTIVE, "继续执行", Permission.MANAGE_PLAN, "followup.plan.continued"),
        Step(S.FALLING, S.ENDED, "结束", Permission.MANAGE_PLAN, "followup.plan.ended", True),
        Step(S.ACTIVE, S.ENDED, "结束", Permission.MANAGE_PLAN, "followup.plan.ended", True),
    ),
)


GRAVE_LEVEL = 3  # 三级及以上: from here on 一人一方案 is owed. Source: 邹城 二(五); a county's alert may begin later


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """One version of a plan. The first two are what 一人一方案 must say, the next three what 个案管理 adds."""

    treatment: str = ""  # 救治服务
    guarding: str = ""  # 看护管理
    assessment: str = ""  # 评估
    needs: str = ""  # 问题
    goals: str = ""  # 目标
    responsible: str = ""
    responsible_phone: str = ""
    starts_on: date
    review_on: date

    def as_content(self) -> dict[str, str]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("starts_on", "review_on")}

    @classmethod
    def of(cls, content: dict[str, Any], starts_on: date, review_on: date) -> Self:
        return cls(**content, starts_on=starts_on, review_on=review_on)


_NEEDED = {
    PlanKind.INDIVIDUAL: {"treatment": "请写救治服务的措施。", "guarding": "请写看护管理的措施。"},
    PlanKind.CASE: {
        "assessment": "请写病情和社会功能的评估。", "needs": "请写现在的问题。", "goals": "请写目标。",
        "treatment": "请写措施。",
    },
}  # fmt: skip
MOST_DAYS = {PlanKind.INDIVIDUAL: 92, PlanKind.CASE: 366}  # until a review, at the latest


USUAL_DAYS = {PlanKind.INDIVIDUAL: 30, PlanKind.CASE: 90}


def usual_review(kind: PlanKind, today: date) -> date:
    """The review that a form proposes: a month for 一人一方案, three for 个案管理. Source: 本系统. Units: whole days."""
    return today + timedelta(days=USUAL_DAYS[kind])


def problems(kind: PlanKind, facts: PlanFacts, *, today: date, newest_start: date | None) -> list[Problem]:
    """Everything that is missing or cannot be. Units: whole days."""
    found = [Problem(name, words) for name, words in _NEEDED[kind].items() if not getattr(facts, name)]
    if not facts.responsible:
        found.append(Problem("responsible", "请写责任人。"))
    if facts.starts_on > today:
        found.append(Problem("starts_on", "开始日期不能晚于今天。"))
    if newest_start is not None and facts.starts_on < newest_start:
        found.append(Problem("starts_on", f"新的一版不能早于现在这一版的开始日期 {newest_start}。"))
    if facts.review_on <= max(facts.starts_on, today):
        found.append(Problem("review_on", "复评日期要晚于今天。"))
    elif (facts.review_on - today).days > MOST_DAYS[kind]:
        longest = "三个月" if kind is PlanKind.INDIVIDUAL else "一年"
        found.append(Problem("review_on", f"复评最迟在{longest}以内。"))
    return found


def plan_is_owed(
    level: int | None,
    *,
    open_incident: bool,
    from_level: int = GRAVE_LEVEL,
    is_open_file: bool = True,
    ended_since: bool = False,
) -> bool:
    """一人一方案 for level 3 and above or a confirmed incident. Source: 邹城 二(五). Units: level 0–5.

    `ended_since`: a plan was ended after the newest assessment, because a psychiatrist had found that the level fell.
    """
    grave = level is not None and level >= from_level and not ended_since
    return is_open_file and (open_incident or grave)


@dataclass(frozen=True)
class Due:
    """Why somebody has to look at a plan, and by when. `verb` is the button."""

    verb: str
    why: str
    on: date


def review_words(review_on: date, *, today: date, state: str) -> str:
    """还有 5 天复评；逾期 2 天."""
    if state == S.ENDED:
        return "已结束，不再复评。"
    days = (review_on - today).days
    if days < 0:
        return f"复评逾期 {-days} 天（应在 {review_on}）。"
    return "今天复评。" if days == 0 else f"{review_on} 复评，还有 {days} 天。"


@dataclass(frozen=True)
class MemberPeriod:
    """Somebody in a team from a day on; `until` is the day from which the person no longer takes part."""

    role: str
    name: str
    phone: str
    since: date
    until: date | None


def member_periods(teams: Sequence[tuple[date, Sequence[Mapping[str, str]]]]) -> list[MemberPeriod]:
    """Who takes part from when to when, out of the teams, oldest first. Those of now come first.

    Source: 中原 二(一) 2 (the team of 个案管理, dated). Units: whole days.
    """
    open_since: dict[tuple[str, str], tuple[date, str]] = {}
    over = []
    for day, members in sorted(teams, key=lambda team: team[0]):
        now = {(one["role"], one["name"]): one.get("phone", "") for one in members}
        for key in [key for key in open_since if key not in now]:
            since, phone = open_since.pop(key)
            over.append(MemberPeriod(*key, phone, since, day))
        for key, phone in now.items():
            open_since[key] = (open_since.get(key, (day, ""))[0], phone)
    current = [MemberPeriod(*key, phone, since, None) for key, (since, phone) in open_since.items()]
    return [*current, *reversed(over)]
