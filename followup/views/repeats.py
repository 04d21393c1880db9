"""What is asked once before a record is made: a second one of the day, a death before somebody was met later."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts.doors import can
from accounts.terms import Permission
from followup.forms.visit import VisitEntry
from followup.models import Visit
from followup.queries.visits import complete_after, of_day
from followup.views.words import class_chip, moment
from registry.models import Patient

AGAIN = "again"  # the records of the day that whoever writes has been told of, and chose to write beside
DIED = "died_sure"  # the day of death that whoever writes has answered for


@dataclass(frozen=True)
class Earlier:
    text: str
    correct_url: str  # empty for who may not correct


@dataclass(frozen=True)
class Repeat:
    """What the page asks: the records, what to do, and the button that goes on all the same."""

    title: str
    records: list[Earlier]
    advice: str
    verb: str
    name: str
    value: str


def asked(request: HttpRequest, patient: Patient, form: VisitEntry, last: Visit | None) -> Repeat | None:
    """The question, while there is one that nobody has answered. A form that stands saved itself is not asked about.

    The usual case, a record later than every other, asks the database nothing.
    """
    facts = form.facts()
    if last is None or min(facts.visited_on, facts.died_on or facts.visited_on) > last.visited_on:
        return None
    same = of_day(patient, facts.visited_on)
    if any(visit.root.form_id == form.cleaned_data["form_id"] for visit in same):
        return None
    return _second(request, patient, same) or _alive(request, patient, form)


def _second(request: HttpRequest, patient: Patient, found: list[Visit]) -> Repeat | None:
    """There is a complete record of the form's day: whoever entered it, in whichever way.

    A record that came after the answer is asked about again. Source: one visit is one record (表1-8).
    """
    told = answered(request).split()
    if all(str(visit.root.uuid) in told for visit in found):
        return None
    return Repeat(
        "这一天已经有随访记录，这里填的还没有保存",
        _listed(request, patient, found),
        "是同一次随访，请更正那一条，这里不用再保存；同一天确实又随访了一次，再另记。",
        "仍要另记一条",
        AGAIN,
        " ".join(str(visit.root.uuid) for visit in found),
    )


def _alive(request: HttpRequest, patient: Patient, form: VisitEntry) -> Repeat | None:
    """Somebody was met after the day that is said to be the one of the death. Source: decisions C27 read backwards."""
    died_on = form.facts().died_on
    if died_on is None or request.POST.get(DIED) == died_on.isoformat():
        return None
    found = complete_after(patient, died_on)
    if not found:
        return None
    return Repeat(
        f"填写的死亡日期 {died_on:%Y-%m-%d} 之后还有随访记录，这里填的还没有保存",
        _listed(request, patient, found),
        "请核对：死亡日期填错的，改好再保存；随访日期记错的，请更正那次随访。",
        f"死亡日期无误，按 {died_on:%Y-%m-%d} 保存",
        DIED,
        died_on.isoformat(),
    )


def answered(request: HttpRequest) -> str:
    """What the writer has been told of: it stays on the page when something else in the form is to be mended."""
    return " ".join(request.POST.getlist(AGAIN))[:1000]


def _listed(request: HttpRequest, patient: Patient, found: list[Visit]) -> list[Earlier]:
    may_correct = can(request.user, Permission.CORRECT_VISIT, patient)
    return [Earlier(_words(request, visit), _correct_url(visit.root.uuid) if may_correct else "") for visit in found]


def _correct_url(root: UUID) -> str:
    return reverse("followup:visit_correct", args=[root])


def _words(request: HttpRequest, visit: Visit) -> str:
    who = "您" if visit.entered_by_id == request.user.pk else visit.entered_by.display_name
    chip = class_chip(visit.stability)
    level = "住院中" if visit.level is None else f"{visit.level} 级"
    said = "，".join([str(visit.get_form_display()), level, *([chip.text] if chip else [])])
    return f"{who} {moment(visit.root.entered_at)} 已经保存过 {visit.visited_on:%m-%d} 的随访：{said}。"
