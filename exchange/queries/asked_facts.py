"""What only some lists tell (who answers the telephone, who takes part, how somebody is treated): asked for the few who
stand in them, a batch at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db import connection

from exchange.queries.people import contact, town_workers
from exchange.queries.snapshot_rows import Row
from exchange.rules.standard_codes import TAKEN, Treatment, team_codes, treatment_code
from followup.models import CaseTeam
from registry.models import GroupMember
from registry.rules.around import in_force
from registry.terms import GroupKind

Facts = Mapping[int, Mapping[str, Any]]
CONTACT = ("worker", "worker_phone")

_TREATED = """
SELECT p.id, EXISTS (SELECT 1 FROM registry_admission a WHERE a.patient_id = p.id AND a.admitted_on <= %(day)s
    AND (a.discharged_on IS NULL OR a.discharged_on > %(day)s)),
  (SELECT adherence FROM followup_visit v WHERE v.patient_id = p.id AND v.is_current AND v.visited_on <= %(day)s
    AND v.adherence IS NOT NULL ORDER BY v.visited_on DESC, v.root_id DESC LIMIT 1),
  EXISTS (SELECT 1 FROM followup_visit v WHERE v.patient_id = p.id AND v.is_current AND v.visited_on <= %(day)s
    AND v.adherence = ANY (%(taken)s)),
  EXISTS (SELECT 1 FROM registry_admission a WHERE a.patient_id = p.id AND a.admitted_on <= %(day)s), p.past_admissions
FROM registry_patient p WHERE p.id = ANY (%(people)s)
"""


def worked_out(asked: Sequence[tuple[Row, Collection[str]]], day: date) -> dict[int, dict[str, Any]]:
    """By person the fields that are asked of them; nothing is read that no list tells."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for names, read in _READ.items():
        rows = [row for row, wanted in asked if not names.isdisjoint(wanted)]
        for person, said in read(rows, day).items() if rows else ():
            found[person] |= said
    return found


def _contacts(rows: Sequence[Row], day: date) -> Facts:
    """责任医生 and the telephone: whoever answered for the township on that day, named as in an alert."""
    workers = town_workers({row.township for row in rows if row.township}, day)
    said = {town: dict(zip(CONTACT, contact(worker), strict=True)) for town, worker in workers.items()}
    return {row.pk: said.get(row.township or 0, {}) for row in rows}


def _teams(rows: Sequence[Row], day: date) -> Facts:
    """The person's own team of the day and the group of the person's village."""
    own: dict[int, list[str]] = {}
    teams = CaseTeam.objects.filter(patient__in=[row.pk for row in rows], starts_on__lte=day)
    for team in teams.order_by("starts_on"):  # the newest holds
        own[team.patient_id] = [one["role"] for one in cast("list[dict[str, str]]", team.members)]
    villages = {row.village for row in rows if row.village}
    members = GroupMember.objects.filter(group__kind=GroupKind.VILLAGE, group__division__in=villages)
    offices: dict[int, list[str]] = defaultdict(list)
    for member in in_force(members.select_related("group").defer("name", "phone"), day):
        offices[member.group.division_id].append(member.agency_kind)
    return {row.pk: {"team": team_codes(own.get(row.pk, ()), offices.get(row.village or 0, ()))} for row in rows}


def _treatments(rows: Sequence[Row], day: date) -> Facts:
    bound: dict[str, Any] = {"day": day, "taken": [int(one) for one in TAKEN], "people": [row.pk for row in rows]}
    with connection.cursor() as cursor:
        cursor.execute(_TREATED, bound)
        return {pk: {"treatment": treatment_code(Treatment(*said))} for pk, *said in cursor.fetchall()}


_READ: dict[frozenset[str], Callable[[Sequence[Row], date], Facts]] = {
    frozenset(CONTACT): _contacts, frozenset({"team"}): _teams, frozenset({"treatment"}): _treatments,
}  # fmt: skip
ASKED_FACTS = frozenset[str]().union(*_READ)
