"""责任督导的阶梯: 通报 → 约谈 → 挂牌督办 → 一票否决. Which step is open, what it asks for, how it ends.

The system shows what is open and records what was decided; it never takes a step by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from reports.rules.findings import is_overdue
from reports.terms import FindingState, MeasureState, Rung

M = MeasureState
_KEEP = Permission.KEEP_SUPERVISION
ORDER = tuple(Rung)

MEASURES = Machine(
    name="measure", label="督导措施", source="邹城 三（四）; 《健全落实社会治安综合治理领导责任制规定》（厅字〔2016〕8号）",
    states=tuple(MeasureState), starts=frozenset({M.ISSUED, M.LISTED, M.IN_FORCE}),
    ends=frozenset({M.DELISTED, M.LIFTED, M.EXPIRED, M.REVOKED}),
    steps=(
        Step(M.LISTED, M.DELISTED, "摘牌", _KEEP, "reports.measure.delisted", needs_reason=True),
        Step(M.IN_FORCE, M.LIFTED, "解除否决", _KEEP, "reports.measure.lifted", needs_reason=True),
        # told by the date and never written: see state_on
        Step(M.IN_FORCE, M.EXPIRED, "到年底失效", None, "reports.measure.expired"),
        Step(M.ISSUED, M.REVOKED, "撤销", _KEEP, "reports.measure.revoked", needs_reason=True),
        Step(M.LISTED, M.REVOKED, "撤销", _KEEP, "reports.measure.revoked", needs_reason=True),
        Step(M.IN_FORCE, M.REVOKED, "撤销", _KEEP, "reports.measure.revoked", needs_reason=True),
    ),
)  # fmt: skip
STARTS = {Rung.LISTING: M.LISTED, Rung.VETO: M.IN_FORCE}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps an area goes by, with the text they rest on. `skipping`: the text lets a step be left out."""

    clause: str
    steps: tuple[Rung, ...] = ORDER
    skipping: bool = False


# Where no plan of the area names its steps. Article numbers are left out: the text itself was not at hand.
COMMON = Ladder("健全落实社会治安综合治理领导责任制规定（厅字〔2016〕8号）")


def starts_as(rung: Rung) -> MeasureState:
    return STARTS.get(rung, M.ISSUED)


def open_steps(ladder: Ladder, *, rung: str, state: str, due_on: date, on: date) -> tuple[Rung, ...]:
    """What may be decided about a finding on a day: the next step up, once its term has passed and it is not put right.

    Source: 邹城 三（四） names the steps; that each waits for the one below and for its term: 厅字〔2016〕8号.
    """
    if not is_overdue(state, due_on, on):
        return ()
    stands = ORDER.index(Rung(rung)) if rung else -1
    above = tuple(step for step in ladder.steps if ORDER.index(step) > stands)
    return above if ladder.skipping else above[:1]


def why_shut(*, rung: str, state: str, due_on: date, on: date) -> str:
    """Why no step (or not this one) is open, with what can be done. Source: 本系统."""
    if state == FindingState.REPORTED:
        return "这个问题已经报整改。请先确认到位或退回。"
    if state != FindingState.OPEN:
        return f"这个问题现在是“{FindingState(state).label}”，不能再提请。"
    if not is_overdue(state, due_on, on):
        return f"整改期限到 {due_on:%Y-%m-%d}，过了这一天还没有整改，才能提请。"
    if rung == ORDER[-1]:
        return "已经到一票否决，后面没有措施了。"
    stands = f"现在到“{Rung(rung).label}”，" if rung else "还没有通报，"
    return f"{stands}这一步还不能办。请按次序办下一步。"


def state_on(state: str, year: int | None, today: date) -> MeasureState:
    """A veto holds until the end of the year of its assessment; the date tells, nobody writes it. Source: issue 4, Build 8."""
    if state == M.IN_FORCE and year is not None and today.year > year:
        return M.EXPIRED
    return MeasureState(state)


def why_no_veto(year: int, on: date) -> str:
    """A veto is of the assessment of the year in which it is decided, or of the next. Source: 本系统."""
    if year in (on.year, on.year + 1):
        return ""
    return f"考核年度只能是作出决定的当年或下一年：{on.year} 或 {on.year + 1}。"


def why_no_delisting(states: Iterable[str]) -> str:
    """摘牌 once everything the listing rests on is put right. Source: 本系统; 酉阳 三（三）."""
    left = sum(state in (FindingState.OPEN, FindingState.REPORTED) for state in states)
    return f"还有 {left} 个问题没有确认整改到位。全部到位以后才能摘牌。" if left else ""


def is_listing_late(state: str, due_on: date | None, today: date) -> bool:
    """The last day of the term is in time. Source: 本系统."""
    return state == M.LISTED and due_on is not None and due_on < today
