from datetime import date
from typing import Any

from accounts.models import CountyPolicy
from accounts.terms import POLICY_DEFAULTS


def policies(county_id: int, on: date) -> dict[str, Any]:
    """Every setting of the county as it held on `on`, in one query."""
    found = dict(POLICY_DEFAULTS)
    rows = CountyPolicy.objects.filter(county_id=county_id, starts_on__lte=on).order_by("starts_on", "id")
    found.update(rows.values_list("key", "value"))
    return found


def policy(county_id: int, key: str, on: date) -> Any:
    """One setting. Raises: KeyError for a key that the vocabulary does not know."""
    return policies(county_id, on)[key]
