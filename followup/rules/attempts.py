"""未访到: when to try again, and when it becomes 失访. Source: 管理治疗工作规范2018 失访; the numbers are settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup.rules.dates import day_after
from followup.rules.policy import CarePolicy


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries since the last record, and what follows."""

    number: int
    last_on: date
    again_by: date
    looks_lost: bool  # three running over more than a month


def tries(days: Sequence[date], policy: CarePolicy) -> Tries:
    """`days`: the dates of the tries since the last record, at least one. Units: calendar days."""
    ordered = sorted(days)
    lasting = (ordered[-1] - ordered[0]).days > policy.lost_after_days
    return Tries(
        len(ordered),
        ordered[-1],
        day_after(ordered[-1], policy.retry_days),
        len(ordered) >= policy.lost_after_tries and lasting,
    )
