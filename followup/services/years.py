"""A new year begins: the patient-years that nothing else would make before the first visit."""

from django.db import connection
from django.utils import timezone

from followup.models import PatientYear
from registry.models import Patient

BATCH = 5_000


def open_years() -> int:
    """Give every registered patient the row of the running year. Safe to run at any time; returns the rows made."""
    year = timezone.localdate().year
    there = PatientYear.objects.filter(year=year).values("patient_id")
    lacking = list(Patient.objects.open().exclude(pk__in=there).values_list("pk", flat=True))
    for start in range(0, len(lacking), BATCH):
        with connection.cursor() as cursor:
            cursor.execute("SELECT followup_standing(%s::bigint[])", [lacking[start : start + BATCH]])
    return len(lacking)
