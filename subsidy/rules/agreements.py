"""What an agreement must say, and over which days somebody says that the guardian did the duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup.rules.choice import Problem
from registry.terms import Relation
from subsidy.rules.spans import DAY, Span, add_months, part_of
from subsidy.terms import DutyFailure, DutyResult, NamedBy

LONGEST_MONTHS = 36  # 本系统: a longer term is a slip of the pen; agreements are renewed yearly (practice.md A2)
SAID_AHEAD_MONTHS = 3
CALENDAR = (1, 1)


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """As on the paper. Both ends of the term count. `lives_together`, `is_able` None: nobody has found out."""

    starts_on: date
    ends_on: date
    signed_on: date
    named_by: NamedBy = NamedBy.FAMILY
    namer: str = ""
    duties_read: bool = False
    lives_together: bool | None = None
    is_able: bool | None = None

    @property
    def term(self) -> Span:
        return Span(self.starts_on, self.ends_on)


def agreement_problems(facts: AgreementFacts, *, relation: str, opened_on: date, today: date) -> list[Problem]:
    """What lacks or cannot be. `relation`: the guardian's, as the register has it.

    Source: 邹城 二(七) (a family that cannot guard: village or work unit name somebody); practice.md A2. Units: local dates.
    """
    found = _days(facts, opened_on, today)
    if not facts.duties_read:
        found.append(Problem("duties_read", "监护人读过监护职责并签字以后才能登记。"))
    if facts.named_by is not NamedBy.FAMILY and not facts.namer:
        found.append(Problem("namer", "请写明是哪个村（居）委会或单位指定的。"))
    if facts.named_by is NamedBy.FAMILY and relation == Relation.COMMITTEE:
        found.append(Problem("named_by", "登记的监护人是村居或单位的人，请选由谁指定。"))
    return found


def _days(facts: AgreementFacts, opened_on: date, today: date) -> list[Problem]:
    found = []
    if facts.signed_on > today:
        found.append(Problem("signed_on", "签字日期不能晚于今天。"))
    if facts.starts_on < opened_on:
        found.append(Problem("starts_on", f"开始日期不能早于建档日期 {opened_on}。"))
    if facts.starts_on > add_months(today, SAID_AHEAD_MONTHS):
        found.append(Problem("starts_on", f"最多提前 {SAID_AHEAD_MONTHS} 个月登记。请核对开始日期。"))
    if facts.ends_on <= facts.starts_on:
        found.append(Problem("ends_on", "期满日期要晚于开始日期。"))
    elif facts.ends_on >= add_months(facts.starts_on, LONGEST_MONTHS):
        found.append(Problem("ends_on", f"一份协议最长 {LONGEST_MONTHS // 12} 年。请核对期满日期。"))
    return found


def usual_term(first: date, year_starts: tuple[int, int] = CALENDAR) -> Span:
    """To the end of the care year in which it begins. Source: practice.md A1 (铜梁: 1 Jul–30 Jun), A2 (yearly renewal)."""
    return Span(first, part_of(first, year_starts, 12).last)


def duty_periods(
    term: Span, today: date, year_starts: tuple[int, int] = CALENDAR, every_months: int = 3
) -> tuple[Span, ...]:
    """The stretches that have begun under an agreement, each cut to its days, newest first.

    Source: 河北 2016 (every three months); practice.md A2. A stretch that still runs can be told too (即时认定).
    """
    found: list[Span] = []
    day = term.first
    while day <= min(term.last, today):
        whole = part_of(day, year_starts, every_months)
        if (days := whole.meets(term)) is not None:
            found.append(days)
        day = whole.last + DAY
    return tuple(reversed(found))


def duty_problems(
    result: DutyResult, failures: Sequence[DutyFailure], note: str, signers: Sequence[str]
) -> list[Problem]:
    """A failed quarter says why; somebody has signed it. Source: practice.md A2 (合格/不合格 + reasons, signers)."""
    found = []
    if result is DutyResult.FAILED and not failures:
        found.append(Problem("failures", "请选不合格的原因，至少一项。"))
    if result is DutyResult.PASSED and failures:
        found.append(Problem("failures", "认定合格的，不选不合格的原因。"))
    if DutyFailure.OTHER in failures and not note:
        found.append(Problem("note", "选了“其他”，请写明是什么。"))
    if not signers:
        found.append(Problem("signers", "请写签字的人，至少一人。"))
    return found
