"""Keeps the counts of quarters fresh, so that dashboards and trends read no person's row."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import Division
from accounts.scope import system_scope
from accounts.terms import DivisionLevel
from registry.models import DutyPeriod
from reports.models import QuarterChange, QuarterCount
from reports.queries.counts import counts_in, every_township, none_counted
from reports.queries.kept import as_row, definition_of, fresh_counts, quarter
from reports.queries.periods import Place
from reports.rules.cut import Cut
from reports.rules.indicators import KEPT
from reports.rules.months import quarter_ends_back

KEPT_QUARTERS = 20  # five years: the longest plan and the year before it
LOCK = 7_402_611  # one refresher at a time


def refresh_quarters(*, today: date) -> int:
    """Count again whatever changed or is not kept yet, in every county that has patients. The clock's nightly work.

    Returns the number of township quarters counted. Units: local dates.
    """
    with system_scope():
        someone = DutyPeriod.objects.filter(county=OuterRef("pk"))
        counties = list(Division.objects.filter(Exists(someone), level=DivisionLevel.COUNTY))
    return sum(_refresh(county, today) for county in counties)


def refresh_changed(*, today: date) -> int:
    """The same for the counties already kept: a few small reads when nothing changed. The clock's work by the minute."""
    kept = QuarterCount.objects.filter(county=OuterRef("pk"))
    counties = Division.objects.filter(Exists(kept), level=DivisionLevel.COUNTY)
    return sum(_refresh(county, today) for county in counties)


def _refresh(county: Division, today: date) -> int:
    townships = list(every_township(county).values_list("pk", flat=True))
    cuts = [Cut(end, today) for end in quarter_ends_back(today, KEPT_QUARTERS)]
    if (now := Cut(today, today)) not in cuts and now.reads_slots:
        cuts.append(now)
    fresh = fresh_counts(townships, cuts, ("registered",))
    done = 0
    for cut in cuts:
        stale = [township for township in townships if township not in fresh[quarter(cut.as_of)]]
        if stale:
            _count(county, stale, cut)
            done += len(stale)
    return done


@transaction.atomic
def _count(county: Division, townships: Iterable[int], cut: Cut) -> None:
    """Safe beside writers: the marks are taken first, the counting sees everything committed since, and a change that
    comes later leaves a new mark.
    """
    keys = list(townships)
    year, number = quarter(cut.as_of)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    QuarterChange.objects.filter(township__in=keys, year=year, quarter=number).delete()
    with system_scope():
        found = counts_in(Place("township", tuple(keys)), cut, KEPT)
    rows = [
        QuarterCount(
            township=township,
            county=county.pk,
            year=year,
            quarter=number,
            counts=as_row(found.get(township, none_counted(KEPT))),
            definition=definition_of(cut),
        )
        for township in keys
    ]
    QuarterCount.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["township", "year", "quarter"],
        update_fields=["county", "counts", "definition", "counted_at"],
    )
