"""Before a second record of one day is made: who has written the first, and the two ways on from there."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts.doors import can
from accounts.terms import Permission
from followup.forms.visit import VisitEntry
from followup.models import Visit
from followup.queries.visits import of_day
from followup.views.words import class_chip, moment
from registry.models import Patient

FIELD = "again"  # the records of the day that whoever writes has been told of, and chose to write beside


@dataclass(frozen=True)
class Earlier:
    text: str
    correct_url: str  # empty for who may not correct


@dataclass(frozen=True)
class Repeat:
    """What the page asks."""

    records: list[Earlier]
    roots: str


def asked(request: HttpRequest, patient: Patient, form: VisitEntry, last: Visit | None) -> Repeat | None:
    """The question, while there is a complete record of the form's day of which nobody told the writer in words.

    Whoever entered it, in whichever way. A form that stands saved itself repeats nothing and is not asked about; a
    record that came after the answer is asked about again. Source: one visit is one record (表1-8).
    """
    day = form.facts().visited_on
    if last is None or day > last.visited_on:  # the usual case asks the database nothing
        return None
    found = of_day(patient, day)
    if any(visit.root.form_id == form.cleaned_data["form_id"] for visit in found):
        return None
    told = answered(request).split()
    if all(str(visit.root.uuid) in told for visit in found):
        return None
    may_correct = can(request.user, Permission.CORRECT_VISIT, patient)
    return Repeat(
        [Earlier(_words(request, visit), _correct_url(visit.root.uuid) if may_correct else "") for visit in found],
        " ".join(str(visit.root.uuid) for visit in found),
    )


def answered(request: HttpRequest) -> str:
    """What the writer has been told of: it stays on the page when something else in the form is to be mended."""
    return " ".join(request.POST.getlist(FIELD))[:1000]


def _correct_url(root: UUID) -> str:
    return reverse("followup:visit_correct", args=[root])


def _words(request: HttpRequest, visit: Visit) -> str:
    who = "您" if visit.entered_by_id == request.user.pk else visit.entered_by.display_name
    chip = class_chip(visit.stability)
    level = "住院中" if visit.level is None else f"{visit.level} 级"
    said = "，".join([str(visit.get_form_display()), level, *([chip.text] if chip else [])])
    return f"{who} {moment(visit.root.entered_at)} 已经保存过 {visit.visited_on:%m-%d} 的随访：{said}。"
