"""Dated facts said again by the edit form or a file, beside what was signed: no day says two things, nothing breaks."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refused
from accounts.scope import scope
from registry.models import Consent, Guardian
from registry.rules.person import PersonFacts
from registry.services.changes import change_patient
from registry.services.consents import sign_consent
from registry.services.facts import record_guardian

pytestmark = pytest.mark.django_db


def rows(patient):
    return list(
        Consent.objects.filter(patient=patient).order_by("starts_on").values_list("starts_on", "agreed", "path")
    )


def test_a_refusal_of_today_that_was_a_slip_is_said_anew(world):
    patient, today = world.patient(), timezone.localdate()
    with scope(world.worker):
        sign_consent(patient=patient, on=today, path="refused", by=world.worker, signer="patient", reason="不愿意")
        change_patient(patient=patient, said=PersonFacts(consent=True), by=world.worker)
        row = Consent.objects.get(patient=patient, starts_on=today)
        assert (row.agreed, row.path, row.reason or "") == (True, "", "")


def test_a_date_on_which_something_else_was_signed_is_refused_in_words(world):
    """A roster kept for long says the first signature; the file has another since."""
    patient, today = world.patient(), timezone.localdate()
    with scope(world.worker):
        for days, path in ((9, "withdrawn"), (2, "agreed")):
            sign_consent(
                patient=patient, on=today - timedelta(days=days), path=path, by=world.worker, signer="patient",
                reason="本人意愿",
            )  # fmt: skip
        before = rows(patient)
        with pytest.raises(Refused, match="这一天已有另一条知情同意记录") as refusal:
            change_patient(
                patient=patient, said=PersonFacts(consent=True, consent_on=date(2024, 5, 6)), by=world.worker
            )  # fmt: skip
        assert refusal.value.field == "consent_on"
        assert rows(patient) == before


def test_another_guardian_of_the_same_day_takes_nothing_over_from_the_first(world):
    patient, today = world.patient(), timezone.localdate()
    with scope(world.worker):
        record_guardian(
            patient=patient, on=today, name="田景明", by=world.worker, relation="2", phone="19900000031",
            address="东一社区3组", duty="照看服药", payee=True,
        )  # fmt: skip
        change_patient(patient=patient, said=PersonFacts(guardian_name="冉启秀"), by=world.worker)
        row = Guardian.objects.get(patient=patient, starts_on=today)
        assert (row.name, row.phone, row.address, row.duty, row.payee) == ("冉启秀", None, None, "", False)
