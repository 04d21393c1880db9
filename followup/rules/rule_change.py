"""A planned change of a follow-up rule: what it would make of a record that stands, beside what the rule says today."""

from datetime import date

from accounts.rules.policy_keys import PLANNED
from followup.rules.classification import due_after
from followup.rules.facts import Previous, VisitFacts
from followup.rules.policy import CarePolicy

# The settings that move due dates; classes follow from the answers alone and no setting changes them.
RULE_KEYS = tuple(sorted(PLANNED))


def both_dues(
    stability: int | None, facts: VisitFacts, previous: Previous | None, now: CarePolicy, planned: CarePolicy
) -> tuple[date, date]:
    """The latest next date by the rule of today and by the planned one. Source: 规范第三版 分类干预; decisions C26.
    Units: calendar months and whole days."""
    return due_after(stability, facts, now, previous)[0], due_after(stability, facts, planned, previous)[0]
