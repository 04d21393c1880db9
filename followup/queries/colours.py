"""Colour tables in force, and the facts a colour rests on. Patients have come through a door, or are the sweep's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from accounts.models import Division
from accounts.queries.statements import Planned
from accounts.terms import Role
from followup.models import ColourChange, ColourFall, ColourTable, PatientColour
from followup.rules.colour_falls import OPEN
from followup.rules.colour_table import Table
from followup.rules.colours import ColourFacts
from followup.terms import ColourTableState
from registry.models import Patient
from registry.queries.admitted import in_hospital_sql

OPEN_STATES = str(tuple(state.value for state in OPEN))  # as SQL writes it
# By a county's newest table that has begun; one that was stopped leaves none, not the one before it.
_IN_FORCE = """
SELECT DISTINCT ON (t.county_id) t.county_id, t.id, t.content::text, t.stopped_on
FROM followup_colourtable t
WHERE t.state IN ('active', 'stopped') AND t.starts_on <= %(today)s AND {which}
ORDER BY t.county_id, t.starts_on DESC, t.id DESC
"""
_OF_COUNTIES = "t.county_id = ANY (%(counties)s::int[])"
_OF_PATIENTS = "t.county_id IN (SELECT duty_county FROM registry_patient WHERE id = ANY (%(patients)s::bigint[]))"
STANDING = (
    "id", "table_id", "held", "aside", "since", "suggested", "reasons", "village_on", "township_on", "psychiatrist_on",
    "police_on", "seen_police_on",
)  # fmt: skip
_FACTS = f"""
SELECT p.id, p.uuid, p.duty_county, p.duty_township, p.closed_on, p.colour, p.status,
       {in_hospital_sql("p")},
       v.root_id, v.level, v.stability, v.adherence, i.open, i.newest, g.ended, s.state,
       b.village, b.township, b.psychiatrist,
       (SELECT f.id FROM followup_colourfall f WHERE f.patient_id = p.id AND f.state IN {OPEN_STATES} LIMIT 1),
       {", ".join(f"c.{name}" for name in STANDING)}
FROM registry_patient p
LEFT JOIN followup_patientcolour c ON c.patient_id = p.id
LEFT JOIN LATERAL (SELECT root_id, level, stability, adherence FROM followup_visit
  WHERE patient_id = p.id AND is_current AND complete ORDER BY visited_on DESC, root_id DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (SELECT bool_or(state = 'confirmed') AS open, max((happened_at AT TIME ZONE 'Asia/Shanghai')::date)
  AS newest FROM followup_incident WHERE patient_id = p.id AND state IN ('confirmed', 'closed')) i ON true
LEFT JOIN LATERAL (SELECT ended FROM registry_guardian WHERE patient_id = p.id AND starts_on <= %(today)s
  ORDER BY starts_on DESC LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT state FROM registry_guardianship WHERE patient_id = p.id AND starts_on <= %(today)s
  ORDER BY starts_on DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT max(w.visited_on) AS village,
    max(w.visited_on) FILTER (WHERE a.role <> '{Role.VILLAGE_DOCTOR.value}') AS township,
    max(w.visited_on) FILTER (WHERE a.role = '{Role.PSYCHIATRIST.value}') AS psychiatrist
  FROM followup_visit w LEFT JOIN accounts_assignment a ON a.user_id = w.entered_by_id
  WHERE w.patient_id = p.id AND w.is_current AND w.complete) b ON true
WHERE p.id = ANY (%(patients)s::bigint[]) ORDER BY p.id
"""  # noqa: S608
_HELD = _FACTS + "FOR NO KEY UPDATE OF p"
_ONE_HELD = Planned("colour_facts_of_one", _HELD)


@dataclass(frozen=True, slots=True)
class InForce:
    """A county's table today."""

    key: int
    table: Table


@dataclass(frozen=True, slots=True)
class Known:
    """One person, with the facts."""

    key: int
    uuid: Any
    county: int
    township: int
    closed: bool
    shown: str
    facts: ColourFacts
    standing: PatientColour | None
    open_fall: int | None


@lru_cache(maxsize=256)
def _read(content: str) -> Table:
    """A table is never changed, only followed by another: it is read once."""
    return Table.of(json.loads(content))


def tables_in_force(
    today: date, *, patients: Sequence[int] | None = None, county: int | None = None
) -> dict[int, InForce]:
    """By county; only this county, or the counties of these patients, where any are named."""
    which = _OF_COUNTIES if county is not None else "true" if patients is None else _OF_PATIENTS
    names: dict[str, Any] = {"today": today, "patients": list(patients or ()), "counties": [county]}
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE.format(which=which), names)
        return {
            county: InForce(key, _read(content))
            for county, key, content, stopped_on in cursor.fetchall()
            if stopped_on is None or stopped_on > today
        }


def table_of(county: int, today: date) -> InForce | None:
    return tables_in_force(today).get(county)


def known_of(patients: Sequence[int], today: date, *, lock: bool = False) -> list[Known]:
    """The facts of these patients in one statement. `lock`: their rows are held until the transaction ends."""
    values: dict[str, Any] = {"today": today, "patients": list(patients)}
    with connection.cursor() as cursor:
        if lock and len(patients) == 1:
            _ONE_HELD.execute(cursor, values)
        else:
            cursor.execute(_HELD if lock else _FACTS, values)
        return [_known(row) for row in cursor.fetchall()]


def _known(row: tuple[Any, ...]) -> Known:
    (key, uuid, county, township, closed_on, shown, status, in_hospital, root, level, stability, adherence, is_open,
     incident_on, ended, guardianship, village, seen_township, psychiatrist, fall, *standing) = row  # fmt: skip
    facts = ColourFacts(
        status=status, in_hospital=in_hospital, record=root, level=level, stability=stability, adherence=adherence,
        open_incident=bool(is_open), incident_on=incident_on, has_guardian=ended is False,
        guardianship=guardianship or "", seen_village=village, seen_township=seen_township,
        seen_psychiatrist=psychiatrist,
    )  # fmt: skip
    return Known(key, uuid, county, township, closed_on is not None, shown, facts, _standing(key, standing), fall)


def _standing(patient: int, values: Sequence[Any]) -> PatientColour | None:
    return PatientColour(patient_id=patient, **dict(zip(STANDING, values, strict=True))) if values[0] else None


def colour_now(patient: Patient) -> PatientColour | None:
    return PatientColour.objects.filter(patient=patient).select_related("table").first()


def changes_of(patient: Patient) -> list[ColourChange]:
    return list(ColourChange.objects.filter(patient=patient).select_related("by").order_by("-at", "-pk"))


def falls_of(patient: Patient) -> list[ColourFall]:
    """The newest first; only the first can be open."""
    found = ColourFall.objects.filter(patient=patient).select_related("assessed_by", "settled_by")
    return list(found.order_by("-opened_at", "-pk"))


def open_fall(patient: Patient) -> ColourFall | None:
    return ColourFall.objects.filter(patient=patient, state__in=OPEN).first()


def tables_of(county: Division) -> list[ColourTable]:
    """The county's versions, the one that begins last first."""
    found = ColourTable.objects.filter(county=county).select_related("written_by", "settled_by", "county")
    return list(found.order_by("-starts_on", "-pk"))


def draft_of(county: Division) -> ColourTable | None:
    return ColourTable.objects.filter(county=county, state=ColourTableState.DRAFT).first()
