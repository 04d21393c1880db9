"""The values that a plan sets, beside what the county of the area has set."""

from datetime import date

from accounts.models import Division
from accounts.queries.policy import policies
from accounts.terms import DivisionLevel
from reports.rules.pack import Pack
from reports.rules.pack_work import PolicyCheck, check_policy


def policy_checks(pack: Pack, area: Division, day: date) -> tuple[PolicyCheck, ...]:
    """Above a county there are no settings to hold the values against."""
    county: Division | None = area
    while county is not None and county.level in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE):
        county = county.parent
    is_county = county is not None and county.level == DivisionLevel.COUNTY
    return check_policy(pack.work.policy, policies(county.pk, day) if county is not None and is_county else {})
