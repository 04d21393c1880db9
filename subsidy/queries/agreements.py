"""Agreements and words on duty of one patient, who has come through a door; the wall stands behind."""

from datetime import date

from django.db.models import Q

from registry.models import Companion, Patient
from registry.rules.around import in_force
from registry.terms import CompanionRole
from subsidy.models import Agreement, DutyRecord


def agreements_of(patient: Patient) -> list[Agreement]:
    """Every agreement, newest first, with its assistants."""
    rows = Agreement.objects.filter(patient=patient).select_related("made_by", "ended_by", "scan")
    return list(rows.prefetch_related("assistants").order_by("-starts_on", "-pk"))


def agreement_on(patient: Patient, day: date) -> Agreement | None:
    """The one that holds on the day: both ends of the term count, the day of an ending is the first without."""
    rows = Agreement.objects.filter(patient=patient, starts_on__lte=day, ends_on__gte=day)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("-starts_on", "-pk").first()


def duty_of(patient: Patient) -> list[DutyRecord]:
    """Every word, newest first: of one stretch the first of them holds."""
    return list(DutyRecord.objects.filter(patient=patient).select_related("said_by").order_by("-said_at", "-pk"))


def assistants_on(patient: Patient, day: date) -> list[Companion]:
    """协助监护人 as the register has them on the day, in the order in which they began."""
    rows = Companion.objects.filter(patient=patient, starts_on__lte=day)
    held = [row for row in in_force(rows, day) if row.role == CompanionRole.ASSISTANT]
    return sorted(held, key=lambda row: (row.starts_on, row.pk))
