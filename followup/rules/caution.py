"""Before somebody goes to a patient's home: what to know, in neutral words, and whether to go with others. Pure."""

from dataclasses import dataclass
from datetime import date

from followup.terms import Adherence
from registry.terms import GuardianshipState

WEAK = (GuardianshipState.WEAK, GuardianshipState.NONE, GuardianshipState.AWAY)
RECENT_DAYS = 365
LEVEL = 3


@dataclass(frozen=True)
class HomeFacts:
    """What is known before a home visit. Units: level 0–5."""

    level: int | None = None
    last_class: int | None = None
    adherence: int | None = None
    last_incident_on: date | None = None
    past_danger: bool = False
    has_guardian: bool = True
    guardianship: str = ""
    open_case: bool = False


@dataclass(frozen=True)
class Caution:
    """`reasons` are for the health side; `advice` is what anybody who goes along may read."""

    reasons: tuple[str, ...]
    advice: str


ADVICE = "请两人以上同行，白天去，先和家属约好；站在靠门的一侧，手机保持畅通；情绪激动时先离开，再联系派出所。"


def caution(facts: HomeFacts, *, today: date) -> Caution | None:
    """The warning before a home visit; None when nothing speaks for one.

    Source: 管理治疗工作规范2018 联合随访 (两人以上, 既往有暴力史, 情绪不稳); the days are ours. Units: whole days.
    """
    reasons = []
    if facts.level is not None and facts.level >= LEVEL:
        reasons.append(f"最近评估 {facts.level} 级")
    if facts.open_case and not reasons:
        reasons.append("预警还没有解除")
    if facts.last_incident_on is not None and (today - facts.last_incident_on).days <= RECENT_DAYS:
        reasons.append(f"{facts.last_incident_on} 有过一起事件")
    if facts.past_danger:
        reasons.append("建档资料里记有既往危险行为")
    if facts.last_class == 1 and facts.adherence in (Adherence.INTERRUPTED, Adherence.NOT_TAKEN):
        reasons.append("病情不稳定，没有规律服药")
    return Caution(tuple(reasons), ADVICE) if reasons else None


def joint_is_advised(facts: HomeFacts, *, today: date) -> tuple[str, ...]:
    """Why the township's group should go along; empty: no reason. Source: 滕州 三(一), 中原 二(一) (病情不稳定协同随访)."""
    reasons = []
    if facts.last_class == 1:
        reasons.append("病情不稳定")
    if not facts.has_guardian:
        reasons.append("没有登记监护人")
    elif facts.guardianship in WEAK:
        reasons.append(f"监护状态为{GuardianshipState(facts.guardianship).label}")
    found = caution(facts, today=today)
    return (*reasons, *(found.reasons if found else ()))
