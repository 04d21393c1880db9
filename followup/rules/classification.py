"""病情分类 and the next date: facts in, verdict with its reason out."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from followup.rules.dates import add_months, day_after
from followup.rules.facts import SOCIAL, Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.terms import Effect, Insight, SideEffect, SocialState, Stability, State

FIRST_VISIT_DAYS = 14
NORM = "规范第三版 分类干预"
SOCIAL_WORDS = dict(
    zip(SOCIAL, ("个人生活料理", "家务劳动", "生产劳动及工作", "学习能力", "社会人际交往"), strict=True)
)
GOOD_ENOUGH = frozenset({State.GOOD, State.FAIR, SocialState.NOT_APPLICABLE})


Found = tuple[Stability, str, str]  # class, sentence, short words


class Verdict(NamedTuple):
    """What the rule says. `stability` None: no class (a stay in hospital without assessment, a lost or death note)."""

    stability: int | None
    because: str  # a sentence with its clause
    short: str  # the same in a few words
    next_due_on: date | None
    due_reason: str
    is_check: bool = False  # 两周复查: decides between one and three months


class Judgeable(Protocol):
    """What of a record its next date rests on, beside its class."""

    @property
    def visited_on(self) -> date: ...
    @property
    def level(self) -> int | None: ...
    @property
    def discharged_on(self) -> date | None: ...
    @property
    def effect(self) -> int | None: ...
    @property
    def is_complete(self) -> bool: ...


def judge(facts: VisitFacts, policy: CarePolicy, previous: Previous | None = None) -> Verdict:
    """Classify a record and say when the next is due."""
    return judge_classed(facts, classify(facts), policy, previous)


def judge_classed(facts: Judgeable, found: Found, policy: CarePolicy, previous: Previous | None) -> Verdict:
    """The same where the class is known.

    Source: 规范第三版 分类干预 1–3; design decisions C22, C23, C26. Units: calendar months and whole days.
    """
    if not facts.is_complete:
        return Verdict(None, "没有评估，不作分类。", "没有评估", None, "")
    if facts.level is None:
        due, reason = due_in_hospital(facts, policy)
        return Verdict(None, "目前正在住院，可以不评级、不分类。", "目前正在住院", due, reason)
    stability, because, short = found
    check = is_follow_up_check(facts.visited_on, previous, policy)
    due, reason = due_after(stability, facts, policy, previous)
    return Verdict(stability, because, short, due, reason, check)


def classify(facts: VisitFacts) -> Found:
    """One grave sign makes 不稳定; 稳定 asks for everything; the rest is between."""
    return classified(*_SIGNS(facts))


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the class is made of: many records are alike in it, and an import judges each kind once."""

    level: int | None
    obvious_symptoms: bool
    symptoms: tuple[int, ...]
    insight: int | None
    side_effect: int | None
    severe_side_effect: bool
    severe_illness: bool
    self_care: int | None
    housework: int | None
    work: int | None
    learning: int | None
    social: int | None


SIGNS = tuple(f.name for f in fields(_Signs))
_SIGNS = attrgetter(*SIGNS)


@lru_cache(maxsize=20_000)
def classified(*signs: Any) -> Found:
    """`signs` in the order of SIGNS."""
    facts = _Signs(*signs)
    grave = _grave(facts)
    if grave:
        return Stability.UNSTABLE, f"{grave}，为不稳定（{NORM} 1）。", grave.split("，")[0]
    lacking = _lacking(facts)
    if not lacking:
        return (
            Stability.STABLE,
            f"危险性 0 级，没有症状，自知力完全，社会功能一般或良好，没有不良反应和严重躯体疾病，为稳定（{NORM} 3）。",
            "各项都好",
        )
    return Stability.FAIR, f"{'，'.join(lacking)}，为基本稳定（{NORM} 2）。", lacking[0]


