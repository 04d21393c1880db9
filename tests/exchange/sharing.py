"""A person agrees, or takes it back, as far as a test needs it."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.scope import scope
from registry.models import Patient, SharingConsent
from registry.services.sharing import record_sharing_consent


def agree(
    patient: Patient, by: User, *, agreed: bool = True, kind: str = "political_legal", **more: Any
) -> SharingConsent:
    given = {"on": timezone.localdate(), "signer": "patient", **more}
    with scope(by):
        return record_sharing_consent(patient=patient, agency_kind=kind, agreed=agreed, by=by, **given)
