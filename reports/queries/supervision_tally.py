"""督导整改 of an area on a day, for its plan's report and the list's head: read out of the histories."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.db.models import Q

from accounts.models import Division
from reports.models import FindingNote
from reports.queries.supervision import listings_on
from reports.rules.findings import Entry, Tally, tally_on


def tally_of(area: Division, day: date) -> Tally:
    """What the area and those below it have found, and what was found of it."""
    inside = Q(finding__supervision__area__code__startswith=area.code) | Q(finding__place=area)
    rows = FindingNote.objects.filter(inside, on__lte=day).order_by("finding", "pk")
    lines = rows.values_list("finding", "act", "on", "due_on", "rung")
    listed = listings_on(Q(area__code__startswith=area.code) | Q(place=area), day)
    return tally_on(_histories(lines.iterator()), day, listed=listed)


def _histories(lines: Iterator[tuple[int, str, date, date | None, str]]) -> Iterator[list[Entry]]:
    for _, group in groupby(lines, key=lambda line: line[0]):
        yield [Entry(act, on, due_on, rung) for _, act, on, due_on, rung in group]
