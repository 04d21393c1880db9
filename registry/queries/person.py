"""What is known of patients now, in the shape of PersonFacts: the other side of every comparison."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import models

from accounts.models import Division
from accounts.prepared import Prepared
from registry.models import Consent, Diagnosis, EconomicStatus, Guardian, Guardianship, Patient, PatientStatus
from registry.rules.person import PersonFacts
from registry.rules.plan import ENDING_OF

F = TypeVar("F", bound=models.Model)
_SAME_NAME = (
    "name", "sex", "birth_on", "no_id_reason", "residence_address", "household_address", "ethnicity",
    "household_kind", "education", "marital", "employment", "onset_on", "diagnosed_on", "diagnosing_hospital",
    "opened_on", "past_danger", "past_locked", "past_admissions", "id_number", "phone", "disability_number",
)  # fmt: skip


class Known(NamedTuple):
    """The newest dated facts of one patient."""

    guardian: Guardian | None
    consent: Consent | None
    diagnosis: Diagnosis | None
    economy: EconomicStatus | None


@cache
def _newest_of_one(model: type[F]) -> Prepared[F]:
    """Every page about a patient asks it several times: its SQL is built once."""
    return Prepared(lambda key: model._default_manager.filter(patient=key).order_by("-starts_on")[:1], -1)


def newest(model: type[F], patients: Iterable[int]) -> dict[int, F]:
    """The newest dated fact of each patient, in one query."""
    keys = list(patients)
    rows: Iterable[F] = (
        _newest_of_one(model)(keys[0])
        if len(keys) == 1
        else model._default_manager.filter(patient__in=keys).order_by("patient_id", "-starts_on").distinct("patient_id")
    )
    # A thread that was ended holds nobody.
    return {row.patient_id: row for row in rows if not getattr(row, "ended", False)}  # type: ignore[attr-defined]


def guardian_on(patient: Patient, on: date) -> Guardian | None:
    """Who was guardian on that day; nobody after an ended row."""
    row = Guardian.objects.filter(patient=patient, starts_on__lte=on).order_by("-starts_on").first()
    return row if row is not None and not row.ended else None


def guardianship_on(patient: Patient, on: date) -> str:
    """How the guardianship stood on that day; empty when nobody has said."""
    rows = Guardianship.objects.filter(patient=patient, starts_on__lte=on).order_by("-starts_on")
    return rows.values_list("state", flat=True).first() or ""


def _endings(patients: list[int]) -> dict[int, dict[str, Any]]:
    field_of = {value: name for name, value in ENDING_OF.items()}
    found: dict[int, dict[str, Any]] = {pk: {} for pk in patients}
    for row in PatientStatus.objects.filter(patient__in=patients, value__in=field_of).order_by("starts_on"):
        facts = found[row.patient_id]
        facts[field_of[row.value]] = row.starts_on  # type: ignore[index]
        if row.death_cause:
            facts["death_cause"] = row.death_cause
    return found


def facts_of(patients: Iterable[Patient]) -> dict[int, PersonFacts]:
    """Facts by patient key. Six queries for any number of patients, besides their villages."""
    rows = list(patients)
    keys = [row.pk for row in rows]
    diagnoses, consents = newest(Diagnosis, keys), newest(Consent, keys)
    guardians, economies = newest(Guardian, keys), newest(EconomicStatus, keys)
    endings = _endings(keys)
    wanted = {k for row in rows for k in (row.duty_township, row.village_id, row.household_division_id) if k}
    codes = dict(Division.objects.filter(pk__in=wanted).values_list("pk", "code"))
    found = {}
    for row in rows:
        facts: dict[str, Any] = {name: _said(getattr(row, name)) for name in _SAME_NAME}
        facts["residence_code"] = codes.get(row.village_id or row.duty_township)
        facts["household_code"] = codes.get(row.household_division_id or 0)
        facts |= _of_diagnosis(diagnoses.get(row.pk)) | _of_guardian(guardians.get(row.pk))
        facts |= _of_consent(consents.get(row.pk)) | endings[row.pk]
        economy = economies.get(row.pk)
        facts["poor"] = economy.poor if economy else None
        found[row.pk] = PersonFacts(**facts)
    return found


def _said(value: Any) -> Any:
    return None if value == "" else value


def _of_diagnosis(row: Diagnosis | None) -> dict[str, Any]:
    return {"diagnosis": row.code, "icd10": _said(row.icd10)} if row else {}


def _of_guardian(row: Guardian | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "guardian_name": row.name,
        "guardian_relation": _said(row.relation),
        "guardian_phone": _said(row.phone),
        "guardian_id_number": _said(row.id_number),
    }


def _of_consent(row: Consent | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"consent": row.agreed, "consent_on": row.starts_on, "consent_signer": _said(row.signer)}
