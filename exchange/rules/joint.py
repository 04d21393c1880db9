"""Joint visits (协同随访): the machine, what may be arranged, how long a member's grant holds. Pure."""

from datetime import datetime, timedelta

from accounts.rules.day_words import long_day
from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.terms import JointState

S = JointState
JOINT_MACHINE: Machine[JointState] = Machine(
    name="joint_visit",
    label="协同随访",
    source="滕州 三(一); 中原 二(一) (综合管理小组成员协同随访病情不稳定患者).",
    states=tuple(JointState),
    starts=frozenset({S.PLANNED}),
    ends=frozenset({S.DONE, S.CANCELLED}),
    steps=(
        Step(S.PLANNED, S.DONE, "登记为完成", Permission.ARRANGE_JOINT, "exchange.joint.done"),
        Step(S.PLANNED, S.CANCELLED, "取消", Permission.ARRANGE_JOINT, "exchange.joint.cancelled", True),
    ),
)
AHEAD = timedelta(days=60)
AFTERWARDS = timedelta(days=3)
MOST_MEMBERS = 6


def grant_ends(planned_at: datetime) -> datetime:
    """A member reads and signs the sheet until three days after the visit. Source: security 3.5 (dated, at most 92 days)."""
    return planned_at + AFTERWARDS


def too_early(planned_at: datetime, now: datetime) -> str:
    """Why a joint visit cannot have taken place yet; empty from its day on. Both moments are local. Source: 本系统.

    Colours count the police's next visit from the day that was arranged: it must not lie ahead.
    """
    if now.date() >= planned_at.date():
        return ""
    return f"还没有到约定的日期（{long_day(planned_at)}）。提前去过的，请精防人员取消这次约定，直接记随访。"


def refusals(*, planned_at: datetime, members: int, now: datetime) -> dict[str, str]:
    """By field, why this cannot be arranged. Units: days."""
    found = {}
    if planned_at < now:
        found["planned_at"] = "时间要晚于现在。已经去过的，请直接记随访。"
    elif planned_at > now + AHEAD:
        found["planned_at"] = "最多提前两个月约定。"
    if not 1 <= members <= MOST_MEMBERS:
        found["members"] = f"请选 1 到 {MOST_MEMBERS} 位同去的人。"
    return found
