"""The page of an indicator that counts places: its definition, its numbers, and each place with its reason."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.doors import can
from accounts.terms import DivisionLevel, Permission
from reports.queries.breakdown import by_place
from reports.queries.figures import Figures, figures_of
from reports.queries.packs import adopted_packs
from reports.queries.placed import PlaceLine, place_lines
from reports.queries.plan_table import row_of
from reports.rules.place_indicators import ALERT_TIMELY, PLACED, PlaceIndicator
from reports.rules.rates import printed, thousands
from reports.views.asked import Asked, asked, person
from reports.views.breakdown import part_lines, worst_first

PAGE = 30
MET, UNMET = "met", "not"


def placed_page(request: HttpRequest, code: str) -> HttpResponse:
    wanted, found = asked(request), PLACED[code]
    packs = adopted_packs(wanted.area)
    figures, townships = figures_of(wanted.area, wanted.cut, {code}.union(*(pack.codes for pack in packs)))
    row = row_of(packs, figures, townships, code)
    figure = figures[code]
    above = wanted.area.level != DivisionLevel.TOWNSHIP
    context = {
        "asked": wanted,
        "indicator": found,
        "row": row,
        "hours": figures.hours if found is ALERT_TIMELY else None,
        "goal": row[1].goal_text if row else "",
        "value": printed(figure.rate, figure.unit),
        "numerator": thousands(figure.numerator),
        "denominator": thousands(figure.denominator),
        "by": "place" if above else "",
        "by_label": "县（市、区）"
        if wanted.area.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY)
        else "乡镇（街道）",
        "parts": part_lines(
            found, worst_first(found, by_place(found, wanted.area, townships)), wanted, row[1] if row else None
        )
        if above
        else [],
        **_places(request, found, figures, townships, wanted),
    }
    return render(request, "reports/placed.html", context)


def _places(
    request: HttpRequest, found: PlaceIndicator, figures: Figures, townships: dict[str, Figures], wanted: Asked
) -> dict[str, Any]:
    """Those not met first asked for; nothing here is about a person."""
    keys = [inside.area.pk for inside in townships.values()]
    lines = place_lines(found.code, wanted.area, keys, wanted.cut.as_of)
    side = MET if request.GET.get("side") == MET else UNMET
    chosen = [line for line in lines if line.judged.met is (side == MET)]
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    names = {inside.area.pk: inside.area for inside in townships.values()}
    opens = found.about_teams and can(person(request), Permission.VIEW_TEAMS)
    figure = figures[found.code]
    return {
        "page": page,
        "lines": [_line(line, names, opens=opens) for line in page],
        "sides": [
            {"label": "没算进去的", "count": int(figure.denominator or 0) - (figure.numerator or 0),
             "href": wanted.query(side=UNMET) + "#places", "current": side == UNMET},
            {"label": "算进去的", "count": figure.numerator or 0, "href": wanted.query(side=MET) + "#places",
             "current": side == MET},
        ],
    }  # fmt: skip


def _line(line: PlaceLine, townships: dict[int, Any], *, opens: bool) -> dict[str, str]:
    town = townships[line.township]
    return {
        "name": line.name or town.name,
        "town": town.name if line.name else "",
        "why": line.judged.why,
        "href": reverse("registry:team", args=[town.code]) if opens else "",
    }
