"""Writes of the register: one function per verb of the work."""

from registry.services.admissions import admit, discharge, record_stay
from registry.services.changes import change_patient
from registry.services.facts import record_consent, record_diagnosis, record_economy, record_guardian
from registry.services.moves import move_patient
from registry.services.patient_import import import_patients
from registry.services.population_import import import_population
from registry.services.registration import register_patient
from registry.services.status import close_patient, reopen_patient, set_status

__all__ = [
    "admit",
    "change_patient",
    "close_patient",
    "discharge",
    "import_patients",
    "import_population",
    "move_patient",
    "record_consent",
    "record_diagnosis",
    "record_economy",
    "record_guardian",
    "record_stay",
    "register_patient",
    "reopen_patient",
    "set_status",
]
