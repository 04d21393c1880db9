"""Switching a follow-up rule with its date, after the difference report was seen; verdicts once given stay."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import CountyPolicy, Division, User
from accounts.refusals import Refused
from accounts.services.county_rules import set_policy
from accounts.terms import Permission
from followup.queries.rule_change import difference
from followup.rules.rule_change import RULE_KEYS


@transaction.atomic
def switch_rule(
    *, county: Division, key: str, value: int, starts_on: date, basis: str, seen: int, by: User
) -> CountyPolicy:
    """A rule from a day on. `seen`: how many people the report that was looked at named.

    Records dated before the day keep the old rule, whenever they are entered; no stored date moves.
    Source: design decisions C26. Raises: Denied, NotHere, Refused.
    """
    if key not in RULE_KEYS:
        raise Refused("没有这个项目。", field="key")
    if starts_on < timezone.localdate():
        raise Refused("生效日期不能早于今天：已经给出的分类和日期不变。", field="starts_on")
    authorise(by, Permission.EDIT_POLICY)
    found = len(difference(county, key, value, starts_on).moved)
    if found != seen:
        raise Refused("查看差异以后，名单有了变化。请重新查看差异再启用。")
    row = set_policy(county=county, key=key, value=value, starts_on=starts_on, basis=basis, by=by)
    audit.record(
        "followup.rule.switched", None, by=by, because=basis,
        facts={"key": key, "value": value, "starts_on": starts_on.isoformat(), "people": found},
    )  # fmt: skip
    return row
