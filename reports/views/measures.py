"""督导措施: recording a step of the ladder, one measure, and how it ends."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.carrying import carried_out
from accounts.doors import can, requires, still_open
from accounts.models import User
from accounts.refusals import NotHere
from accounts.rules.machine import StepOver
from accounts.terms import Permission
from reports.doors import findings_for, measures_for, open_finding, open_measure
from reports.forms import EndMeasureForm, MeasureForm
from reports.models import Finding, Measure
from reports.queries.supervision import (
    days_of,
    findings_of,
    ladder_of,
    same_unit,
    unit_of,
    units_of,
    with_finding_lines,
)
from reports.rules.ladder import MEASURES, state_on, why_no_delisting, why_shut
from reports.services.measures import MeasureFacts, end_measure, revoke_measure, take_step
from reports.terms import FindingState, MeasureState, Rung
from reports.views.asked import person
from reports.views.supervision_lines import Lines, measure_line

VIEW, KEEP = Permission.VIEW_SUPERVISION, Permission.KEEP_SUPERVISION
# What stands in the address of an end: where it leads.
ENDS = {"delist": MeasureState.DELISTED, "lift": MeasureState.LIFTED, "revoke": MeasureState.REVOKED}


@dataclass(frozen=True)
class EndWords:
    verb: str
    said: str


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def measure_new(request: HttpRequest, uuid: UUID, rung: str) -> HttpResponse:
    """The step that is open for this finding, with the others of the same unit for which it is open too."""
    user, today = person(request), timezone.localdate()
    found = open_finding(user, uuid, KEEP)
    if rung not in Rung.values:
        raise NotHere
    step, lines = Rung(rung), Lines(today, keeps=True)
    if request.method == "GET" and step not in lines.steps(found):
        why = why_shut(rung=found.rung, state=found.state, due_on=found.due_on, on=today)
        raise StepOver(why, back=reverse("reports:finding", args=[uuid]))
    choices = {str(each.uuid): each for each in _together(found, user, step, lines)}
    area, days = found.supervision.area, days_of(found.supervision.area, today)
    term = today + timedelta(days=days["listing_days" if step is Rung.LISTING else "circular_days"])
    form = MeasureForm(
        request.POST or None,
        rung=step,
        findings=[(key, f"{each.number}. {each.what[:60]}") for key, each in choices.items()],
        units=[unit.name for unit in units_of(area)],
        initial={
            "findings": [str(found.uuid)], "on": f"{today:%Y-%m-%d}", "due_on": f"{term:%Y-%m-%d}", "year": today.year,
            "clause": ladder_of(area).clause, "spoken_with": found.name,
        },
    )  # fmt: skip

    made: list[Measure] = []

    def take() -> str:
        chosen = [choices[key] for key in form.cleaned_data["findings"]]
        made.append(take_step(chosen, facts=MeasureFacts(rung=step, **form.facts()), by=user))
        return f"{step.label}已登记，{made[0].name}会看到。"

    if carried_out(request, form, take):
        return redirect("reports:measure", uuid=made[0].uuid)
    context = {"form": form, "finding": found, "label": step.label}
    return render(request, "reports/measure_new.html", context, status=400 if form.errors else 200)


def _together(found: Finding, user: User, step: Rung, lines: Lines) -> list[Finding]:
    """This finding, and whatever else of the unit may go the same way today."""
    rows = same_unit(findings_for(user, KEEP), unit_of(found)).filter(
        supervision__area=found.supervision.area, state=FindingState.OPEN
    )
    others = [each for each in rows.select_related("supervision__area").order_by("due_on", "pk") if each != found]
    return [found, *(each for each in others if step in lines.steps(each))]


@require_GET
@requires(VIEW)
def measure(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    found = open_measure(user, uuid, VIEW)
    keeps = can(user, KEEP) and measures_for(user, KEEP).filter(pk=found.pk).exists()
    rows = list(with_finding_lines(findings_of(found).filter(pk__in=findings_for(user, VIEW))).order_by("pk"))
    lines = Lines(today, keeps=keeps)
    state = state_on(found.state, found.year, today)
    shut = why_no_delisting(each.state for each in findings_of(found)) if state == MeasureState.LISTED else ""
    context = {
        **measure_line(found, today),
        "lines": [lines.of(each) for each in rows],
        "shut": shut if keeps else "",
        "can_be_delisted": state == MeasureState.LISTED and not shut,
        "acts": [
            {"verb": _words(found, to).verb, "href": reverse("reports:measure_end", args=[uuid, act]), "act": act}
            for act, to in ENDS.items()
            if keeps and any(step.after is to for step in MEASURES.from_state(state)) and not (act == "delist" and shut)
        ],
    }
    return render(request, "reports/measure.html", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def measure_end(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """摘牌, 解除否决, 撤销."""
    user, today = person(request), timezone.localdate()
    found = open_measure(user, uuid, KEEP)
    if act not in ENDS:
        raise NotHere
    to = ENDS[act]
    still_open(request, MEASURES, state_on(found.state, found.year, today), to, back="reports:measure", of=uuid)
    words = _words(found, to)
    form = EndMeasureForm(request.POST or None, initial={"on": f"{today:%Y-%m-%d}"})
    if to == MeasureState.REVOKED:
        del form.fields["on"]  # taken back from today on; what it was until then stays in the history

    def end() -> object:
        said = form.cleaned_data
        if to == MeasureState.REVOKED:
            return revoke_measure(found, because=said["because"], by=user)
        return end_measure(found, to=to, on=said["on"], because=said["because"], by=user)

    if carried_out(request, form, end, f"已办理：{words.verb}。"):
        return redirect("reports:measure", uuid=uuid)
    context = {"form": form, "measure": found, "verb": words.verb, "said": words.said}
    return render(request, "reports/measure_end.html", context, status=400 if form.errors else 200)


def _words(found: Measure, to: MeasureState) -> EndWords:
    label = Rung(found.rung).label
    return {
        MeasureState.DELISTED: EndWords("摘牌", "挂牌督办的问题都已确认整改到位，从摘牌日起不再挂牌。"),
        MeasureState.LIFTED: EndWords("解除否决", f"{found.year} 年度的一票否决从解除日起不再有效。"),
    }.get(to, EndWords(f"撤销{label}", f"登记错了或者决定已经收回，才撤销。问题回到这次{label}以前的期限和措施。"))
