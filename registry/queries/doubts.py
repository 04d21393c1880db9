"""What speaks against the day on which a file is closed: floors above the register know it and say it in words."""

from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from registry.models import Patient


def met_after(patient: Patient, day: date) -> date | None:
    """The last day after this one on which the person was met: what contradicts a reported death."""
    found: date | None = import_string(settings.MET_AFTER)(patient, day)
    return found


def closing_doubts(patient: Patient, day: date) -> list[str]:
    """Sentences of settings.CLOSING_DOUBTS. They are put to a person once and never refuse: a record may be the mistake."""
    return [words for path in settings.CLOSING_DOUBTS for words in import_string(path)(patient, day)]
