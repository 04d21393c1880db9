"""Counts of the indicators that look beyond the visits, for the codes that are asked for."""

from collections.abc import Iterable

from django.db import connection

from reports.queries.care_facts import relation_sql
from reports.queries.counts import Counts, counts_sql, read_counts
from reports.queries.periods import Place
from reports.rules.care_indicators import BESIDE, CARE
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator


def care_among(codes: Iterable[str]) -> tuple[Indicator, ...]:
    """Those of the codes that are counted here, each with what is printed beside it."""
    asked = frozenset(codes)
    found = [indicator for indicator in CARE if indicator.code in asked]
    return (*found, *(BESIDE[indicator.code] for indicator in found if indicator.code in BESIDE))


def nobody(indicators: Iterable[Indicator]) -> Counts:
    return {indicator.code: (0, 0) for indicator in indicators}


def care_counts_in(place: Place, cut: Cut, indicators: tuple[Indicator, ...]) -> dict[int, Counts]:
    """Counts by township, in one statement. Reads with the reach that is open: see figures_scope."""
    if not indicators:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(counts_sql(relation_sql(indicators, place, cut), cut, indicators))
        return {row[0]: read_counts(row[1:], indicators) for row in cursor.fetchall()}
