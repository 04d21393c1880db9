"""How a patient's status may move, who may move it, and what the trail calls it.

Source: 管理治疗工作规范 2018 (在册 = 建档 − 死亡 − 迁出 − 排除); design decisions A5. Dates are local days.
"""

from dataclasses import dataclass
from datetime import date

from accounts.rules.machine import Machine, Step
from accounts.rules.text import TextRefused
from accounts.terms import Permission
from registry.terms import ENDING, CareStatus

S = CareStatus
LIVING = tuple(value for value in CareStatus if value not in ENDING)


class MoveRefused(TextRefused):
    """The status cannot move so. The text says why."""


@dataclass(frozen=True)
class Transition:
    permission: Permission
    action: str  # audit action
    needs_reason: bool = False


_CHANGE = Transition(Permission.EDIT_PATIENT, "registry.status.changed")
_CLOSE = Transition(Permission.CLOSE_PATIENT, "registry.patient.closed", needs_reason=True)
_REOPEN = Transition(Permission.CLOSE_PATIENT, "registry.patient.reopened", needs_reason=True)

TRANSITIONS: dict[tuple[CareStatus, CareStatus], Transition] = {
    **{(a, b): _CHANGE for a in LIVING for b in LIVING if a is not b},
    **{(a, b): _CLOSE for a in LIVING for b in CareStatus if b in ENDING},
    **{(a, S.MANAGED): _REOPEN for a in CareStatus if a in ENDING},  # a mistaken closing is taken back
    (S.MOVED_OUT, S.DEAD): _CLOSE,  # learned later
}


def _verb(before: CareStatus, after: CareStatus) -> str:
    if before in ENDING and after is S.MANAGED:
        return "恢复误结的档案"
    return f"结案：{after.label}" if after in ENDING else f"改为{after.label}"


# The same table, drawn and walked. It runs for ever: a closing can be a mistake, and is taken back by a dated fact.
STATUS: Machine[CareStatus] = Machine(
    name="care_status", label="管理状态", source="规范2018 (在册 = 建档 − 死亡 − 迁出 − 排除); 规范2018 §4",
    states=tuple(CareStatus), starts=frozenset({S.MANAGED}), ends=frozenset(),
    steps=tuple(
        Step(before, after, _verb(before, after), row.permission, row.action, row.needs_reason)
        for (before, after), row in TRANSITIONS.items()
    ),
)  # fmt: skip


def transition(before: str, after: str) -> Transition:
    """The row of the table. Raises: MoveRefused."""
    found = TRANSITIONS.get((CareStatus(before), CareStatus(after)))
    if found is None:
        was, new = CareStatus(before).label, CareStatus(after).label
        if before == after:
            raise MoveRefused(f"现在的状态已经是“{was}”。")
        raise MoveRefused(f"状态不能从“{was}”改为“{new}”。")
    return found


@dataclass(frozen=True)
class Life:
    """The days between which something can happen to a patient on the register."""

    opened_on: date
    birth_on: date | None = None
    closed_on: date | None = None


def check_day(day: date, life: Life, *, today: date, what: str) -> None:
    """Refuse a day to come, before birth, before the file was opened, or on and after its end. Raises: MoveRefused."""
    if day > today:
        raise MoveRefused(f"{what}不能晚于今天。请核对日期。")
    if life.birth_on is not None and day < life.birth_on:
        raise MoveRefused(f"{what}不能早于出生日期 {life.birth_on}。请核对日期。")
    if day < life.opened_on:
        raise MoveRefused(f"{what}不能早于建档日期 {life.opened_on}。请核对日期。")
    if life.closed_on is not None and day >= life.closed_on:
        raise MoveRefused(f"档案自 {life.closed_on} 起已结束，{what}要早于这一天。如果是误结案，请先恢复。")


def closed_on(statuses: list[tuple[date, str]]) -> date | None:
    """First day off the register: the start of the unbroken run of ENDING values that holds at the end, else None."""
    found = None
    for starts_on, value in sorted(statuses):
        found = (found or starts_on) if value in ENDING else None
    return found
