"""The lock that every write about a patient takes first: one after another, each reading what the one before wrote."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.refusals import NotHere
from followup.queries.prescriptions import RUNNING_SQL
from registry.models import Patient

NAMES = (
    "birth_on", "closed_on", "opened_on", "duty_township", "duty_county", "last_visit_on", "last_level",
    "last_in_hospital", "status",
)  # fmt: skip
_LOCK = """
SELECT {names}, (SELECT r.id FROM followup_visitroot r WHERE r.form_id = %s AND r.patient_id = p.id){more}
FROM registry_patient p WHERE p.id = %s FOR NO KEY UPDATE
"""
_COLUMNS = ", ".join(f"p.{name}" for name in NAMES)


@dataclass(frozen=True)
class Locked:
    """`root`: the record that this form has made already; `running`: the prescriptions that hold, as they came."""

    root: int | None
    running: str | None


def lock_patient(patient: Patient, form_id: UUID | None = None) -> int | None:
    """Lock the patient's row, refresh what the rules read of it, and say whether this form is already there.

    Raises: NotHere.
    """
    found: int | None = _lock(patient, form_id, "")[-1]
    return found


def lock_with_prescriptions(patient: Patient, form_id: UUID | None = None) -> Locked:
    """The same, and with it, in the same statement, the prescriptions that hold. Raises: NotHere."""
    *_rest, root, running = _lock(patient, form_id, f", {RUNNING_SQL}")
    return Locked(root, running)


def _lock(patient: Patient, form_id: UUID | None, more: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(names=_COLUMNS, more=more), [form_id, patient.pk])
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:  # moved out of reach between the door and here
        raise NotHere
    for name, value in zip(NAMES, row, strict=False):
        setattr(patient, name, value)
    return row
