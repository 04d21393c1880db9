"""People of a county as they stood at the end of a period, by 500s. Dated rows only (decisions A5)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import Division
from exchange.rules.packages import ENDING
from exchange.rules.snapshot import IncidentSnapshot, PersonSnapshot
from followup.models import Incident, Visit
from followup.terms import IncidentState
from registry.models import Diagnosis, EconomicStatus, Guardian, Patient, PatientStatus, SocialFact
from registry.queries.asof import county_on, township_on
from registry.queries.objections import disputed_among

BATCH = 500
CONFIRMED = (IncidentState.CONFIRMED, IncidentState.CLOSED)
F_ = TypeVar("F_", bound=models.Model)


def how_many(county: Division, day: date) -> int:
    """About how many people() will read."""
    return Patient.objects.filter(duty_county=county.pk, opened_on__lte=day).count()


def people(county: Division, day: date) -> Iterator[list[tuple[UUID, int, PersonSnapshot]]]:
    """Each batch: uuid, township then, snapshot; whoever had a file in the county on that day, in order of key."""
    found = Patient.objects.filter(duty_county=county.pk, opened_on__lte=day)
    rows = found.annotate(township_then=township_on(day), county_then=county_on(day)).filter(county_then=county.pk)
    places = dict(Division.objects.filter(code__startswith=county.code[:6]).values_list("pk", "name"))
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").select_related("household_division")[:BATCH]):
        last = batch[-1].pk
        yield _snapshots(batch, day, places)


def snapshot_of(patient: Patient, county: Division, day: date) -> PersonSnapshot | None:
    """One person of the county on that day; the patient came through a door."""
    found = Patient.objects.filter(pk=patient.pk, opened_on__lte=day)
    rows = found.annotate(township_then=township_on(day)).select_related("household_division")
    places = dict(Division.objects.filter(code__startswith=county.code[:6]).values_list("pk", "name"))
    return next((said for _uuid, _township, said in _snapshots(list(rows), day, places)), None)


def each_incident(person: PersonSnapshot) -> Iterator[PersonSnapshot]:
    """The same person once per confirmed incident, oldest first."""
    for on, level in zip(person.incidents, person.incident_levels, strict=True):
        yield replace(person, incident=IncidentSnapshot(on, level))


def _newest(model: type[F_], keys: list[int], day: date) -> dict[int, F_]:
    rows = model._default_manager.filter(patient__in=keys, starts_on__lte=day).order_by("patient_id", "-starts_on")
    return {row.patient_id: row for row in rows.distinct("patient_id") if not getattr(row, "ended", False)}  # type: ignore[attr-defined]


def _social(keys: list[int], day: date) -> dict[int, dict[str, SocialFact]]:
    rows = SocialFact.objects.filter(patient__in=keys, starts_on__lte=day)
    found: dict[int, dict[str, SocialFact]] = defaultdict(dict)
    for row in rows.order_by("patient_id", "kind", "-starts_on").distinct("patient_id", "kind"):
        found[row.patient_id][row.kind] = row
    return found


def _levels(keys: list[int], day: date) -> dict[int, list[tuple[date, int]]]:
    """The two newest levels of each."""
    newest = Window(RowNumber(), partition_by=F("patient"), order_by=(F("visited_on").desc(), F("root").desc()))
    rows = Visit.objects.filter(patient__in=keys, is_current=True, level__isnull=False, visited_on__lte=day)
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for key, on, level in (
        rows.annotate(place=newest).filter(place__lte=2).order_by("patient", "place").values_list("patient", "visited_on", "level")
    ):  # fmt: skip
        found[key].append((on, level))
    return found


def _incidents(keys: list[int], day: date) -> dict[int, list[tuple[date, int]]]:
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    rows = Incident.objects.filter(patient__in=keys, state__in=CONFIRMED, happened_at__lt=end)
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for key, at, level in rows.order_by("patient", "happened_at", "pk").values_list("patient", "happened_at", "level"):
        found[key].append((at.astimezone(timezone.get_current_timezone()).date(), level))
    return found


def _last_visits(keys: list[int], day: date) -> dict[int, date]:
    newest = Visit.objects.filter(patient=OuterRef("pk"), is_current=True, visited_on__lte=day).order_by("-visited_on")
    rows = Patient.objects.filter(pk__in=keys).annotate(last=Subquery(newest.values("visited_on")[:1]))
    return {key: last for key, last in rows.values_list("pk", "last") if last}


def _snapshots(batch: list[Any], day: date, places: dict[int, str]) -> list[tuple[UUID, int, PersonSnapshot]]:
    keys = [row.pk for row in batch]
    status, guardian = _newest(PatientStatus, keys, day), _newest(Guardian, keys, day)
    diagnosis, economy = _newest(Diagnosis, keys, day), _newest(EconomicStatus, keys, day)
    social, levels = _social(keys, day), _levels(keys, day)
    incidents, visits = _incidents(keys, day), _last_visits(keys, day)
    disputed = disputed_among(keys)  # as it stands today: an objection marks what leaves after it
    found = []
    for row in batch:
        facts: dict[str, Any] = {"last_visit_on": visits.get(row.pk), "disputed": row.pk in disputed}
        facts |= _of_status(status.get(row.pk)) | _of_guardian(guardian.get(row.pk)) | _of_levels(levels[row.pk])
        facts |= _of_social(social[row.pk], economy.get(row.pk))
        said = incidents[row.pk]
        facts["incidents"] = tuple(on for on, _level in said)
        facts["incident_levels"] = tuple(level for _on, level in said)
        facts["diagnosis"] = diagnosis[row.pk].code if row.pk in diagnosis else ""
        found.append((row.uuid, row.township_then or 0, _person(row, places, facts)))
    return found


def _person(row: Any, places: dict[int, str], facts: dict[str, Any]) -> PersonSnapshot:
    township, village = places.get(row.township_then or 0, ""), places.get(row.village_id or 0, "")
    return PersonSnapshot(
        name=row.name, sex=row.get_sex_display() or "", birth_on=row.birth_on, id_number=str(row.id_number or ""),
        ethnicity=row.ethnicity, marital=row.get_marital_display() or "", education=row.get_education_display() or "",
        employment=row.get_employment_display() or "", phone=str(row.phone or ""),
        household_area=row.household_division.name if row.household_division else "",
        household_address=row.household_address, area=f"{township}{village}", address=row.residence_address,
        township=township, onset_on=row.onset_on, opened_on=row.opened_on, **facts,
    )  # fmt: skip


def _of_status(row: PatientStatus | None) -> dict[str, Any]:
    if row is None:
        return {}
    died = row.starts_on if row.value == "dead" else None
    return {
        "status": row.get_value_display(), "status_code": row.value, "status_on": row.starts_on,
        "status_reason": row.get_reason_code_display(), "registered": row.value not in ENDING, "died_on": died,
    }  # fmt: skip


def _of_guardian(row: Guardian | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "guardian_name": row.name, "guardian_phone": str(row.phone or ""), "guardian_id": str(row.id_number or "")
    }  # fmt: skip


def _of_levels(rows: list[tuple[date, int]]) -> dict[str, Any]:
    if not rows:
        return {}
    return {"level_on": rows[0][0], "level": rows[0][1], "previous_level": rows[1][1] if len(rows) > 1 else None}


def _of_social(rows: dict[str, SocialFact], economy: EconomicStatus | None) -> dict[str, Any]:
    certificate = rows.get("disability")
    return {
        "social": {kind: row.holds for kind, row in rows.items()},
        "poor": economy.poor if economy else None,
        "certificate_grade": certificate.grade if certificate and certificate.holds else None,
    }
