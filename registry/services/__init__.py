"""Writes of the register: one function per verb of the work."""

from registry.services.changes import change_patient
from registry.services.facts import record_consent, record_diagnosis, record_economy, record_guardian
from registry.services.moves import move_patient
from registry.services.patient_import import import_patients
from registry.services.population_import import import_population
from registry.services.registration import register_patient
from registry.services.status import close_patient, reopen_patient, set_status

__all__ = [
    "change_patient",
    "close_patient",
    "import_patients",
    "import_population",
    "move_patient",
    "record_consent",
    "record_diagnosis",
    "record_economy",
    "record_guardian",
    "register_patient",
    "reopen_patient",
    "set_status",
]
