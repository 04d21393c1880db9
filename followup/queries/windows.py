"""The dated facts from which windows are decided, and the stored windows as the pages want them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from accounts.queries.statements import Planned
from followup.queries.records import Line, by_patient, complete_lines
from followup.rules.dates import day_after
from followup.rules.windows import MAKE_UP_DAYS, Act, Given, Story

# One statement for everything beside the records: kind, patient, day, value, second day.
_FACTS = """
SELECT 'opened', id, opened_on, NULL, NULL::date FROM registry_patient WHERE id = ANY (%(keys)s::bigint[])
UNION ALL
SELECT 'status', patient_id, starts_on, value, NULL FROM registry_patientstatus WHERE patient_id = ANY (%(keys)s)
UNION ALL
SELECT 'duty', patient_id, starts_on, township_id::text, NULL FROM registry_dutyperiod
WHERE patient_id = ANY (%(keys)s)
UNION ALL
SELECT 'stay', patient_id, admitted_on, NULL, discharged_on FROM registry_admission WHERE patient_id = ANY (%(keys)s)
UNION ALL
SELECT 'given', patient_id, given_on, reason, again_on FROM followup_offlist WHERE patient_id = ANY (%(keys)s)
ORDER BY 2, 3
"""
_FACTS_OF_ONE = Planned("window_facts_of_one", _FACTS)


def stories_of(patients: Sequence[int], lines: Mapping[int, Sequence[Line]] | None = None) -> dict[int, Story]:
    """Two statements for any number of patients; one where the records are in hand."""
    opened: dict[int, date] = {}
    dated: dict[tuple[str, int], list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        if len(patients) == 1 and connection.in_atomic_block:
            _FACTS_OF_ONE.execute(cursor, {"keys": list(patients)})
        else:
            cursor.execute(_FACTS, {"keys": list(patients)})
        for kind, patient, day, value, until in cursor.fetchall():
            if kind == "opened":
                opened[patient] = day
            else:
                dated[kind, patient].append(_fact(kind, day, value, until))
    if lines is None:
        lines = by_patient(complete_lines(patients))
    return {
        key: Story(
            opened_on=day,
            statuses=dated["status", key],
            stays=dated["stay", key],
            moves=moves(dated["duty", key], day),
            acts=[
                Act(
                    line.visited_on,
                    line.next_due_on or day_after(line.visited_on, MAKE_UP_DAYS),
                    line.due_reason,
                    line.root_id,
                )
                for line in lines.get(key, [])
            ],
            given=dated["given", key],
        )
        for key, day in opened.items()
    }


def _fact(kind: str, day: date, value: str | None, until: date | None) -> Any:
    if kind == "given" and until is not None:
        return Given(day, value or "", until)
    return (day, until) if kind == "stay" else (day, value)


def moves(duties: Sequence[tuple[date, Any]], opened_on: date) -> list[date]:
    """Days on which the township that answers changed, after the file was opened. `duties` oldest first."""
    found, held = [], None
    for starts_on, township in duties:
        if held is not None and township != held and starts_on > opened_on:
            found.append(starts_on)
        held = township
    return found
