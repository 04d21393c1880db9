"""Counting: one statement over the period, grouped by township. Two integers a code, never a rate."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Division
from accounts.scope import system_scope
from accounts.terms import DivisionLevel
from reports.queries.care_facts import relation_sql
from reports.queries.conditions import counted_sql, included_sql
from reports.queries.periods import Place
from reports.rules.care_indicators import BESIDE, CARE
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator
from reports.rules.indicators import COUNTED

Counts = dict[str, tuple[int, int]]
ByTownship = Mapping[int, Counts]


def counted_for(codes: Iterable[str]) -> tuple[Indicator, ...]:
    """What has to be counted for these codes: always the visits' own figures; with a figure what is printed beside it."""
    asked = frozenset(codes)
    care = [indicator for indicator in CARE if indicator.code in asked]
    return (*COUNTED, *care, *(BESIDE[indicator.code] for indicator in care if indicator.code in BESIDE))


def none_counted(indicators: Iterable[Indicator] = COUNTED) -> Counts:
    return {indicator.code: (0, 0) for indicator in indicators}


def add(left: Mapping[str, tuple[int, int]], right: Mapping[str, tuple[int, int]]) -> Counts:
    """What only one of them counts is taken as it is: not every area's figures are asked for every code."""
    total = {**left, **right}
    for code in left.keys() & right.keys():
        total[code] = (left[code][0] + right[code][0], left[code][1] + right[code][1])
    return total


def sum_of(many: Iterable[Counts]) -> Counts:
    return reduce(add, many, none_counted())


def counts_sql(relation: str, cut: Cut, indicators: Iterable[Indicator] = COUNTED) -> str:
    """Counts per township. The denominator of most is the count of the group; it is asked once.

    The fence (OFFSET 0) has each slot taken out of its array once a row, not once a condition.
    """
    columns = ["count(*)"]
    for indicator in indicators:
        columns.append(f"count(*) FILTER (WHERE {counted_sql(indicator, cut)})")
        if indicator.within:
            columns.append(f"count(*) FILTER (WHERE {included_sql(indicator, cut)})")
    return f"SELECT township, {', '.join(columns)} FROM ({relation} OFFSET 0) period GROUP BY 1"  # noqa: S608


def read_counts(row: tuple[int, ...], indicators: Iterable[Indicator] = COUNTED) -> Counts:
    """One row of counts_sql without its group."""
    values = iter(row)
    everyone = next(values)
    counts: Counts = {}
    for indicator in indicators:
        numerator = next(values)
        counts[indicator.code] = (numerator, next(values) if indicator.within else everyone)
    return counts


def counts_in(place: Place, cut: Cut, indicators: tuple[Indicator, ...] = COUNTED) -> dict[int, Counts]:
    """Counts by township, in one statement. Reads with the reach that is open: see figures_scope."""
    with connection.cursor() as cursor:
        cursor.execute(counts_sql(relation_sql(indicators, place, cut), cut, indicators))
        return {row[0]: read_counts(row[1:], indicators) for row in cursor.fetchall()}


@contextmanager
def figures_scope(cut: Cut) -> Iterator[None]:
    """On a past day people were counted where they lived then, also those who have since moved out of the reader's
    reach. Only counts leave this block; lists are read with the reader's own reach.
    """
    if cut.is_past:
        with system_scope():
            yield
    else:
        yield


def every_township(area: Division) -> QuerySet[Division]:
    """Townships of an area in order of code, those that exist no longer included: people were counted in them."""
    return Division.objects.filter(level=DivisionLevel.TOWNSHIP, code__startswith=area.code).order_by("code", "pk")
