"""Fill in 表1-6 or 表1-7 as of a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.models import FormSheet, Patient
from registry.rules.sheets import contradiction, lacking
from registry.services.facts import checked_day, locked


@transaction.atomic
def fill_sheet(*, patient: Patient, form: str, on: date, answers: Mapping[str, Any], by: User) -> FormSheet:
    """Keep the answers that have no column. An unfinished sheet is kept too and says what it lacks.

    Source: 表1-6, 表1-7 (rules.sheets). Raises: Denied, NotHere, Refused, DayRefused.
    """
    authorise(by, Permission.EDIT_PATIENT, patient)
    patient = locked(patient)
    checked_day(on, patient, field="on", what="填表日期")
    if (found := contradiction(form, answers)) is not None:
        raise Refused(found[1], field=found[0])
    row = FormSheet.objects.filter(patient=patient, form=form, starts_on=on).first()
    row = row or FormSheet(patient=patient, form=form, starts_on=on)
    row.answers, row.filled_by = dict(answers), by
    row.open_keys = list(lacking(form, answers))
    row.save()
    audit.record("registry.sheet.filled", row, by=by, person=patient.uuid, facts={"on": on.isoformat(), "form": form})
    return row
