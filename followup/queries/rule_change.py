"""The difference report: whose due date a planned rule would move, were the newest records judged by it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Division
from accounts.queries.policy import policies
from accounts.rules.places import usual_name
from followup.rules.facts import Previous, VisitFacts
from followup.rules.policy import CarePolicy
from followup.rules.rule_change import both_dues

# The newest complete record of every open file of the county, and the one before it by date.
_NEWEST = """
SELECT p.uuid, p.name, p.duty_township, v.visited_on, v.form, v.level, v.stability, v.effect, v.hospital,
       v.discharged_on, b.visited_on, b.stability
FROM registry_patient p
JOIN LATERAL (SELECT * FROM followup_visit v WHERE v.patient_id = p.id AND v.is_current AND v.complete
              ORDER BY v.visited_on DESC, v.root_id DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (SELECT visited_on, stability FROM followup_visit b WHERE b.patient_id = p.id AND b.is_current
                   AND b.complete AND b.visited_on < v.visited_on ORDER BY b.visited_on DESC, b.root_id DESC LIMIT 1
                  ) b ON true
WHERE p.duty_county = %s AND p.closed_on IS NULL
ORDER BY p.duty_township, p.id
"""


@dataclass(frozen=True)
class Moved:
    """One person whose date would be another."""

    uuid: UUID
    name: str
    township: int
    now: date
    planned: date

    @property
    def days(self) -> int:
        return (self.planned - self.now).days


@dataclass(frozen=True)
class TownMoved:
    key: int
    name: str
    earlier: int
    later: int


@dataclass(frozen=True)
class Difference:
    judged: int
    moved: tuple[Moved, ...]
    towns: tuple[TownMoved, ...]


def difference(county: Division, key: str, value: int, on: date) -> Difference:
    """One statement for the records. A change of a class is not possible: classes rest on the answers alone."""
    now = CarePolicy.of(policies(county.pk, on))
    planned = replace(now, **{key: value})
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [county.pk])
        rows = cursor.fetchall()
    moved = tuple(found for row in rows if (found := _moved(row, now, planned)))
    return Difference(len(rows), moved, _towns(moved))


def _moved(row: tuple[Any, ...], now: CarePolicy, planned: CarePolicy) -> Moved | None:
    uuid, name, town, day, form, level, stability, effect, hospital, discharged_on, before_on, before_class = row
    facts = VisitFacts(
        visited_on=day, form=form, level=level, effect=effect, hospital=hospital, discharged_on=discharged_on
    )
    previous = Previous(before_on, before_class) if before_on else None
    today, then = both_dues(stability, facts, previous, now, planned)
    return Moved(uuid, name, town, today, then) if today != then else None


def _towns(moved: tuple[Moved, ...]) -> tuple[TownMoved, ...]:
    earlier = Counter(one.township for one in moved if one.days < 0)
    later = Counter(one.township for one in moved if one.days > 0)
    names = dict(Division.objects.filter(pk__in={*earlier, *later}).values_list("pk", "name"))
    return tuple(
        TownMoved(key, usual_name(names.get(key, "")), earlier[key], later[key])
        for key in sorted(names, key=lambda key: -(earlier[key] + later[key]))
    )
