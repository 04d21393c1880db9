"""A county's follow-up rules over time: a record is judged by those of its own date, however late it comes in."""

from bisect import bisect_right
from datetime import date

from accounts.models import CountyPolicy
from accounts.queries.policy import policies
from followup.rules.policy import CarePolicy


class CareRules:
    """Of one county. Each set that held is read once, however many records ask."""

    def __init__(self, county: int, until: date) -> None:
        self.county = county
        rows = CountyPolicy.objects.filter(county_id=county, starts_on__lte=until)
        self._starts = sorted(set(rows.values_list("starts_on", flat=True)))
        self._known: dict[int, CarePolicy] = {}

    def on(self, day: date) -> CarePolicy:
        at = bisect_right(self._starts, day)
        if at not in self._known:
            since = self._starts[at - 1] if at else date.min
            self._known[at] = CarePolicy.of(policies(self.county, since))
        return self._known[at]
