"""The first value known of a computed row whose base the plan does not name: where its straight line begins."""

from collections.abc import Sequence
from datetime import date

from reports.queries.kept import CODES, counts_on_days, quarter
from reports.rules.cut import Cut
from reports.rules.indicators import MANAGED
from reports.rules.pack import Pack
from reports.rules.plan_row import First
from reports.terms import Kind, Operator

KEPT_YEARS = 5  # as far back as counts are kept (services/quarters.py): an older year would be counted anew each time


def first_known(pack: Pack, cut: Cut, townships: Sequence[int]) -> dict[str, First]:
    """By code, the earliest year's end since the plan's base year for which this register holds records.

    Figures run from 1 January to the day, so only year ends compare with each other. Reads kept counts, and nothing at
    all where the plan names every base.
    """
    codes = [
        row.code
        for row in pack.rows
        if row.kind is Kind.COMPUTED and row.base is None and row.code in CODES
        and row.target_on(cut.as_of).operator is not Operator.REPORT
    ]  # fmt: skip
    since = max(pack.base_year, cut.today.year - KEPT_YEARS)
    ends = [date(year, 12, 31) for year in range(since, cut.as_of.year)]
    if not codes or not ends or not townships:
        return {}
    counts = counts_on_days(townships, [Cut(end, cut.today) for end in ends], dict.fromkeys((MANAGED.code, *codes)))
    for end in ends:
        towns = counts[quarter(end)].values()
        if any(each[MANAGED.code][0] for each in towns):
            sums = {code: [sum(each[code][side] for each in towns) for side in (0, 1)] for code in codes}
            return {code: First(numerator, whole, end) for code, (numerator, whole) in sums.items()}
    return {}
