"""The people behind a number: the same relation and conditions as the count, one row a person, with reasons."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Division
from accounts.reach import Reach
from followup.models import Attempt
from followup.queries.records import by_patient, complete_lines
from registry.models import Patient
from registry.rules.masking import mask_name
from reports.queries.care_facts import columns_of, relation_sql
from reports.queries.conditions import condition_sql, counted_sql, included_sql
from reports.queries.counts import figures_scope
from reports.queries.periods import place_of
from reports.rules.conditions import Requirement
from reports.rules.cut import Cut
from reports.rules.detail import Detail, Seen, detail_of
from reports.rules.indicator import Indicator
from reports.rules.period import PatientPeriod
from reports.terms import Mend

PAGE = 20
COUNTED, NOT_COUNTED = "counted", "not"
_MEND_ORDER = {mend: place for place, mend in enumerate(Mend)}
_NOT_FACTS = frozenset(("patient_id", "township", "county", "level_seen_q"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One list: which figure, which side of it, where, on which day; of those not counted perhaps one reason only."""

    indicator: Indicator
    area: Division
    cut: Cut
    side: str = NOT_COUNTED
    need: int | None = None

    @property
    def filter(self) -> str:
        counted = counted_sql(self.indicator, self.cut)
        if self.side == COUNTED:
            return counted
        missing = f"{included_sql(self.indicator, self.cut)} AND NOT ({counted})"
        return missing if self.need is None else f"{missing} AND {self.first_unmet} = {self.need:d}"

    @property
    def relation(self) -> str:
        return relation_sql([self.indicator], place_of(self.area), self.cut)

    @property
    def first_unmet(self) -> str:
        """Of a person not counted: the place of the first requirement that does not hold."""
        return self._by_need({place: place for place, _ in enumerate(self.indicator.needs)})

    @property
    def order(self) -> str:
        """What can still be mended comes first."""
        if self.side == COUNTED:
            return "0"
        return self._by_need({place: _MEND_ORDER[need.mend] for place, need in enumerate(self.indicator.needs)})

    def _by_need(self, value: dict[int, int]) -> str:
        arms = "".join(
            f" WHEN NOT {condition_sql(need.condition, self.cut)} THEN {value[place]}"
            for place, need in enumerate(self.indicator.needs)
        )
        return f"CASE{arms} END" if arms else "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose a line of a list is, as far as its reader may know; see `who`."""

    uuid: UUID
    number: int
    name: str
    village: str
    township: str
    is_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Whose):
    why: str
    mend: Mend | None


@dataclass(frozen=True, slots=True)
class Group:
    """Those not counted for one and the same reason, by township."""

    need: int
    requirement: Requirement
    by_township: dict[int, int]

    @property
    def count(self) -> int:
        return sum(self.by_township.values())


def groups_of(wanted: Wanted) -> tuple[Group, ...]:
    """How many are not counted, by reason and township. Counts only: read with the widest reach, as the figure is."""
    everyone = Wanted(wanted.indicator, wanted.area, wanted.cut)
    sql = (
        f"SELECT {everyone.first_unmet}, township, count(*) "  # noqa: S608
        f"FROM ({wanted.relation}) period WHERE {everyone.filter} GROUP BY 1, 2"
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    with figures_scope(wanted.cut), connection.cursor() as cursor:
        cursor.execute(sql)
        for place, township, count in cursor.fetchall():
            found[place][township] = count
    groups = (Group(place, need, found[place]) for place, need in enumerate(wanted.indicator.needs) if place in found)
    return tuple(sorted(groups, key=lambda group: _MEND_ORDER[group.requirement.mend]))


def visible_count(wanted: Wanted) -> int:
    """How many of the list the open reach shows: on a past day some have since moved to where others answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({wanted.relation}) period WHERE {wanted.filter}"  # noqa: S608
        )
        return int(cursor.fetchone()[0])


def people(wanted: Wanted, *, named: Reach, start: int = 0, size: int = PAGE) -> list[Person]:
    """One page of the list, what can still be mended first. Reads with the reach that is open; who lives outside `named`
    is masked."""
    columns = columns_of(wanted.indicator)
    sql = (
        f"SELECT {', '.join(f'found.{column}' for column in columns)} FROM ("  # noqa: S608
        f"SELECT period.*, {wanted.order} AS rank FROM ({wanted.relation}) period "
        f"WHERE {wanted.filter}) found JOIN registry_patient p ON p.id = found.patient_id "
        "ORDER BY found.rank, found.township, p.number, p.id LIMIT %s OFFSET %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [size, start])
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return _described(wanted, rows, named=named)


def _described(wanted: Wanted, rows: list[dict[str, Any]], *, named: Reach) -> list[Person]:
    keys = [row["patient_id"] for row in rows]
    patients = Patient.objects.select_related("village").in_bulk(keys)
    towns = dict(Division.objects.filter(pk__in={row["township"] for row in rows}).values_list("pk", "name"))
    details = details_of(keys, wanted.cut)
    found = []
    for row in rows:
        patient, period = patients[row["patient_id"]], period_of(row, wanted.cut)
        need = wanted.indicator.failing(period) if wanted.side == NOT_COUNTED else None
        found.append(
            Person(
                **who(patient, named),
                township=towns.get(row["township"], ""),
                why=wanted.indicator.why(period, details[patient.pk]),
                mend=need.mend if need else None,
            )
        )
    return found


def who(patient: Patient, named: Reach) -> dict[str, Any]:
    """Name and village for whoever treats the person; else the masked name and no village. Source: decisions D."""
    is_named = named.covers(patient)
    village = patient.village.usual_name if is_named and patient.village else ""
    name = patient.name if is_named else mask_name(patient.name)
    return {"uuid": patient.uuid, "number": patient.number, "name": name, "village": village, "is_named": is_named}


def period_of(row: dict[str, Any], cut: Cut) -> PatientPeriod:
    """A row of the relation as the rules know it."""
    facts = {name: value for name, value in row.items() if name not in _NOT_FACTS and value is not None}
    levels = tuple(bool(seen) for seen in row["level_seen_q"])
    return PatientPeriod(as_of=cut.as_of, level_quarters=levels, **facts)


def details_of(keys: Iterable[int], cut: Cut) -> dict[int, Detail]:
    """The dates that the reasons name, for one page of people."""
    keys = list(keys)
    year: tuple[date, date] = (cut.year_start, cut.as_of)
    lines = by_patient(line for line in complete_lines(keys, since=cut.year_start) if line.visited_on <= cut.as_of)
    attempts: dict[int, list[date]] = defaultdict(list)
    tried = (
        Attempt.objects.standing().filter(patient_id__in=keys, attempted_on__range=year).order_by("attempted_on", "pk")
    )
    for key, day in tried.values_list("patient_id", "attempted_on"):
        attempts[key].append(day)
    return {
        key: detail_of(
            [Seen(line.visited_on, line.record.adherence, line.record.in_hospital) for line in lines.get(key, [])],
            attempts[key],
        )
        for key in keys
    }
