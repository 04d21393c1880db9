"""What only the standard's file (GB/T 31000—2015) tells: asked for the few who stand in it, a batch at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db import connection

from exchange.queries.snapshot_rows import Row
from exchange.rules.standard_codes import TAKEN, Treatment, team_codes, treatment_code
from followup.models import CaseTeam
from registry.models import GroupMember
from registry.rules.around import in_force
from registry.terms import GroupKind

TEAM, TREATMENT = "team", "treatment"
WORKED_OUT = frozenset({TEAM, TREATMENT})

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
    """By person the fields among WORKED_OUT that are asked of them; nothing is read that no list tells."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, read in ((TEAM, _teams), (TREATMENT, _treatments)):
        rows = [row for row, wanted in asked if name in wanted]
        for person, said in read(rows, day).items() if rows else ():
            found[person][name] = said
    return found


def _teams(rows: Sequence[Row], day: date) -> Mapping[int, tuple[str, ...]]:
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
    return {row.pk: team_codes(own.get(row.pk, ()), offices.get(row.village or 0, ())) for row in rows}


def _treatments(rows: Sequence[Row], day: date) -> Mapping[int, str]:
    bound: dict[str, Any] = {"day": day, "taken": [int(one) for one in TAKEN], "people": [row.pk for row in rows]}
    with connection.cursor() as cursor:
        cursor.execute(_TREATED, bound)
        return {pk: treatment_code(Treatment(*said)) for pk, *said in cursor.fetchall()}
