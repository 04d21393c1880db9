"""Somebody says that a person on the register has died: payments rest at once, the file is closed by a person only."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Agency, User
from registry.models import DeathReport, Patient


@transaction.atomic
def report_death(*, patient: Patient, agency: Agency, died_on: date, by: User | None) -> DeathReport | None:
    """Hold what is paid for the person until the township has looked. None where the file has ended already.

    Source: issue 4, Build 6 (death matches stop payments at once); ADR 16. Called inside the act that compares. A second
    report changes nothing while the first is open.
    """
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if patient.closed_on is not None:
        return None
    known = DeathReport.objects.filter(patient=patient, settled_at=None).first()
    if known is not None:
        return known
    row = DeathReport(patient=patient, agency=agency, died_on=died_on)
    row.save(force_insert=True)
    facts = {"agency": str(agency.uuid), "died_on": died_on.isoformat()}
    audit.record("registry.patient.death_reported", row, by=by, person=patient.uuid, facts=facts)
    return row


@transaction.atomic
def settle_death_report(*, patient: Patient, was_true: bool, by: User | None) -> bool:
    """The hold ends: the file was closed by death, or somebody has met the person. False: there was none."""
    row = DeathReport.objects.select_for_update().filter(patient=patient, settled_at=None).first()
    if row is None:
        return False
    row.settled_at, row.settled_by, row.was_true = timezone.now(), by, was_true
    row.save(update_fields=["settled_at", "settled_by", "was_true"])
    audit.record(
        "registry.patient.death_settled", row, by=by, person=patient.uuid, facts={"true": was_true}
    )  # fmt: skip
    return True
