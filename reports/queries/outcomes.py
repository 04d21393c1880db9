"""How everyone on the register of an area stands to every figure on a day: one statement, one letter a figure.

The same relation and conditions as the counts and the lists, so that a freeze, its figures and its people cannot
disagree with each other: all of them are read from this one answer.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from reports.queries.care_facts import relation_sql
from reports.queries.conditions import condition_sql, included_sql
from reports.queries.counts import Counts
from reports.queries.periods import Place
from reports.rules.care_indicators import BESIDE, CARE
from reports.rules.cut import Cut
from reports.rules.frozen import MET, OUT, PersonRow, letter_of, pair_of, tallies
from reports.rules.indicator import Indicator
from reports.rules.indicators import COUNTED

FROZEN: tuple[Indicator, ...] = (*COUNTED, *CARE, *BESIDE.values())
CODES = tuple(indicator.code for indicator in FROZEN)
Tallies = dict[str, Counter[str]]


def outcomes_on(place: Place, cut: Cut, indicators: Sequence[Indicator] = FROZEN) -> dict[int, list[PersonRow]]:
    """By township everyone registered there on the day. Reads with the reach that is open: see figures_scope."""
    letters = " || ".join(_letter_sql(indicator, cut) for indicator in indicators)
    relation = relation_sql(indicators, place, cut)
    found: dict[int, list[PersonRow]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT township, patient_id, {letters} FROM ({relation} OFFSET 0) period")  # noqa: S608
        for township, patient, said in cursor.fetchall():
            found[township].append(PersonRow(patient, said))
    return dict(found)


def _letter_sql(indicator: Indicator, cut: Cut) -> str:
    arms = [f"WHEN NOT ({included_sql(indicator, cut)}) THEN '{OUT}'"] if indicator.within else []
    for place, need in enumerate(indicator.needs):
        arms.append(f"WHEN NOT {condition_sql(need.condition, cut)} THEN '{letter_of(place)}'")
    return f"CASE {' '.join(arms)} ELSE '{MET}' END" if arms else f"'{MET}'"


def tallied(outcomes: Mapping[int, Sequence[PersonRow]]) -> dict[int, Tallies]:
    return {township: tallies(CODES, rows) for township, rows in outcomes.items()}


def counts_of(by_code: Tallies) -> Counts:
    return {code: pair_of(tally) for code, tally in by_code.items()}
