"""The checks of `checks.problems` asked column by column: which of many rows have to be looked at one by one.

Every part of a check that rests on one answer is asked once for every different answer, the rest once for every
different set of them; messages come from `problems`, row by row, for what is named here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from followup.rules import checks
from followup.rules.facts import DANGERS
from followup.rules.visit_columns import VisitColumns
from followup.terms import Hospital
from registry.rules.person import EARLIEST_YEAR

Days = tuple[date, date]  # the first and the last on which a record of a patient can be dated


def days_of(today: date, birth_on: date | None, closed_on: date | None) -> Days:
    """Source: checks.problems, the same setting."""
    first = max(birth_on or date.min, date(EARLIEST_YEAR, 1, 1))
    return first, min(today, closed_on - timedelta(days=1)) if closed_on else today


def suspects(rows: VisitColumns, days: Iterable[Days], today: date) -> set[int]:
    """Places of the rows in which `problems` may find something; it finds nothing in any other."""
    on = zip(rows.of("visited_on"), days, strict=True)
    found = {at for at, (day, (first, last)) in enumerate(on) if not first <= day <= last}
    found.update(_places(map(checks.who_and_how, *map(rows.of, checks.WHO))))
    found.update(_places(_assessed(rows)))
    found.update(_places(_side_effects(rows)))
    for name in checks.CODED:
        found.update(_wrong(rows, name, partial(checks.coded, name)))
    for name in checks.TEXT_LENGTHS:
        found.update(_wrong(rows, name, partial(checks.length, name)))
    for name in ("drugs", "guidance"):
        found.update(_wrong(rows, name, partial(checks.medicines, name)))
    if rows.has("discharged_on"):
        found.update([at for at, day in enumerate(rows.of("discharged_on")) if day and day > today])
    if rows.has("died_on"):  # no column of a file today: each would be looked at
        found.update([at for at, day in enumerate(rows.of("died_on")) if day])
    return found


def _assessed(rows: VisitColumns) -> Iterable[Sequence[object]]:
    stays = [hospital == Hospital.NOW for hospital in rows.of("hospital")]
    if rows.has(*DANGERS):
        dangers: Iterable[bool] = [bool(sum(times)) for times in rows.each(DANGERS)]
    else:
        dangers = [False] * len(rows)
    return map(checks.assessment, rows.of("level"), stays, rows.of("lost_reason"), rows.of("died_on"), dangers)


def _side_effects(rows: VisitColumns) -> Iterable[Sequence[object]]:
    if not rows.has("severe_side_effect"):
        return ()
    return map(checks.side_effects, rows.of("side_effect"), rows.of("severe_side_effect"))


def _places(found: Iterable[Sequence[object]]) -> list[int]:
    return [at for at, problems in enumerate(found) if problems]


def _wrong(rows: VisitColumns, name: str, problems: Callable[[Any], Sequence[object]]) -> list[int]:
    """Places where one answer by itself is wrong."""
    if not rows.has(name):
        return []
    wrong = {value for value in set(rows.of(name)) if problems(value)}
    return [at for at, value in enumerate(rows.of(name)) if value in wrong] if wrong else []
