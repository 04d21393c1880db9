"""Lowering a colour: proposed by the facts, assessed by one person, approved by another. Pure."""

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from followup.terms import FallState

S = FallState
FALL_MACHINE: Machine[FallState] = Machine(
    name="colour_fall",
    label="分色降级",
    source="酉阳 十四; practice notes B2, D (down-grading only by assessment and approval); issue 3, Follow-up 7.",
    states=tuple(FallState),
    starts=frozenset({S.PROPOSED}),
    ends=frozenset({S.APPROVED, S.REFUSED, S.KEPT, S.LAPSED}),
    steps=(
        Step(S.PROPOSED, S.ASSESSED, "评估同意降级", Permission.MANAGE_PLAN, "followup.colour.assessed", True),
        Step(S.PROPOSED, S.KEPT, "评估后维持", Permission.MANAGE_PLAN, "followup.colour.kept", True),
        Step(S.PROPOSED, S.LAPSED, "情况有变化", None, "followup.colour.lapsed"),
        Step(S.ASSESSED, S.APPROVED, "批准降级", Permission.APPROVE_COLOUR, "followup.colour.fell"),
        Step(S.ASSESSED, S.REFUSED, "不同意降级", Permission.APPROVE_COLOUR, "followup.colour.refused", True),
        Step(S.ASSESSED, S.LAPSED, "情况有变化", None, "followup.colour.lapsed"),
    ),
)
OPEN = (S.PROPOSED, S.ASSESSED)


def basis(table: int, record: int | None, before: str, after: str) -> str:
    """What a proposal rests on: the same ground is not proposed again after it was refused."""
    return f"{table}|{record or 0}|{before}|{after}"
