"""The rows of a package as one COPY per list, compressed: what a script of ten lines would do.

The same people, the same day, the same columns, drawn by the one statement that the list needs and no more. Encrypted
columns go as they stand: nothing is opened, sealed, signed, compared or put into a workbook.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from django.db import connection

from exchange.models import Package
from exchange.rules.periods import period
from exchange.services.archives import Hashed

_NEWEST = (
    "LEFT JOIN LATERAL (SELECT {columns} FROM registry_{table} WHERE patient_id = p.id AND starts_on <= %(day)s "
    "ORDER BY starts_on DESC LIMIT 1) {name} ON true"
)
_VISIT = (
    "LEFT JOIN LATERAL (SELECT level, visited_on FROM followup_visit WHERE patient_id = p.id AND is_current AND level IS NOT NULL "
    "AND visited_on <= %(day)s ORDER BY visited_on DESC, root_id DESC LIMIT 1 OFFSET {place}) {name} ON true"
)
JOINS = {
    "status": _NEWEST.format(columns="value, starts_on", table="patientstatus", name="status"),
    "guardian": _NEWEST.format(columns="name, phone, id_number, ended", table="guardian", name="guardian"),
    "economy": _NEWEST.format(columns="poor", table="economicstatus", name="economy"),
    "level": _VISIT.format(place=0, name="level"),
    "before": _VISIT.format(place=1, name="before"),
    "social": (
        "LEFT JOIN LATERAL (SELECT jsonb_object_agg(kind, holds) AS said, max(grade) FILTER (WHERE kind = 'disability' AND holds) "
        "AS grade FROM (SELECT DISTINCT ON (kind) kind, holds, grade FROM registry_socialfact WHERE patient_id = p.id "
        "AND starts_on <= %(day)s ORDER BY kind, starts_on DESC) s) social ON true"
    ),
    "incidents": (
        "LEFT JOIN LATERAL (SELECT count(*) AS n, max(happened_at::date) AS newest, bool_or(happened_at::date BETWEEN %(first)s "
        "AND %(day)s) AS here FROM followup_incident WHERE patient_id = p.id AND state IN ('confirmed', 'closed') "
        "AND (trouble > 0 OR crime > 0) AND happened_at::date <= %(day)s) incidents ON true"
    ),
    "each": (
        "JOIN followup_incident each ON each.patient_id = p.id AND each.state IN ('confirmed', 'closed') "
        "AND (each.trouble > 0 OR each.crime > 0) AND each.happened_at::date BETWEEN %(first)s AND %(day)s"
    ),
}
_HERE = "status.value IS NOT NULL AND status.value NOT IN ('moved_out', 'dead', 'excluded')"
_HIGH = "coalesce(level.level, 0) >= 3"
_WHO = "p.name, p.sex, p.birth_on, town.name"
_DISPUTED = "EXISTS (SELECT 1 FROM registry_objection o WHERE o.patient_id = p.id AND o.withdrawn_on IS NULL)"
_ADDRESS = "p.residence_address, p.household_address, household.name, village.name"
_FULL = "p.id_number, p.phone, p.ethnicity, p.marital, p.education, p.employment"
# kind of list -> what it is joined with, its columns, who stands in it
LISTS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "high_risk": (
        ("status", "level", "before", "guardian"),
        f"{_WHO}, p.id_number, p.residence_address, level.level, level.visited_on, before.level, guardian.name", f"{_HERE} AND {_HIGH}",
    ),
    "incidents": (("each",), f"{_WHO}, each.happened_at, each.level", "true"),
    "away": (("status", "level"), f"{_WHO}, status.value, status.starts_on", "status.value IN ('lost', 'refused', 'away')"),
    "new": ((), f"{_WHO}, p.opened_on", "p.opened_on BETWEEN %(first)s AND %(day)s"),
    "ended": (
        ("status",), f"{_WHO}, status.value, status.starts_on",
        "status.value IN ('moved_out', 'dead', 'excluded') AND status.starts_on BETWEEN %(first)s AND %(day)s",
    ),
    "standard": (
        ("status", "level", "guardian", "incidents", "economy", "social"),
        f"{_WHO}, {_FULL}, {_ADDRESS}, economy.poor, social.said, guardian.name, guardian.phone, guardian.id_number, "
        "incidents.n, incidents.newest, level.level", f"{_HERE} AND ({_HIGH} OR incidents.here)",
    ),
    "assisted": (
        ("status", "guardian", "social"), f"{_WHO}, p.id_number, p.residence_address, guardian.name, guardian.phone, social.said",
        f"{_HERE} AND social.said @? '$.keyvalue() ? (@.value == true && (@.key == \"poor\" || @.key == \"dibao\" || "
        "@.key == \"tekun\" || @.key == \"targeted\"))'",
    ),
    "certified": (
        ("status", "guardian", "social"),
        f"{_WHO}, p.id_number, p.household_address, guardian.name, guardian.phone, social.said, social.grade",
        f"{_HERE} AND (social.said->>'disability')::boolean",
    ),
    "insured": (("status", "social"), "p.name, p.id_number, social.said", f"{_HERE} AND (social.said->>'insured')::boolean"),
}  # fmt: skip
_FROM = (
    "FROM registry_patient p JOIN LATERAL (SELECT township_id, county_id FROM registry_dutyperiod WHERE patient_id = p.id "
    "AND starts_on <= %(day)s ORDER BY starts_on DESC LIMIT 1) area ON area.county_id = %(county)s "
    "JOIN accounts_division town ON town.id = area.township_id LEFT JOIN accounts_division village ON village.id = p.village_id "
    "LEFT JOIN accounts_division household ON household.id = p.household_division_id"
)
_WHERE = "WHERE p.duty_county = %(county)s AND p.opened_on <= %(day)s"
_TOTALS = (
    f"SELECT town.name, count(*) FILTER (WHERE {_HERE}), count(*) FILTER (WHERE status.value = 'managed'), "
    f"count(*) FILTER (WHERE {_HERE} AND {_HIGH}), count(*) FILTER (WHERE {LISTS['new'][2]}), "
    f"count(*) FILTER (WHERE {LISTS['ended'][2]}), count(*) FILTER (WHERE {LISTS['away'][2]}) "
    f"{_FROM} {JOINS['status']} {JOINS['level']} {_WHERE} GROUP BY town.name"
)


def statement(kind: str) -> str:
    if kind == "totals":
        return _TOTALS
    joins, columns, where = LISTS[kind]
    disputed = "" if "{" in where else f", {_DISPUTED}"
    joined = " ".join(JOINS[one] for one in joins)
    return f"SELECT p.uuid, {columns}{disputed} {_FROM} {joined} {_WHERE} AND {where} ORDER BY p.id"


def copied(package: Package) -> dict[str, int]:
    """Every list of the package by COPY into one archive; how many rows each has. In the county's reach."""
    one = period(package.period)
    bound: Mapping[str, Any] = {"day": one.last, "first": one.first, "county": package.county_id}
    found = {}
    with zipfile.ZipFile(Hashed(), "w", zipfile.ZIP_DEFLATED) as archive, connection.cursor() as cursor:
        for section in package.template.parts:
            kind, text = section.kind.value, io.StringIO()
            query = cursor.mogrify(statement(kind), bound).decode()
            cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", text)
            archive.writestr(f"{kind}.csv", text.getvalue())
            found[kind] = cursor.rowcount
    return found
