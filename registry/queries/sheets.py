from datetime import date

from registry.models import FormSheet, Patient


def sheet_of(patient: Patient, form: str, on: date) -> FormSheet | None:
    """The sheet that holds on that day, to be opened."""
    rows = FormSheet.objects.filter(patient=patient, form=form, starts_on__lte=on).select_related("filled_by")
    return rows.order_by("-starts_on").first()
