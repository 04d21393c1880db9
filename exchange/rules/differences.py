"""One difference between an agency's list and our register: what may be concluded, and its states.

Source: issue 4, Build 6 (结论, 证据, deadline, review); practice notes B3.
"""

from dataclasses import dataclass

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.terms import SYSTEMS, Conclusion, DifferenceState, Evidence, InboundKind, InboundState, RowClass

S, C, P, L = DifferenceState, Conclusion, Permission, InboundState
DIFFERENCES = Machine(
    name="difference",
    label="差异",
    source="issue 4, Build 6; practice notes B3",
    states=tuple(S),
    starts=frozenset({S.OPEN}),
    ends=frozenset({S.ACCEPTED, S.LAPSED}),
    steps=(
        Step(S.OPEN, S.ANSWERED, "填写结论", P.WORK_DIFFERENCE, "exchange.difference.answered"),
        Step(S.OPEN, S.LAPSED, "核对一致", None, "exchange.difference.lapsed"),
        Step(S.ANSWERED, S.ACCEPTED, "审核通过", P.REVIEW_DIFFERENCE, "exchange.difference.accepted"),
        Step(S.ANSWERED, S.OPEN, "退回", P.REVIEW_DIFFERENCE, "exchange.difference.returned", needs_reason=True),
        Step(S.ANSWERED, S.LAPSED, "核对一致", None, "exchange.difference.lapsed"),
    ),
)
INBOUND = Machine(
    name="inbound_list",
    label="收到的名册",
    source="issue 4, Build 6",
    states=tuple(L),
    starts=frozenset({L.DRAFT}),
    ends=frozenset({L.ANSWERED}),
    steps=(
        Step(L.DRAFT, L.SENT, "报送", P.SEND_LIST, "exchange.inbound.sent"),
        Step(L.SENT, L.COMPARED, "比对", None, "exchange.inbound.compared"),
        Step(L.COMPARED, L.ANSWERED, "复函", None, "exchange.inbound.answered"),
    ),
)
CONCLUSIONS: dict[RowClass, tuple[Conclusion, ...]] = {
    RowClass.DIFFERS: (C.OURS_MENDED, C.THEIRS_WRONG, C.CANNOT),
    RowClass.ONLY_THEIRS: (C.SUSPECT, C.ON_FILE, C.NOBODY, C.MOVED, C.DEAD, C.NOT_SIX),
    RowClass.ONLY_OURS: (C.THEIRS_LACKS, C.NOT_THEIRS, C.OURS_ENDED, C.CANNOT),
    RowClass.ENDED_HERE: (C.ENDED_RIGHT, C.REOPENED, C.CANNOT),
}
OF_DEATH = (C.DEATH, C.ALIVE)
ON_A_PLATFORM = {  # that the county reports to itself: there is no other side to ask
    C.THEIRS_WRONG: "平台上有误，由本县在平台更正", C.THEIRS_LACKS: "应列入，由本县在平台补录",
    C.NOT_THEIRS: "不在平台管理范围", C.ENDED_RIGHT: "我方注销无误，由本县在平台更新",
}  # fmt: skip
WORDS_NEEDED = frozenset({C.CANNOT, C.ALIVE, C.ON_FILE})


@dataclass(frozen=True)
class Problem:
    field: str
    message: str


@dataclass(frozen=True)
class Finding:
    """What the township says."""

    conclusion: Conclusion
    evidence: Evidence
    words: str = ""


@dataclass(frozen=True)
class Situation:
    """How our file stands at the moment of the answer. `differs`: labels of fields that still say something else."""

    found: RowClass
    of_death: bool
    ended: bool
    dead: bool
    differs: tuple[str, ...] = ()


def conclusions_for(found: RowClass, *, of_death: bool) -> tuple[Conclusion, ...]:
    """The closed choice of one class; a reported death of somebody on the register has its own."""
    if of_death and found is RowClass.DIFFERS:
        return OF_DEATH
    return CONCLUSIONS.get(found, ())


def conclusion_words(said: Conclusion, kind: InboundKind) -> str:
    """A conclusion as it reads for a list of this kind. Source: issue 4, Build 7 (补报 is the county's own)."""
    return ON_A_PLATFORM.get(said, str(said.label)) if kind in SYSTEMS else str(said.label)


def check_finding(finding: Finding, now: Situation) -> list[Problem]:
    """What is missing or contradicts our own file; empty when the answer can be taken.

    Source: practice notes B3; issue 4 (death matches): the file is closed by a person, never by a list.
    """
    said, problems = finding.conclusion, []
    if said not in conclusions_for(now.found, of_death=now.of_death):
        problems.append(Problem("conclusion", "这类差异不能这样答复。请从列出的结论里选。"))
    if (said in WORDS_NEEDED or finding.evidence is Evidence.OTHER) and not finding.words:
        problems.append(Problem("words", "这样答复要写明情况。请用一两句话说明。"))
    if said is C.OURS_MENDED and now.differs:
        problems.append(
            Problem("conclusion", f"档案里还没有更正：{'、'.join(now.differs)}。请先更正档案，再选这一项。")
        )
    if said is C.DEATH and not now.dead:
        problems.append(Problem("conclusion", "档案还没有按死亡结案。请先在患者档案里办理结案，再选这一项。"))
    if said is C.ALIVE and now.dead:
        problems.append(Problem("conclusion", "档案已经按死亡结案。确属登记错误的，请先撤销结案。"))
    if said is C.OURS_ENDED and not now.ended:
        problems.append(Problem("conclusion", "档案还没有结案。请先办理结案，再选这一项。"))
    if said is C.REOPENED and now.ended:
        problems.append(Problem("conclusion", "档案还没有恢复管理。请先恢复，再选这一项。"))
    return problems
