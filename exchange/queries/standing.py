"""How a county's exchange stands now: who is late with alerts, which packages wait, how far the differences are. Numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from accounts.models import Division
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from exchange.models import Package, Receipt
from exchange.queries.inbound import progress_of
from exchange.queries.late import Late
from exchange.queries.package_receipts import balances_of
from exchange.queries.packages import GONE_OUT
from exchange.rules.deadlines import Patience


@dataclass(frozen=True)
class ExchangeStanding:
    """Cases by kind of agency; packages; differences."""

    unsigned: dict[str, int]
    unanswered: dict[str, int]
    packages_open: int  # sent, not closed
    rows_waiting: int  # rows of those that no receipt speaks of
    differences_open: int
    differences_late: int
    acknowledge_hours: int
    answer_hours: int


def standing_of(county: Division, now: datetime) -> ExchangeStanding:
    """In the reach that is open. `now` is local. Units: hours of the county's settings."""
    patience = Patience.of(policies(county.pk, now.date()), work_calendar())
    late, mine = Late(patience, now), Receipt.objects.filter(duty_county=county.pk)
    waiting = list(Package.objects.filter(county=county, state__in=GONE_OUT, closing=None).select_related("template"))
    progress = progress_of(county, now.date()).values()
    return ExchangeStanding(
        unsigned=_cases(late.unsigned(mine)),
        unanswered=_cases(late.unanswered(mine)),
        packages_open=len(waiting),
        rows_waiting=sum(balance.pending for balance in balances_of(waiting).values()),
        differences_open=sum(each.open for each in progress),
        differences_late=sum(each.late for each in progress),
        acknowledge_hours=patience.acknowledge,
        answer_hours=patience.answer,
    )


def _cases(receipts: QuerySet[Receipt]) -> dict[str, int]:
    """An office is late once on a case, however many entries lie there."""
    rows = receipts.order_by().values_list("alert__agency__kind").annotate(cases=Count("alert", distinct=True))
    return dict(rows)
