"""Keeps the counts of closed quarters fresh, so that a trend reads no person's row."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import Division
from accounts.queries.places import townships_under
from accounts.scope import system_scope
from accounts.terms import DivisionLevel
from registry.models import DutyPeriod
from reports.models import QuarterChange, QuarterCount
from reports.queries.quarters import as_row, county_counts, definition_of
from reports.rules.months import quarter_ends_back, quarter_of

KEPT_QUARTERS = 20  # five years: the longest plan and the year before it
LOCK = 7_402_611  # one refresher at a time


def refresh_quarters(*, today: date, county: Division | None = None) -> int:
    """Count again every closed quarter that changed or is not kept yet. Returns the number of county quarters counted.

    Safe beside writers: the marks are taken first, the counting sees everything committed since; a change that comes
    later leaves a new mark. A quarter is kept from the second day after it closed, when no transaction of its last day
    can still be open. Units: local dates.
    """
    ends = quarter_ends_back(today - timedelta(days=2), KEPT_QUARTERS)
    counties = [county] if county else _counties_with_patients()
    return sum(_refresh(place, end, today) for place in counties for end in ends if _needs(place, end))


def _counties_with_patients() -> list[Division]:
    with system_scope():
        someone = DutyPeriod.objects.filter(county=OuterRef("pk"))
        return list(Division.objects.filter(Exists(someone), level=DivisionLevel.COUNTY, valid_to=None))


def _needs(county: Division, end: date) -> bool:
    key = {"county": county.pk, "year": end.year, "quarter": quarter_of(end)}
    if QuarterChange.objects.filter(**key).exists():
        return True
    return QuarterCount.objects.filter(**key, definition=definition_of(end)).count() < townships_under(county).count()


@transaction.atomic
def _refresh(county: Division, end: date, today: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    key = {"county": county.pk, "year": end.year, "quarter": quarter_of(end)}
    QuarterChange.objects.filter(**key).delete()
    rows = [
        QuarterCount(**key, township=township, counts=as_row(counts), definition=definition_of(end))
        for township, counts in county_counts(county, end, today).items()
    ]
    QuarterCount.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["township", "year", "quarter"],
        update_fields=["county", "counts", "definition", "counted_at"],
    )
    return 1
