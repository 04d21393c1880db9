"""The way of a file from one township to the next, and which township answers for a person.

Source: 管理治疗工作规范 2018 (迁居, T5, T7); 邹城 三(三); the days are county settings.
"""

from datetime import date
from enum import StrEnum

from accounts.rules.calendar import WorkCalendar, add_working_days
from accounts.rules.machine import Machine, Step
from accounts.rules.text import TextRefused
from accounts.terms import Permission
from registry.terms import OPEN_TRANSFER, TransferState

S, P = TransferState, Permission
_MOVE, _CLOSE = P.MOVE_PATIENT, P.CLOSE_PATIENT
REFUSALS_BEFORE_COUNTY = 2

TRANSFER = Machine(
    name="transfer", label="档案移交", source="规范2018 迁居; 邹城 三(三)", states=tuple(TransferState),
    starts=frozenset({S.PROPOSED}), ends=frozenset({S.DONE, S.CANCELLED, S.LEFT, S.CLOSED}),
    steps=(
        Step(S.PROPOSED, S.SEEN, "看到", _MOVE, "registry.transfer.seen"),
        Step(S.SEEN, S.ACCEPTED, "接收", _MOVE, "registry.transfer.accepted"),
        Step(S.SEEN, S.REFUSED, "退回", _MOVE, "registry.transfer.refused", needs_reason=True),
        Step(S.SEEN, S.COUNTY, "再次退回或逾期，由县里决定", _MOVE, "registry.transfer.to_county", needs_reason=True),
        Step(S.REFUSED, S.PROPOSED, "补充后再次提出", _MOVE, "registry.transfer.again", needs_reason=True),
        Step(S.COUNTY, S.ACCEPTED, "县里决定由接收方管理", _MOVE, "registry.transfer.decided", needs_reason=True),
        Step(S.COUNTY, S.CANCELLED, "县里决定留在原处", _MOVE, "registry.transfer.kept", needs_reason=True),
        Step(S.PROPOSED, S.CANCELLED, "撤回", _MOVE, "registry.transfer.cancelled", needs_reason=True),
        Step(S.SEEN, S.CANCELLED, "撤回", _MOVE, "registry.transfer.cancelled", needs_reason=True),
        Step(S.REFUSED, S.CANCELLED, "撤回", _MOVE, "registry.transfer.cancelled", needs_reason=True),
        Step(S.PROPOSED, S.COUNTY, "接收方逾期，由县里接手", _MOVE, "registry.transfer.to_county", needs_reason=True),
        Step(S.PROPOSED, S.LEFT, "登记外地已接收", _CLOSE, "registry.transfer.left", needs_reason=True),
        Step(S.ACCEPTED, S.DONE, "首次随访", None, "registry.transfer.done"),
        *(Step(open_, S.CLOSED, "档案结案", None, "registry.transfer.closed")
          for open_ in (S.PROPOSED, S.SEEN, S.REFUSED, S.COUNTY, S.ACCEPTED)),
    ),
)  # fmt: skip


class Side(StrEnum):
    """How somebody stands to a transfer."""

    PROPOSER = "proposer"
    RECEIVER = "receiver"
    COUNTY_FROM = "county_from"
    COUNTY_TO = "county_to"


class Answer(StrEnum):
    """What somebody may do to a transfer on its page."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    AGAIN = "again"
    CANCEL = "cancel"
    TAKE_OVER = "take_over"
    LEFT = "left"


NO_PLACE = "请选择接收的乡镇（街道）；不在本系统的，请写明迁往的地方和接收单位。"
ANSWERS: dict[Answer, str] = {
    Answer.ACCEPT: "接收，由我们管理",
    Answer.REFUSE: "退回，写明原因",
    Answer.AGAIN: "补充情况，再次提出",
    Answer.CANCEL: "撤回，仍由原处管理",
    Answer.TAKE_OVER: "接收方逾期，由县里接手",
    Answer.LEFT: "外地已书面接收，登记迁出",
}
DECISIONS: dict[Answer, str] = {Answer.ACCEPT: "决定由接收方管理", Answer.CANCEL: "决定留在原处管理"}
_COUNTY = frozenset({Side.COUNTY_FROM, Side.COUNTY_TO})


def offers(state: str, sides: frozenset[Side], *, outside: bool, silent: bool) -> tuple[Answer, ...]:
    """What these sides may do now, the most usual first. The county decides only what was handed to it."""
    if state == S.COUNTY:
        accept = (Answer.ACCEPT,) if Side.COUNTY_TO in sides and not outside else ()
        return (*accept, Answer.CANCEL) if sides & _COUNTY else ()
    found: list[Answer] = []
    if state in (S.PROPOSED, S.SEEN) and Side.RECEIVER in sides:
        found += [Answer.ACCEPT, Answer.REFUSE]
    if state == S.PROPOSED and outside and Side.PROPOSER in sides:
        found.append(Answer.LEFT)
    if state == S.REFUSED and Side.PROPOSER in sides:
        found.append(Answer.AGAIN)
    if state in (S.PROPOSED, S.SEEN) and silent and not outside and sides & _COUNTY:
        found.append(Answer.TAKE_OVER)
    if state in (S.PROPOSED, S.SEEN, S.REFUSED) and Side.PROPOSER in sides:
        found.append(Answer.CANCEL)
    return tuple(found)


class TransferRefused(TextRefused):
    """The transfer cannot go on so. The text says why."""


def after_refusal(refusals: int) -> TransferState:
    """Where a refusal leads; `refusals` counts this one. Twice: the county decides. Units: refusals."""
    return S.COUNTY if refusals >= REFUSALS_BEFORE_COUNTY else S.REFUSED


def answer_by(proposed_on: date, days: int, calendar: WorkCalendar) -> date:
    """Last day for the receiver's answer. Source: 规范2018 T5. Units: working days after the proposal."""
    return add_working_days(proposed_on, days, calendar)


def is_silent(state: str, due_on: date | None, *, today: date) -> bool:
    """True the day after the last day, while the receiver still owes an answer."""
    return state in (S.PROPOSED, S.SEEN) and due_on is not None and today > due_on


def check_destination(*, from_township: int, to_township: int | None, outside: str) -> None:
    """A township of this system other than the present one, or a place outside of it in words. Raises: TransferRefused."""
    if to_township is None and not outside:
        raise TransferRefused(NO_PLACE)
    if to_township is not None and outside:
        raise TransferRefused("乡镇（街道）和外地只能填一个。")
    if to_township == from_township:
        raise TransferRefused("患者现在就由这个乡镇（街道）管理。")


def duty_township(*, residence: int | None, present: int | None) -> int | None:
    """Which township answers: that of the residence (经常居住地); unknown residence: the one that holds the file.

    The household registration never decides. Source: 邹城 三 (经常居住地建档管理, 告知户籍地); 规范2018 §1 常住.
    """
    return residence if residence is not None else present


def is_open(state: str) -> bool:
    return state in OPEN_TRANSFER
