"""未访到: when to try again, and when it looks like 失访. Source: 管理治疗工作规范2018 失访; the numbers are settings.

The norm's words: not reached on the day, tried again within two weeks, and three times running not reached over more
than a month. The run therefore begins with a try that was repeated within two weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup.rules.dates import day_after
from followup.rules.policy import CarePolicy
from followup.terms import MissedReason


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries since the last record, and what follows."""

    number: int
    last_on: date
    again_by: date
    looks_lost: bool  # three running over more than a month


@dataclass(frozen=True, slots=True)
class Prompt:
    """失访 is put to a person, in words, with what speaks for it."""

    because: str
    evidence: tuple[str, ...]
    is_run: bool = False  # three running over more than a month (失访原因 4)


def tries(days: Sequence[date], policy: CarePolicy) -> Tries:
    """`days`: the dates of the tries since the last record, at least one. Units: calendar days."""
    ordered = sorted(days)
    return Tries(
        len(ordered), ordered[-1], day_after(ordered[-1], policy.retry_days), run_of_loss(ordered, policy) is not None
    )


def run_of_loss(days: Sequence[date], policy: CarePolicy) -> tuple[date, ...] | None:
    """The tries that make a loss, or None. Two tries on one day are one; a run begins with a try repeated within two
    weeks, has three or more, and lasts longer than a month.

    Source: 管理治疗工作规范2018 失访. Units: calendar days (a month: policy.lost_after_days).
    """
    ordered = sorted(set(days))
    for at, first in enumerate(ordered[:-1]):
        run = ordered[at:]
        soon = (run[1] - first).days <= policy.retry_days
        if soon and len(run) >= policy.lost_after_tries and (run[-1] - first).days > policy.lost_after_days:
            return tuple(run)
    return None


def loss_prompt(found: Sequence[tuple[date, str]], policy: CarePolicy) -> Prompt | None:
    """What a person is asked to decide from the tries since the last record: (day, MissedReason), any order.

    Source: 管理治疗工作规范2018 失访: 走失、不知去向、家属拒绝告知, or three running. A prompt only: a person decides.
    """
    known = [(day, MissedReason(reason)) for day, reason in sorted(found)]
    said = tuple(f"{day:%Y-%m-%d} {reason.label}" for day, reason in known)
    run = run_of_loss([day for day, _reason in known], policy)
    if run is not None:
        lasting, again = (run[-1] - run[0]).days, (run[1] - run[0]).days
        return Prompt(f"连续 {len(run)} 次未访到，第一次后 {again} 天再访，前后 {lasting} 天，超过一个月。", said, True)
    if known and known[-1][1] in (MissedReason.GONE, MissedReason.REFUSED):
        return Prompt(f"{known[-1][0]:%Y-%m-%d} 未访到：{known[-1][1].label}。", said)
    return None
