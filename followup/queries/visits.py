"""Reads for the pages about one patient. The patient has come through a door; the database's wall stands behind."""

from datetime import date

from django.db.models import Max

from followup.models import Attempt, Visit
from followup.queries.records import complete_lines, previous_to
from followup.rules.dates import day_after
from followup.rules.facts import Previous
from followup.rules.policy import CarePolicy
from followup.terms import Contact, Seen
from registry.models import Guardian, Patient
from registry.queries.person import newest


def last_complete(patient: Patient) -> Visit | None:
    """The newest complete record: what a new form carries over."""
    found = Visit.objects.complete().filter(patient=patient).select_related("root", "entered_by")
    return found.newest_first().first()


def of_day(patient: Patient, day: date) -> list[Visit]:
    """The complete records of one day, in the order of entry."""
    found = Visit.objects.complete().filter(patient=patient, visited_on=day).select_related("root", "entered_by")
    return list(found.order_by("root"))


def complete_after(patient: Patient, day: date) -> list[Visit]:
    """The complete records dated later than a day, oldest first: each says that somebody was there."""
    found = Visit.objects.complete().filter(patient=patient, visited_on__gt=day).select_related("root", "entered_by")
    return list(found.order_by("visited_on", "root"))


def met_after(patient: Patient, day: date) -> date | None:
    """The last day after this one on which the person was met face to face (settings.MET_AFTER)."""
    found = Visit.objects.complete().filter(
        patient=patient, visited_on__gt=day, form__in=(Contact.CLINIC, Contact.HOME)
    )
    last: date | None = found.filter(seen__contains=[Seen.PATIENT]).aggregate(last=Max("visited_on"))["last"]
    return last


def seen_after(patient: Patient, day: date) -> list[str]:
    """The same in words, for whoever closes a file on that day (settings.CLOSING_DOUBTS)."""
    return [
        f"{visit.visited_on:%Y-%m-%d} {visit.get_form_display()}，"
        f"{'住院中' if visit.level is None else f'{visit.level} 级'}，{visit.entered_by.display_name}记"
        for visit in complete_after(patient, day)
    ]


def previous_record(patient: Patient, day: date, policy: CarePolicy, *, but_root: int | None = None) -> Previous | None:
    """What judging a record of `day` knows of the one before; nothing older than the window can matter (C26)."""
    since = day_after(day, -policy.fair_check_window_days)
    return previous_to(day, complete_lines([patient.pk], since=since, but_root=but_root))


def current_visits(patient: Patient) -> list[Visit]:
    """Every record of the patient in its current version, newest first."""
    return list(Visit.objects.current().filter(patient=patient).select_related("root", "entered_by").newest_first())


def attempts_of(patient: Patient) -> list[Attempt]:
    """Every try, also those that were struck: they stay readable."""
    found = Attempt.objects.filter(patient=patient).select_related("entered_by", "struck_by")
    return list(found.order_by("-attempted_on", "-id"))


def guardian_of(patient: Patient) -> Guardian | None:
    """The guardian who holds now."""
    return newest(Guardian, [patient.pk]).get(patient.pk)
