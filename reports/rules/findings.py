"""督导整改: how a finding moves, when it is late, and how its history reads on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from reports.rules.tasks import Pressing, nearness
from reports.terms import FindingAct, FindingState

S, A, P = FindingState, FindingAct, Permission
_KEEP = P.KEEP_SUPERVISION

FINDINGS = Machine(
    name="finding", label="督导问题", source="酉阳 二（四）13, 三（三）; 邹城 三（四）; 中原 四; 滕州 五; 阜新 四（四）",
    states=tuple(FindingState), starts=frozenset({S.OPEN}), ends=frozenset({S.RIGHT, S.WITHDRAWN}),
    steps=(
        Step(S.OPEN, S.REPORTED, "报整改", P.ANSWER_FINDING, "reports.finding.reported"),
        Step(S.REPORTED, S.RIGHT, "确认整改到位", _KEEP, "reports.finding.accepted"),
        Step(S.REPORTED, S.OPEN, "退回", _KEEP, "reports.finding.returned", needs_reason=True),
        Step(S.OPEN, S.WITHDRAWN, "撤销问题", _KEEP, "reports.finding.withdrawn", needs_reason=True),
    ),
)  # fmt: skip
BECOMES = {A.REPORTED: S.REPORTED, A.ACCEPTED: S.RIGHT, A.RETURNED: S.OPEN, A.WITHDRAWN: S.WITHDRAWN}


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """到期未整改: not reported as put right by the last day of its term; that day itself is in time.

    What waits for the commission is not the unit's delay. Source: 本系统.
    """
    return state == S.OPEN and due_on < today


def pressing_of(state: str, due_on: date, today: date) -> Pressing:
    """Units: whole days. Source: 本系统."""
    return nearness(due_on, today) if state == S.OPEN else Pressing("", is_late=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history, as far as the standing asks for it. `due_on`: a new term. `rung`: where the ladder stands now."""

    act: str
    on: date
    due_on: date | None = None
    rung: str = ""


@dataclass(frozen=True, slots=True)
class FindingStanding:
    state: str
    due_on: date
    rung: str = ""


def standing_on(history: Iterable[Entry], day: date) -> FindingStanding | None:
    """How a finding stood on a day, out of its history in order; None where it had not been found. Source: 本系统."""
    found: FindingStanding | None = None
    for entry in history:
        if entry.on > day:
            continue  # only progress may stand behind a later day, and it changes nothing
        if entry.act == A.FOUND and entry.due_on is not None:
            found = FindingStanding(S.OPEN, entry.due_on)
        elif found is not None:
            found = _after(found, entry)
    return found


def _after(found: FindingStanding, entry: Entry) -> FindingStanding:
    if entry.act in (A.RAISED, A.REVOKED):
        found = replace(found, rung=entry.rung)
    if (state := BECOMES.get(FindingAct(entry.act))) is not None:
        found = replace(found, state=state)
    return found if entry.due_on is None else replace(found, due_on=entry.due_on)


@dataclass(frozen=True, slots=True)
class Tally:
    """督导整改 of an area on a day. `found`: without those withdrawn."""

    found: int = 0
    right: int = 0
    waiting: int = 0
    overdue: int = 0
    listed: int = 0  # units under 挂牌督办

    @property
    def open(self) -> int:
        return self.found - self.right - self.waiting


def tally_on(histories: Iterable[Iterable[Entry]], day: date, *, listed: int = 0) -> Tally:
    """Source: issue 4, Build 8; 本系统 (a withdrawn finding was none)."""
    seen = [standing for history in histories if (standing := standing_on(history, day)) is not None]
    counted = [standing for standing in seen if standing.state != S.WITHDRAWN]
    return Tally(
        found=len(counted),
        right=sum(standing.state == S.RIGHT for standing in counted),
        waiting=sum(standing.state == S.REPORTED for standing in counted),
        overdue=sum(is_overdue(standing.state, standing.due_on, day) for standing in counted),
        listed=listed,
    )
