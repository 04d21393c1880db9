"""The doctor's choice beside the rule's verdict. Source: design decisions C24, C25."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from followup.rules.classification import Judgeable, Verdict, due_after
from followup.rules.facts import Choice, Previous
from followup.rules.policy import CarePolicy
from followup.terms import Stability


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal that names the field and the remedy."""

    field: str
    message: str


class Decision(NamedTuple):
    """What will stand in the record."""

    stability: int | None
    next_due_on: date | None
    due_reason: str
    rule_mismatch: bool = False
    problems: tuple[Problem, ...] = ()


def as_judged(verdict: Verdict) -> Decision:
    """What `decide` says of a record of the past for which nothing was chosen: what the rule says."""
    return Decision(verdict.stability, verdict.next_due_on, verdict.due_reason)


def decide(
    facts: Judgeable,
    verdict: Verdict,
    choice: Choice,
    policy: CarePolicy,
    previous: Previous | None,
    *,
    as_recorded: bool = False,
) -> Decision:
    """Join verdict and choice.

    Graver or earlier is free; milder needs a reason; later than the chosen class allows is refused; level 3–5 is
    不稳定 and nothing else. `as_recorded` (an imported row of the past): nothing is refused, a difference is marked.
    """
    if not facts.is_complete:
        return Decision(None, None, "")
    stability = choice.stability if choice.stability is not None else verdict.stability
    latest, reason = due_after(stability, facts, policy, previous)
    due = choice.next_due_on or latest
    if due < latest:
        reason = f"医生提前：{reason}"
    problems = [*_class_problems(facts, verdict, stability, choice), *_date_problems(facts, due, latest, stability)]
    if not as_recorded:
        return Decision(stability, due, reason, problems=tuple(problems))
    if due <= facts.visited_on:  # nonsense of the old file: the rule's date stands
        due = latest
    return Decision(stability, due, reason, rule_mismatch=bool(_mismatch(facts, verdict, stability, due, latest)))


def own_choice(choice: Choice, verdict: Verdict) -> Choice:
    """What the doctor decided against the rule: a class or date that is the rule's own is none."""
    return Choice(
        None if choice.stability == verdict.stability else choice.stability,
        None if choice.next_due_on == verdict.next_due_on else choice.next_due_on,
        choice.deviation_reason,
    )


def kept_choice(
    said: Choice,
    stood: Choice,
    keep: Collection[str],
    *,
    was: Judgeable,
    verdict: Verdict,
    policy: CarePolicy,
    previous: Previous | None,
    as_recorded: bool = False,
) -> Choice:
    """What a correction that speaks of some fields only leaves as the doctor had chosen it.

    `stood`: class, date and reason of the record as it was; `keep`: those of them that the correction does not speak
    of; `verdict`: of the rule on the record as it was. What the rule had given follows the rule again.
    Source: the outside contract (PATCH; a column that a file lacks); design decisions C24, C25.
    """
    found = said
    if "stability" in keep and stood.stability != verdict.stability:
        found = replace(found, stability=stood.stability)
    if "next_due_on" in keep and stood.next_due_on is not None and said.stability in (None, stood.stability):
        latest, _reason = due_after(stood.stability, was, policy, previous)
        if stood.next_due_on < latest or (as_recorded and stood.next_due_on > latest):
            found = replace(found, next_due_on=stood.next_due_on)
    if "deviation_reason" in keep:
        found = replace(found, deviation_reason=stood.deviation_reason)
    return found


def _is_milder(verdict: Verdict, stability: int | None) -> bool:
    return verdict.stability is not None and stability is not None and stability > verdict.stability


def _class_problems(facts: Judgeable, verdict: Verdict, stability: int | None, choice: Choice) -> list[Problem]:
    if facts.level is not None and facts.level >= 3 and stability != Stability.UNSTABLE:
        return [Problem("stability", f"危险性 {facts.level} 级只能评为不稳定。请改分类，或核对危险性级别。")]
    if verdict.stability and _is_milder(verdict, stability) and not choice.deviation_reason:
        says = Stability(verdict.stability).label
        return [Problem("deviation_reason", f"规则判为{says}（{verdict.short}），评得更轻要写偏离原因。")]
    return []


def _date_problems(facts: Judgeable, due: date, latest: date, stability: int | None) -> list[Problem]:
    if due <= facts.visited_on:
        return [Problem("next_due_on", "下次随访日期要晚于本次随访日期。")]
    if due > latest:
        name = Stability(stability).label if stability else "住院"
        return [Problem("next_due_on", f"{name}的下次随访最晚是 {latest:%Y-%m-%d}，只能提前，不能推后。")]
    return []


def _mismatch(facts: Judgeable, verdict: Verdict, stability: int | None, due: date, latest: date) -> bool:
    too_mild = facts.level is not None and facts.level >= 3 and stability != Stability.UNSTABLE
    return too_mild or _is_milder(verdict, stability) or due > latest
