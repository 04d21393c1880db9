"""The page of 肇事肇祸案（事）件数: the count, the townships, and each event with whose it is, for whoever may open lists."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.doors import can
from accounts.reach import standing
from accounts.terms import DivisionLevel, FieldGroup, Permission, Purpose
from reports.queries.breakdown import by_place
from reports.queries.figures import Figures, figures_of
from reports.queries.incident_events import EventLine, event_lines, events_in
from reports.queries.packs import adopted_packs
from reports.queries.people import PAGE
from reports.queries.periods import place_of
from reports.queries.plan_table import row_of
from reports.rules.incident_events import HIDDEN_WITH, INCIDENT_EVENTS, hidden_parts, is_hidden
from reports.rules.rates import thousands
from reports.rules.suppression import one_cell
from reports.views.asked import Asked, asked, person
from reports.views.breakdown import PartLine, worst_first

HIDDEN = "隐藏"
GROUPS = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.INCIDENT)


def events_page(request: HttpRequest) -> HttpResponse:
    wanted, code = asked(request), INCIDENT_EVENTS.code
    packs = adopted_packs(wanted.area)
    codes = {code, HIDDEN_WITH}.union(*(pack.codes for pack in packs))
    figures, townships = figures_of(wanted.area, wanted.cut, codes)
    below = wanted.below if wanted.veiled else 0
    value = HIDDEN if is_hidden(figures.count(HIDDEN_WITH), below) else thousands(figures.count(code))
    is_above = wanted.area.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY)
    context = {
        "asked": wanted,
        "indicator": INCIDENT_EVENTS,
        "row": row_of(packs, figures, townships, code),
        "value": value,
        "numerator": value,
        "denominator": None,
        "persons": one_cell(figures.count(HIDDEN_WITH), below).label,
        "persons_href": reverse("reports:indicator", args=[HIDDEN_WITH]) + wanted.query(),
        "by": "place" if townships and wanted.area.level != DivisionLevel.TOWNSHIP else "",
        "by_label": "县（市、区）" if is_above else "乡镇（街道）",
        "parts": _parts(wanted, townships),
        **_events(request, wanted, figures),
    }
    return render(request, "reports/incident_events.html", context)


def _parts(wanted: Asked, townships: dict[str, Figures]) -> list[PartLine]:
    """Shown exactly where the number of people is shown."""
    parts = by_place(INCIDENT_EVENTS, wanted.area, townships)
    people = {
        part.area: sum(found.count(HIDDEN_WITH) for code, found in townships.items() if code.startswith(part.area))
        for part in parts
    }
    hidden = hidden_parts(people, wanted.below if wanted.veiled else 0)
    address = reverse("reports:indicator", args=[INCIDENT_EVENTS.code])
    lines = worst_first(INCIDENT_EVENTS, parts)
    if wanted.veiled:
        lines = sorted(parts, key=lambda part: part.area)  # the order would tell what is hidden
    return [
        PartLine(
            part.name, address + wanted.query(area=part.area),
            HIDDEN if part.area in hidden else thousands(part.numerator), "", None, "",
        )
        for part in lines
    ]  # fmt: skip


def _events(request: HttpRequest, wanted: Asked, figures: Figures) -> dict[str, Any]:
    """One page of the list, under the rules of every list behind a number. The reading is logged."""
    user = person(request)
    if wanted.meeting or not can(user, Permission.LIST_INDICATOR_PEOPLE):
        return {"events": None}
    found = events_in(place_of(wanted.area), wanted.cut)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = event_lines(page, named=standing(user).named)
    audit.saw({line.uuid for line in lines}, GROUPS, Purpose.INDICATOR)
    opens = can(user, Permission.VIEW_PATIENT)
    return {
        "events": [_line(line, opens=opens) for line in lines],
        "page": page,
        "full_names": all(line.is_named for line in lines),
        "deadly": sum(each.event.deadly for each in found),
        "elsewhere": figures.count(INCIDENT_EVENTS.code) - len(found),
    }


def _line(line: EventLine, *, opens: bool) -> dict[str, Any]:
    return {
        "row": line,
        "number": f"{line.number:05d}",
        "href": reverse("registry:patient", args=[line.uuid]) if line.is_named and opens else "",
    }
