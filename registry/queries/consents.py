"""Consent records of one patient, and the text that held on a day."""

from dataclasses import dataclass
from datetime import date

from registry.models import Consent, ConsentText, Patient
from registry.rules.consent import FIRST_TEXT, FIRST_VERSION


@dataclass(frozen=True)
class Text:
    version: str
    body: str
    starts_on: date | None = None
    made_by: str = ""


def texts_of(county: int) -> list[Text]:
    """Every version, newest first; the system's own stands last."""
    rows = ConsentText.objects.filter(county=county).select_related("made_by").order_by("-starts_on")
    known = [Text(row.version, row.body, row.starts_on, row.made_by.display_name) for row in rows]
    return [*known, Text(FIRST_VERSION, FIRST_TEXT)]


def text_on(county: int, on: date) -> Text:
    """The text to sign on that day."""
    return next(text for text in texts_of(county) if text.starts_on is None or text.starts_on <= on)


def consents_of(patient: Patient) -> list[Consent]:
    """Every record, newest first."""
    rows = Consent.objects.filter(patient=patient).select_related("scan").defer("scan__content")
    return list(rows.order_by("-starts_on"))


def consent_on(patient: Patient, on: date) -> Consent | None:
    return Consent.objects.filter(patient=patient, starts_on__lte=on).order_by("-starts_on").first()


def text_version(county: int, version: str) -> Text | None:
    """The text of that version as it was signed."""
    return next((text for text in texts_of(county) if text.version == version), None)
