"""The straight statement behind snapshots: everybody's dated facts of one day in one row each, a batch at a time.

One statement for 500 people instead of ten, and tuples instead of objects: a county is drawn in a second.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Division
from followup.terms import IncidentState
from registry.models import Patient
from registry.queries.asof import AREA_LATERAL

BATCH = 500
CONFIRMED = (IncidentState.CONFIRMED.value, IncidentState.CLOSED.value)


class Row(NamedTuple):
    """One person as the statement tells it; encrypted columns as they stand."""

    pk: int
    uuid: UUID
    township: int | None
    name: str
    sex: str
    birth_on: date | None
    id_number: bytes | None
    ethnicity: str
    marital: str
    education: str
    employment: str
    phone: bytes | None
    household: str | None
    household_address: str
    village: int | None
    address: str
    onset_on: date | None
    opened_on: date
    status: str | None
    status_on: date | None
    status_reason: str | None
    guardian: str | None  # its uuid
    guardian_name: str | None
    guardian_phone: bytes | None
    guardian_id: bytes | None
    diagnosis: str | None
    poor: bool | None
    social: list[str] | None
    social_holds: list[bool] | None
    grade: int | None
    levels: list[int] | None
    level_days: list[date] | None
    incident_days: list[date] | None
    incident_levels: list[int] | None
    last_visit_on: date | None
    disputed: bool


def _newest(table: str, columns: str, name: str) -> str:
    return (
        f"LEFT JOIN LATERAL (SELECT {columns} FROM registry_{table} WHERE patient_id = p.id AND starts_on <= %(day)s "  # noqa: S608
        f"ORDER BY starts_on DESC LIMIT 1) {name} ON true"
    )


_SOCIAL = (
    "LEFT JOIN LATERAL (SELECT array_agg(kind::text) AS kinds, array_agg(holds) AS holds, "
    "max(grade) FILTER (WHERE kind = 'disability' AND holds) AS grade FROM (SELECT DISTINCT ON (kind) kind, holds, grade "
    "FROM registry_socialfact WHERE patient_id = p.id AND starts_on <= %(day)s ORDER BY kind, starts_on DESC) each) social ON true"
)
_LEVELS = (
    "LEFT JOIN LATERAL (SELECT array_agg(level) AS said, array_agg(visited_on) AS days FROM (SELECT level, visited_on "
    "FROM followup_visit WHERE patient_id = p.id AND is_current AND level IS NOT NULL AND visited_on <= %(day)s "
    "ORDER BY visited_on DESC, root_id DESC LIMIT 2) each) levels ON true"
)
# 肇事 (an offence against public order) and 肇祸 (a crime) only, as the lists say by name: whoever hurt himself, or was
# merely noisy, has disturbed nobody in the law's sense. Source: 表1-8 填表说明; the same rows as 肇事肇祸率 counts.
_INCIDENTS = (
    "LEFT JOIN LATERAL (SELECT array_agg((happened_at AT TIME ZONE %(zone)s)::date ORDER BY happened_at, id) AS days, "
    "array_agg(level ORDER BY happened_at, id) AS levels FROM followup_incident WHERE patient_id = p.id "
    "AND state = ANY (%(confirmed)s) AND (trouble > 0 OR crime > 0) AND happened_at < %(end)s) incidents ON true"
)
_LAST = (
    "(SELECT visited_on FROM followup_visit WHERE patient_id = p.id AND is_current AND visited_on <= %(day)s "
    "ORDER BY visited_on DESC LIMIT 1)"
)
_DISPUTED = "EXISTS (SELECT 1 FROM registry_objection WHERE patient_id = p.id AND withdrawn_on IS NULL)"
_COLUMNS = (
    "p.id, p.uuid, area.township_id, p.name, p.sex, p.birth_on, p.id_number, p.ethnicity, p.marital, p.education, p.employment, "
    "p.phone, household.name, p.household_address, p.village_id, p.residence_address, p.onset_on, p.opened_on, status.value, "
    "status.starts_on, status.reason_code, guardian.uuid::text, guardian.name, guardian.phone, guardian.id_number, diagnosis.code, "
    "economy.poor, social.kinds, social.holds, social.grade, levels.said, levels.days, incidents.days, incidents.levels, "
    f"{_LAST}, {_DISPUTED}"
)
_FROM = " ".join((
    "FROM registry_patient p", AREA_LATERAL, "LEFT JOIN accounts_division household ON household.id = p.household_division_id",
    _newest("patientstatus", "value, starts_on, reason_code", "status"),
    _newest("guardian", "uuid, name, phone, id_number, ended", "guardian").replace("guardian ON true", "guardian ON NOT guardian.ended"),
    _newest("diagnosis", "code", "diagnosis"), _newest("economicstatus", "poor", "economy"), _SOCIAL, _LEVELS, _INCIDENTS,
))  # fmt: skip
_COUNTY = (
    f"SELECT {_COLUMNS} {_FROM} WHERE p.duty_county = %(county)s AND p.opened_on <= %(day)s "
    f"AND area.county_id = %(county)s AND p.id > %(after)s ORDER BY p.id LIMIT {BATCH}"
)
_ONE = f"SELECT {_COLUMNS} {_FROM} WHERE p.id = %(one)s AND p.opened_on <= %(day)s"

_STATUSES = (
    f"SELECT p.uuid, coalesce(status.value, '') FROM registry_patient p {AREA_LATERAL} "  # noqa: S608
    f"{_newest('patientstatus', 'value', 'status')} WHERE p.duty_county = %(county)s AND p.opened_on <= %(day)s "
    "AND area.county_id = %(county)s AND p.uuid = ANY (%(people)s)"
)


def _bound(day: date, **more: Any) -> dict[str, Any]:
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return {"day": day, "end": end, "zone": settings.TIME_ZONE, "confirmed": list(CONFIRMED), **more}


def rows_of_county(county: Division, day: date) -> Iterator[list[Row]]:
    """Whoever had a file in the county on that day, in order of key. In the county's reach."""
    after = 0
    while batch := _rows(_COUNTY, _bound(day, county=county.pk, after=after)):
        after = batch[-1].pk
        yield batch


def statuses_of(county: Division, day: date, people: Collection[UUID]) -> dict[UUID, str]:
    """Where those of them stood who had a file in the county on that day."""
    with connection.cursor() as cursor:
        cursor.execute(_STATUSES, {"county": county.pk, "day": day, "people": list(people)})
        return dict(cursor.fetchall())


def row_of(patient: Patient, day: date) -> Row | None:
    return next(iter(_rows(_ONE, _bound(day, one=patient.pk))), None)


def _rows(statement: str, bound: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, bound)
        return [Row._make(row) for row in cursor.fetchall()]
