"""督导整改: the list of findings with its filters, one supervision, and recording one with what it found."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.carrying import carried_out
from accounts.doors import can, requires
from accounts.terms import Permission
from reports.doors import areas_of, findings_for, measures_for, open_supervision, supervisions_for
from reports.forms import FindingForm, SupervisionForm
from reports.models import Supervision
from reports.queries.supervision import (
    FindingFilters,
    days_of,
    filtered_findings,
    finding_counts,
    findings_in,
    holds_supervision,
    hooks_of,
    in_order_of_term,
    measures_of,
    units_in,
    units_of,
    with_finding_lines,
)
from reports.queries.supervision_tally import tally_of
from reports.services.findings import FindingFacts, SupervisionFacts, record_finding, record_supervision
from reports.terms import Rung, Supervisor
from reports.views.asked import person
from reports.views.supervision_lines import Lines, measure_line

PAGE, NEWEST = 20, 8
VIEW, KEEP = Permission.VIEW_SUPERVISION, Permission.KEEP_SUPERVISION
STATE_NAMES = {
    "open": "没办完的", "late": "到期未整改", "waiting": "待确认", "right": "整改到位", "withdrawn": "已撤销", "all": "全部",
}  # fmt: skip
RUNGS = [("none", "还没有措施"), *Rung.choices]


@require_GET
@requires(VIEW)
def supervisions(request: HttpRequest) -> HttpResponse:
    """What is not put right first; a unit finds its own, the commission every one."""
    user, today = person(request), timezone.localdate()
    area = areas_of(user, VIEW)[0]
    wanted = _wanted(request)
    everything = findings_for(user, VIEW)
    chosen = filtered_findings(everything, wanted)
    rows = in_order_of_term(with_finding_lines(findings_in(chosen, wanted.state, today)))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counts, lines = finding_counts(chosen, today), Lines(today, keeps=can(user, KEEP))
    keeps = can(user, KEEP)
    context = {
        "area": area,
        "tally": tally_of(area, today) if holds_supervision(area) and keeps else None,
        "lines": [lines.of(finding) for finding in page],
        "page": page,
        "states": [_choice(wanted, key, name, counts[key]) for key, name in STATE_NAMES.items()],
        "picks": _picks(units_in(everything), wanted),
        "state": wanted.state,
        "is_narrowed": wanted != FindingFilters(state=wanted.state),
        "newest": list(supervisions_for(user, VIEW).select_related("area").order_by("-held_on", "-pk")[:NEWEST]),
        "may_keep": keeps,
    }
    return render(request, "reports/supervisions.html", context)


def _wanted(request: HttpRequest) -> FindingFilters:
    state, rung = request.GET.get("state", "open"), request.GET.get("rung", "")
    unit = request.GET.get("unit", "")
    return FindingFilters(
        state=state if state in STATE_NAMES else "open",
        unit=unit if len(unit) <= 70 and unit.isprintable() else "",
        rung=rung if rung in dict(RUNGS) else "",
    )


def _choice(wanted: FindingFilters, state: str, label: str, count: int) -> dict[str, Any]:
    kept = {"state": state, "unit": wanted.unit, "rung": wanted.rung}
    said = {key: value for key, value in kept.items() if value and (key, value) != ("state", "open")}
    href = reverse("reports:supervisions") + (f"?{urlencode(said)}" if said else "")
    return {"label": label, "count": count, "href": href, "current": wanted.state == state}


def _picks(units: list[tuple[str, str]], wanted: FindingFilters) -> list[dict[str, Any]]:
    groups = (("unit", "责任单位", units), ("rung", "措施", RUNGS))
    return [
        {"name": name, "label": label, "options": options, "value": getattr(wanted, name)}
        for name, label, options in groups
        if len(options) > 1 or getattr(wanted, name)
    ]


@require_GET
@requires(VIEW)
def supervision(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    found = open_supervision(user, uuid, VIEW)
    keeps = can(user, KEEP) and supervisions_for(user, KEEP).filter(pk=found.pk).exists()
    rows = list(with_finding_lines(findings_for(user, VIEW).filter(supervision=found)).order_by("number"))
    seen = set(measures_for(user, VIEW).filter(links__finding__in=rows).values_list("pk", flat=True)) if rows else set()
    lines = Lines(today, keeps=keeps)
    context = {
        "supervision": found,
        "supervisor": Supervisor(found.supervisor),
        "lines": [lines.of(finding) for finding in rows],
        "measures": [measure_line(each, today) for each in measures_of(rows) if each.pk in seen],
        "may_keep": keeps,
    }
    return render(request, "reports/supervision.html", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def supervision_new(request: HttpRequest) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    area = areas_of(user, KEEP)[0]
    units = {unit.value: unit for unit in units_of(area)}
    form = SupervisionForm(
        request.POST or None,
        units=[(value, unit.name) for value, unit in units.items()],
        initial={"held_on": f"{today:%Y-%m-%d}"},
    )

    made: list[Supervision] = []

    def record() -> None:
        said = {**form.cleaned_data, "unit": units[form.cleaned_data["unit"]]}
        said["supervisor"] = Supervisor(said["supervisor"])
        made.append(record_supervision(area=area, facts=SupervisionFacts(**said), by=user))

    if carried_out(request, form, record, "督导已登记。接着把发现的问题一个一个登记在下面。"):
        return redirect("reports:supervision", uuid=made[0].uuid)
    context = {"form": form, "area": area}
    return render(request, "reports/supervision_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def finding_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One finding at a time: each has its own unit, term and history."""
    user, today = person(request), timezone.localdate()
    found = open_supervision(user, uuid, KEEP)
    units = {unit.value: unit for unit in units_of(found.area)}
    groups = hooks_of(found.area)
    hooks = {hook.value: hook for _, group in groups for hook in group}
    supervised = f"place:{found.place.code}" if found.place else f"name:{found.name}"
    form = FindingForm(
        request.POST or None,
        units=[(value, unit.name) for value, unit in units.items()],
        hooks=[(label, [(hook.value, hook.label) for hook in group]) for label, group in groups],
        initial={
            "unit": supervised,
            "due_on": f"{today + timedelta(days=days_of(found.area, today)['finding_days']):%Y-%m-%d}",
        },
    )

    def record() -> str:
        said = form.cleaned_data
        facts = {**said, "unit": units[said["unit"]], "hook": hooks.get(said["hook"])}
        made = record_finding(found, facts=FindingFacts(**facts), by=user)
        return f"问题 {made.number} 已登记，{made.name}会看到。"

    if carried_out(request, form, record):
        return redirect("reports:supervision", uuid=uuid)
    context = {"form": form, "supervision": found}
    return render(request, "reports/finding_new.html", context, status=400 if form.errors else 200)
