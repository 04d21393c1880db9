"""The ledger's rules: how a task moves, when it is late, and what its words may not hold."""

import re
from dataclasses import dataclass
from datetime import date

from accounts.refusals import Refused
from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from reports.terms import MeetingState, TaskState

S, P, M = TaskState, Permission, MeetingState
_WORK, _KEEP = P.WORK_TASK, P.KEEP_TASKS

TASKS = Machine(
    name="task", label="任务", source="本系统; 酉阳 三(三) 工作台账; 中原 四", states=tuple(TaskState),
    starts=frozenset({S.OPEN}), ends=frozenset(),
    steps=(
        Step(S.OPEN, S.WORKING, "记录进展", _WORK, "reports.task.noted"),
        Step(S.OPEN, S.REPORTED, "报完成", _WORK, "reports.task.reported"),
        Step(S.WORKING, S.REPORTED, "报完成", _WORK, "reports.task.reported"),
        Step(S.REPORTED, S.DONE, "确认完成", _KEEP, "reports.task.confirmed"),
        Step(S.REPORTED, S.WORKING, "退回", _KEEP, "reports.task.returned", needs_reason=True),
        Step(S.DONE, S.WORKING, "重新办理", _KEEP, "reports.task.reopened", needs_reason=True),
        Step(S.OPEN, S.DROPPED, "不再办理", _KEEP, "reports.task.dropped", needs_reason=True),
        Step(S.WORKING, S.DROPPED, "不再办理", _KEEP, "reports.task.dropped", needs_reason=True),
        Step(S.DROPPED, S.WORKING, "恢复办理", _KEEP, "reports.task.resumed", needs_reason=True),
    ),
)  # fmt: skip
MEETINGS = Machine(
    name="meeting", label="会议", source="中原 附件一(一), 三(一)2; 阜新 三(一)", states=tuple(MeetingState),
    starts=frozenset({M.CALLED}), ends=frozenset({M.HELD, M.CANCELLED}),
    steps=(
        Step(M.CALLED, M.HELD, "登记纪要", _KEEP, "reports.meeting.held"),
        Step(M.CALLED, M.CANCELLED, "取消", _KEEP, "reports.meeting.cancelled", needs_reason=True),
    ),
)  # fmt: skip
OPEN_STATES = frozenset({S.OPEN, S.WORKING})
LONG_NUMBER = re.compile(r"(?<!\d)\d{15}(?:\d{2}[\dXx])?(?!\d)")


class NamesAPerson(Refused):
    code = "names_a_person"
    message = "里面像有证件号码。这里的内容各部门都能看到，请不要写患者的姓名和证件号码。"


@dataclass(frozen=True, slots=True)
class Pressing:
    """How near the end of its term a task is, in words."""

    words: str
    is_late: bool


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """逾期: not reported as done by the last day of its term. What waits for the commission is not the department's delay.

    Source: 本系统. The last day itself is in time.
    """
    return state in OPEN_STATES and due_on is not None and due_on < today


def pressing(state: str, due_on: date | None, today: date) -> Pressing:
    """Units: whole days. Source: 本系统."""
    if state not in OPEN_STATES or due_on is None:
        return Pressing("", is_late=False)
    return nearness(due_on, today)


def nearness(due_on: date, today: date) -> Pressing:
    """Of work that is still open. Units: whole days. Source: 本系统."""
    days = (due_on - today).days
    if days < 0:
        return Pressing(f"逾期 {-days} 天", is_late=True)
    return Pressing("今天到期" if days == 0 else f"还有 {days} 天" if days <= 90 else "", is_late=False)


def names_nobody(text: str, *, field: str) -> None:
    """The ledger is read by every department: an ID number has no place in it. Source: 个人信息保护法 第六条.

    Raises: NamesAPerson, at the field.
    """
    if LONG_NUMBER.search(text):
        raise NamesAPerson(field=field)