def _grave(facts: _Signs) -> str:
    if facts.level is not None and facts.level >= 3:
        return f"危险性 {facts.level} 级，属于 3～5 级"
    if facts.obvious_symptoms:
        return "精神症状明显"
    if facts.insight == Insight.ABSENT:
        return "自知力缺失"
    if facts.severe_side_effect:
        return "有严重药物不良反应"
    if facts.severe_illness:
        return "有严重躯体疾病"
    return ""


def _lacking(facts: _Signs) -> list[str]:
    """What keeps a record that is not grave from 稳定, worst first; an unanswered question is no good answer."""
    found = []
    if facts.level:
        found.append(f"危险性 {facts.level} 级")
    if facts.symptoms:
        found.append("有精神症状")
    if facts.insight != Insight.FULL:
        found.append("自知力不全" if facts.insight else "自知力没有填")
    poor = [SOCIAL_WORDS[name] for name in SOCIAL if getattr(facts, name) == State.POOR]
    if poor:
        found.append(f"{'、'.join(poor)}较差")
    blank = [SOCIAL_WORDS[name] for name in SOCIAL if getattr(facts, name) is None]
    if blank:
        found.append(f"{'、'.join(blank)}没有填")
    if facts.side_effect == SideEffect.YES:
        found.append("有药物不良反应")
    return found


def is_follow_up_check(day: date, previous: Previous | None, policy: CarePolicy) -> bool:
    """The last complete record lies 1–21 calendar days back and was 不稳定 or 基本稳定. Source: decisions C26."""
    return (
        previous is not None
        and 0 < (day - previous.visited_on).days <= policy.fair_check_window_days
        and previous.stability in (Stability.UNSTABLE, Stability.FAIR)
    )


def due_after(
    stability: int | None, facts: Judgeable, policy: CarePolicy, previous: Previous | None
) -> tuple[date, str]:
    """The latest next date of a class, and the rule in words. Source: 规范第三版 分类干预; decisions C23, C26."""
    day = facts.visited_on
    if stability is None:
        return due_in_hospital(facts, policy)
    if stability == Stability.STABLE:
        return add_months(day, policy.stable_months), f"稳定，{_months(policy.stable_months)}一次"
    if stability == Stability.UNSTABLE:
        return day_after(day, policy.unstable_days), f"不稳定，{_days(policy.unstable_days)}内复查"
    if not is_follow_up_check(day, previous, policy):
        return day_after(day, policy.fair_days), f"基本稳定，{_days(policy.fair_days)}内复查"
    if facts.effect in (Effect.RECOVERED, Effect.BETTER):
        months = policy.fair_improving_months
        return add_months(day, months), f"基本稳定且好转，{_months(months)}一次"
    return add_months(day, policy.fair_still_months), f"仍基本稳定，{_months(policy.fair_still_months)}一次"


def due_in_hospital(facts: Judgeable, policy: CarePolicy) -> tuple[date, str]:
    """14 days after discharge or 3 months, whichever is first. Source: decisions C23."""
    latest = add_months(facts.visited_on, policy.hospital_months)
    if facts.discharged_on and facts.discharged_on >= facts.visited_on:
        after = day_after(facts.discharged_on, policy.after_discharge_days)
        if after < latest:
            return after, f"出院后{_days(policy.after_discharge_days)}内随访"
    return latest, f"住院中，{_months(policy.hospital_months)}内了解情况"


def first_due(opened_on: date) -> tuple[date, str]:
    """A file without a complete record yet. Source: 管理治疗工作规范2018 首次随访. The same stands in the database
    (0002_walls, followup_first_due), which gives it to every new file whatever opened it."""
    return day_after(opened_on, FIRST_VISIT_DAYS), "建档后两周内首次随访"


@cache
def _months(n: int) -> str:
    return {1: "一个月", 2: "两个月", 3: "三个月"}.get(n, f"{n} 个月")


@cache
def _days(n: int) -> str:
    return {7: "一周", 14: "两周"}.get(n, f" {n} 天")
