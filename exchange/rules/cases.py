"""States of an alert: one table says what may follow what, what the office is told and what the audit writes."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.rules import machine
from exchange.terms import CaseStatus, EntryKind

S, K = CaseStatus, EntryKind


class CaseEvent(StrEnum):
    """What can happen to a case."""

    RISE = "rise"  # a level at or above the threshold, by any health role
    RISE_CONFIRMED = "rise_confirmed"  # the same, by a psychiatrist
    FALL_REPORTED = "fall_reported"  # below the threshold, where a psychiatrist must still look
    FALL = "fall"  # below the threshold, final
    FALL_HELD = "fall_held"  # below the threshold, but an incident or a search is still open
    INCIDENT = "incident"  # an incident was confirmed
    LEFT = "left"  # an unstable patient has left, or one who is watched
    LOST = "lost"  # a patient of the threshold or above is lost
    CONFIRM = "confirm"  # a psychiatrist confirms the level (or refuses a fall)
    LEAVE = "leave"  # the patient goes to another office's area
    END = "end"  # the file is closed


@dataclass(frozen=True)
class Step:
    """What follows. `tells` None: the office is told nothing new."""

    after: CaseStatus
    tells: EntryKind | None
    action: str  # the audit's word


_CLOSE = Step(S.CLOSED, K.CLOSED, "exchange.alert.closed")
_AGAIN = "exchange.alert.raised_again"
_HELD = "exchange.alert.held"
TRANSITIONS: dict[tuple[CaseStatus | None, CaseEvent], Step] = {
    (None, CaseEvent.RISE): Step(S.PRELIMINARY, K.RAISED, "exchange.alert.raised"),
    (None, CaseEvent.RISE_CONFIRMED): Step(S.CONFIRMED, K.RAISED, "exchange.alert.raised"),
    (S.PRELIMINARY, CaseEvent.RISE): Step(S.PRELIMINARY, K.RAISED_AGAIN, _AGAIN),
    (S.PRELIMINARY, CaseEvent.RISE_CONFIRMED): Step(S.CONFIRMED, K.RAISED_AGAIN, _AGAIN),
    (S.CONFIRMED, CaseEvent.RISE): Step(S.CONFIRMED, K.RAISED_AGAIN, _AGAIN),
    (S.CONFIRMED, CaseEvent.RISE_CONFIRMED): Step(S.CONFIRMED, K.RAISED_AGAIN, _AGAIN),
    (S.UNDER_REVIEW, CaseEvent.RISE): Step(S.CONFIRMED, K.RAISED_AGAIN, _AGAIN),
    (S.UNDER_REVIEW, CaseEvent.RISE_CONFIRMED): Step(S.CONFIRMED, K.RAISED_AGAIN, _AGAIN),
    (S.PRELIMINARY, CaseEvent.CONFIRM): Step(S.CONFIRMED, K.CONFIRMED, "exchange.alert.confirmed"),
    (S.CONFIRMED, CaseEvent.CONFIRM): Step(S.CONFIRMED, K.CONFIRMED, "exchange.alert.confirmed"),
    (S.UNDER_REVIEW, CaseEvent.CONFIRM): Step(S.CONFIRMED, K.CONFIRMED, "exchange.alert.confirmed"),
    (S.PRELIMINARY, CaseEvent.FALL_REPORTED): _CLOSE,
    (S.CONFIRMED, CaseEvent.FALL_REPORTED): Step(S.UNDER_REVIEW, K.LOWERED, "exchange.alert.under_review"),
    (S.UNDER_REVIEW, CaseEvent.FALL_REPORTED): Step(S.UNDER_REVIEW, None, "exchange.alert.under_review"),
    (None, CaseEvent.INCIDENT): Step(S.PRELIMINARY, K.INCIDENT, "exchange.alert.raised"),
    (S.PRELIMINARY, CaseEvent.INCIDENT): Step(S.PRELIMINARY, K.INCIDENT, _AGAIN),
    (S.CONFIRMED, CaseEvent.INCIDENT): Step(S.CONFIRMED, K.INCIDENT, _AGAIN),
    (S.UNDER_REVIEW, CaseEvent.INCIDENT): Step(S.CONFIRMED, K.INCIDENT, _AGAIN),
    **{(before, event): Step(before or S.PRELIMINARY, told, _AGAIN if before else "exchange.alert.raised")
       for before in (None, S.PRELIMINARY, S.CONFIRMED, S.UNDER_REVIEW)
       for event, told in ((CaseEvent.LEFT, K.LEFT), (CaseEvent.LOST, K.LOST))},
    (S.PRELIMINARY, CaseEvent.FALL_HELD): Step(S.UNDER_REVIEW, K.LOWERED, _HELD),
    (S.CONFIRMED, CaseEvent.FALL_HELD): Step(S.UNDER_REVIEW, K.LOWERED, _HELD),
    (S.UNDER_REVIEW, CaseEvent.FALL_HELD): Step(S.UNDER_REVIEW, None, _HELD),
    **{(status, event): _CLOSE for status in (S.PRELIMINARY, S.CONFIRMED, S.UNDER_REVIEW)
       for event in (CaseEvent.FALL, CaseEvent.LEAVE, CaseEvent.END)},
}  # fmt: skip


_VERBS = {
    CaseEvent.RISE: "再次评估达到等级", CaseEvent.RISE_CONFIRMED: "医师评估达到等级", CaseEvent.FALL_REPORTED: "报告下降",
    CaseEvent.FALL_HELD: "下降但事件或寻找未了结", CaseEvent.INCIDENT: "确认肇事肇祸",
    CaseEvent.LEFT: "外出", CaseEvent.LOST: "失访",
    CaseEvent.FALL: "确认下降", CaseEvent.CONFIRM: "医师确认", CaseEvent.LEAVE: "离开辖区", CaseEvent.END: "档案结案",
}  # fmt: skip


def _arrows() -> tuple[machine.Step[CaseStatus], ...]:
    """One arrow between two states, with the words of every event that leads along it. No person moves it by hand."""
    found: dict[tuple[CaseStatus, CaseStatus], list[tuple[str, str]]] = {}
    for (before, event), row in TRANSITIONS.items():
        if before is not None:
            found.setdefault((before, row.after), []).append((_VERBS[event], row.action))
    return tuple(
        machine.Step(before, after, "、".join(verb for verb, _ in said), None, said[0][1])
        for (before, after), said in found.items()
    )


CASE: machine.Machine[CaseStatus] = machine.Machine(
    name="alert_case", label="通报", source="decisions B19, B21", states=tuple(CaseStatus),
    starts=frozenset(row.after for (before, _), row in TRANSITIONS.items() if before is None),
    ends=frozenset({S.CLOSED}), steps=_arrows(),
)  # fmt: skip


def step(status: CaseStatus | None, event: CaseEvent) -> Step | None:
    """What the event does to a case (None: no case yet). None: it means nothing here. Source: decisions B19, B21."""
    return TRANSITIONS.get((status, event))
