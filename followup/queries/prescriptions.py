"""Prescriptions as they stand. The patient has come through a door; the wall stands behind."""

import json
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.queries.policy import policies
from followup.models import Injection, Prescription
from followup.rules.facts import Drug, VisitFacts
from followup.rules.injections import InjectionPolicy
from followup.rules.prescriptions import Running
from followup.terms import DoseUnit
from registry.models import Patient

# One row of the patient's lock carries them, so that saving a visit asks no question of its own.
RUNNING_SQL = (
    "(SELECT json_agg(json_build_array(x.id, x.line, x.starts_on)) FROM followup_prescription x "
    "WHERE x.patient_id = p.id AND x.ends_on IS NULL AND x.unit = 'mg')::text"
)


def running_from(text: str | None) -> tuple[Running, ...]:
    """What RUNNING_SQL brought."""
    rows = json.loads(text) if text else []
    return tuple(Running(pk, Drug.of(line), date.fromisoformat(day)) for pk, line, day in rows)


def drug_of(row: Prescription) -> Drug:
    line: Any = row.line
    return Drug.of(line)


def prescriptions_of(patient: Patient) -> list[Prescription]:
    """All of them, the newest first."""
    found = Prescription.objects.filter(patient=patient).select_related("entered_by", "medicine")
    return list(found.order_by("-starts_on", "-pk"))


def running_lines(patient: Patient) -> tuple[Drug, ...]:
    """The drug lines that hold now, as the paper's form carries them: in mg, in the order they were begun."""
    rows = Prescription.objects.filter(patient=patient, ends_on=None, unit=DoseUnit.MG).order_by("starts_on", "pk")
    return tuple(dict.fromkeys(drug_of(row) for row in rows))


def carried(last: VisitFacts | None, running: tuple[Drug, ...]) -> VisitFacts | None:
    """What a new form hands on: the prescriptions that hold stand before the lines of the last record."""
    if not running or last is None:
        return last
    return last.changed(drugs=running, guidance=())


def long_acting_of(patient: Patient, *, since: date) -> list[Prescription]:
    """Under which an injection may be written down: those that hold, and those that ended not long ago."""
    found = Prescription.objects.filter(patient=patient, interval_days__isnull=False)
    return list(found.filter(Q(ends_on=None) | Q(ends_on__gte=since)).order_by("ends_on", "-starts_on", "-pk"))


def injections_of(patient: Patient) -> list[Injection]:
    found = Injection.objects.filter(patient=patient).select_related("entered_by", "struck_by")
    return list(found.order_by("-given_on", "-pk"))


def injection_policy(county: int, on: date) -> InjectionPolicy:
    return policy_from(policies(county, on))


def policy_from(found: dict[str, Any]) -> InjectionPolicy:
    return InjectionPolicy(
        early_days=int(found["lai_early_days"]),
        missed_days=int(found["lai_missed_days"]),
        ahead_days=int(found["lai_ahead_days"]),
    )
