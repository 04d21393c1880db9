"""Counts that are kept: read where nothing has changed since, counted now where something has. Always the true number.

A kept row is true when it was made by today's rules (its `definition`) and its township carries no mark for the quarter.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256

from django.db import connection

from accounts.models import Division
from reports.queries.care_facts import relation_sql
from reports.queries.counts import (
    ByTownship,
    Counts,
    counted_for,
    counts_in,
    counts_sql,
    figures_scope,
    none_counted,
)  # fmt: skip
from reports.queries.periods import Place, place_of
from reports.rules.care_indicators import NEVER_KEPT
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator
from reports.rules.indicators import KEPT
from reports.rules.months import quarter_of

Quarter = tuple[int, int]  # year, quarter
CODES = tuple(indicator.code for indicator in KEPT)
_FRESH = """
    SELECT c.year, c.quarter, c.township, {columns}
    FROM reports_quartercount c
    WHERE c.township = ANY (%(townships)s) AND (c.year, c.quarter, c.definition) IN %(wanted)s
      AND NOT EXISTS (SELECT 1 FROM reports_quarterchange m
                      WHERE m.township = c.township AND m.year = c.year AND m.quarter = c.quarter)
"""


def quarter(day: date) -> Quarter:
    return day.year, quarter_of(day)


@lru_cache(maxsize=256)
def definition_of(cut: Cut) -> str:
    """A digest of everything the counts of that day are made by, so that a changed rule outdates the kept rows."""
    return sha256(counts_sql(relation_sql(KEPT, Place("township", ()), cut), cut, KEPT).encode()).hexdigest()[:16]


def counts_on(area: Division, townships: Sequence[int], cut: Cut, wanted: tuple[Indicator, ...]) -> ByTownship:
    """The wanted figures for each of the area's townships on one day."""
    if cut.reads_slots:
        return counts_on_days(townships, [cut], [each.code for each in wanted])[quarter(cut.as_of)]
    with figures_scope(cut):
        found = counts_in(place_of(area), cut, wanted)
    return {township: found.get(township, none_counted(wanted)) for township in townships}


def counts_on_days(townships: Sequence[int], cuts: Sequence[Cut], codes: Iterable[str]) -> dict[Quarter, ByTownship]:
    """The named codes for each of the townships on each day, a quarter's end or today."""
    names = tuple(codes)
    kept = tuple(name for name in names if name in CODES)
    others = tuple(each for each in NEVER_KEPT if each.code in names)
    result = fresh_counts(townships, cuts, kept)
    for cut in cuts:
        found = result[quarter(cut.as_of)]
        if stale := [township for township in townships if township not in found]:
            found |= _counted(stale, cut, counted_for(kept))
        if others:
            more = _counted(townships, cut, others)
            found |= {township: {**found[township], **more[township]} for township in townships}
    return dict(result)


def _counted(townships: Sequence[int], cut: Cut, wanted: tuple[Indicator, ...]) -> dict[int, Counts]:
    with figures_scope(cut):
        live = counts_in(Place("township", tuple(townships)), cut, wanted)
    return {township: live.get(township, none_counted(wanted)) for township in townships}


def fresh_counts(
    townships: Sequence[int], cuts: Sequence[Cut], codes: tuple[str, ...]
) -> dict[Quarter, dict[int, Counts]]:
    """What can be read without counting anyone."""
    found: dict[Quarter, dict[int, Counts]] = {quarter(cut.as_of): {} for cut in cuts}
    if not townships or not cuts:
        return found
    places = [CODES.index(code) for code in codes]
    columns = ", ".join(f"c.counts[{2 * place + 1}], c.counts[{2 * place + 2}]" for place in places)
    wanted = tuple((*quarter(cut.as_of), definition_of(cut)) for cut in cuts)
    with connection.cursor() as cursor:
        cursor.execute(_FRESH.format(columns=columns), {"townships": list(townships), "wanted": wanted})
        for year, number, township, *values in cursor.fetchall():
            pairs = iter(values)
            found[year, number][township] = {code: (next(pairs), next(pairs)) for code in codes}
    return found


def as_row(counts: Mapping[str, tuple[int, int]]) -> list[int]:
    """Two numbers a code, in the order that fresh_counts reads them back."""
    return [number for code in CODES for number in counts[code]]
