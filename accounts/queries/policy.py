import json
from datetime import date
from typing import Any

from django.db import connection

from accounts.rules.policy_keys import POLICY_DEFAULTS

# By hand: it stands in every save and every list, and building it anew took longer than running it.
_ROWS = (
    "SELECT key, value::text FROM accounts_countypolicy WHERE county_id = %s AND starts_on <= %s ORDER BY starts_on, id"
)


def policies(county_id: int, on: date) -> dict[str, Any]:
    """Every setting of the county as it held on `on`, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [county_id, on])
        return POLICY_DEFAULTS | {key: json.loads(value) for key, value in cursor.fetchall()}


class CountyRules(dict[int, dict[str, Any]]):
    """The settings on one day of whichever counties the rows belong to: a county is asked when first met, once."""

    def __init__(self, on: date) -> None:
        super().__init__()
        self.on = on

    def __missing__(self, county_id: int) -> dict[str, Any]:
        self[county_id] = policies(county_id, self.on)
        return self[county_id]


def policy(county_id: int, key: str, on: date) -> Any:
    """One setting. Raises: KeyError for a key that the vocabulary does not know."""
    return policies(county_id, on)[key]
