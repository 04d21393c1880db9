"""Counts at the end of closed quarters: from the kept rows where they are fresh, else counted now."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256

from django.db import connection

from accounts.models import Division
from accounts.queries.places import townships_under
from reports.queries.figures import Counts, counts_by, counts_sql, figures_scope, none_counted
from reports.queries.periods import Place, period_sql
from reports.rules.cut import Cut
from reports.rules.indicators import COUNTED
from reports.rules.months import quarter_of

Quarter = tuple[int, int]  # year, quarter
ByTownship = Mapping[int, Counts]

_PLACES = {indicator.code: place for place, indicator in enumerate(COUNTED)}
# A quarter is fresh for an area when every township has a row of today's definitions and none of them is marked.
_FRESH = """
    SELECT c.year, c.quarter, c.township, {columns}
    FROM reports_quartercount c
    WHERE c.township = ANY (%(townships)s) AND (c.year, c.quarter, c.definition) IN %(wanted)s
      AND NOT EXISTS (SELECT 1 FROM reports_quarterchange m
                      WHERE m.county = c.county AND m.year = c.year AND m.quarter = c.quarter)
"""


@lru_cache(maxsize=256)
def definition_of(end: date) -> str:
    """A digest of everything the counts of that day are made by, so that a changed rule outdates the kept rows."""
    cut = Cut(end, end)
    return sha256(counts_sql(period_sql(Place(township=0), cut), cut, "township").encode()).hexdigest()[:16]


def at_quarter_ends(
    area: Division, townships: list[int], ends: Iterable[date], today: date, codes: Iterable[str]
) -> dict[Quarter, ByTownship]:
    """Counts of the named codes for each of the townships at each quarter's end; what is not fresh is counted now."""
    wanted = {(end.year, quarter_of(end)): end for end in ends}
    names = tuple(codes)
    kept = _kept(townships, wanted, names) if wanted and townships else {}
    result: dict[Quarter, ByTownship] = {
        quarter: kept[quarter] for quarter in wanted if len(kept.get(quarter, {})) == len(townships)
    }
    if stale := {quarter: end for quarter, end in wanted.items() if quarter not in result}:
        with figures_scope(Cut(min(stale.values()), today)):
            for quarter, end in stale.items():
                result[quarter] = _counted(area, townships, Cut(end, today))
    return result


def _kept(
    townships: list[int], wanted: Mapping[Quarter, date], codes: tuple[str, ...]
) -> dict[Quarter, dict[int, Counts]]:
    places = [_PLACES[code] for code in codes]
    columns = ", ".join(f"c.counts[{2 * place + 1}], c.counts[{2 * place + 2}]" for place in places)
    found: dict[Quarter, dict[int, Counts]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _FRESH.format(columns=columns),
            {"townships": townships, "wanted": tuple((y, q, definition_of(end)) for (y, q), end in wanted.items())},
        )
        for year, quarter, township, *values in cursor.fetchall():
            pairs = iter(values)
            found.setdefault((year, quarter), {})[township] = {code: (next(pairs), next(pairs)) for code in codes}
    return found


def _counted(area: Division, townships: list[int], cut: Cut) -> ByTownship:
    found = counts_by(area, cut)
    return {township: found.get(township, none_counted()) for township in townships}


def county_counts(county: Division, end: date, today: date) -> ByTownship:
    """All counts of a county's townships at a closed quarter's end, those without patients included."""
    with figures_scope(Cut(end, today)):
        return _counted(county, list(townships_under(county).values_list("pk", flat=True)), Cut(end, today))


def as_row(counts: Counts) -> list[int]:
    """Two numbers a code, in the order that _kept reads them back."""
    return [number for indicator in COUNTED for number in counts[indicator.code]]
