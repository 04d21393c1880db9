"""Which exchange periods of a county were closed with whom. Packages are the county's own: numbers and dates, no rows."""

from datetime import date, datetime

from accounts.models import Division
from exchange.models import Package
from exchange.rules.periods import NoPeriod, period
from followup.queries.incidents import day_of
from reports.rules.exchanges import PARTNERS, Exchanged, SentPackage, exchanged


def exchanged_with(county: Division, day: date) -> Exchanged:
    """As it stood on the day, in one statement. Corrections belong to their package and are never asked for."""
    rows = Package.objects.filter(county=county, corrects=None, agency__kind__in=PARTNERS).values_list(
        "agency__kind", "agency__name", "period", "opened_at", "released_at", "closing__closed_at", "ended_at"
    )
    return exchanged((found for row in rows if (found := _package(*row)) is not None), day)


def _package(
    kind: str, agency: str, name: str, opened: datetime, released: datetime | None, closed: datetime | None,
    ended: datetime | None,
) -> SentPackage | None:  # fmt: skip
    try:
        until = period(name).last
    except NoPeriod:
        return None
    days = (day_of(at) if at else None for at in (released, closed, ended))
    return SentPackage(kind, agency, name, until, day_of(opened), *days)
