"""外出 and 失访 at the offices: when they are told, and how long a case is kept open by a search."""

from dataclasses import dataclass

from exchange.rules.cases import CaseEvent

LEFT, LOST = "away", "lost"  # the register's words for 外出 and 失访
UNSTABLE = 1  # 本次随访分类: 不稳定


@dataclass(frozen=True)
class Standing:
    """What the newest assessment says. `denied`: a psychiatrist has confirmed the fall since."""

    level: int | None = None  # 0–5
    stability: int | None = None  # 1–3
    denied: bool = False


def absence_event(status: str) -> CaseEvent | None:
    """The case's event for a status that begins; None where the person is neither away nor lost."""
    return {LEFT: CaseEvent.LEFT, LOST: CaseEvent.LOST}.get(status)


def is_told(status: str, standing: Standing, *, from_level: int, unstable_too: bool = True) -> bool:
    """Whether offices without an open case hear of it: an unstable or high-level patient who leaves, a lost one of
    the threshold or above.

    Source: 管理治疗工作规范2018 (3 级及以上或病情不稳定患者离开属地, 立即通知公安); issue 4 (lost patient of level ≥ 3).
    `unstable_too`: the county tells of unstable patients below the threshold who leave. Units: level 0–5.
    """
    high = standing.level is not None and standing.level >= from_level and not standing.denied
    if status == LEFT:
        return high or (unstable_too and standing.stability == UNSTABLE and not standing.denied)
    return status == LOST and high


def keeps_open(status: str, stability: int | None) -> bool:
    """A search keeps a case open; an absence does as long as the newest record says 不稳定. Source: decisions B21."""
    return status == LOST or (status == LEFT and stability == UNSTABLE)
