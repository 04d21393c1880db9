"""全部指标: every figure that has a definition, with or without a row in the plan, each leading to its own page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.doors import requires
from accounts.terms import Permission
from reports.queries.answer import answer, veil
from reports.queries.figures import figures_of
from reports.rules.indicators import COMPUTED, DEFINED, name_of
from reports.rules.rates import NONE
from reports.terms import Unit
from reports.views.asked import Asked, asked


@require_GET
@requires(Permission.VIEW_INDICATORS)
def all_indicators(request: HttpRequest) -> HttpResponse:
    """The same numbers as the command and the API print, small sensitive ones hidden as there."""
    wanted = asked(request)
    figures, _ = figures_of(wanted.area, wanted.cut, COMPUTED)
    found = answer(figures, {}, by_township=False)
    said = (veil(found) if wanted.veiled else found)["indicators"]
    units = {code: figures[code].unit for code in DEFINED}
    lines = [_line(code, said[code], units[code], wanted) for code in DEFINED]
    return render(request, "reports/all_indicators.html", {"asked": wanted, "lines": lines})


def _line(code: str, said: Any, unit: Unit, wanted: Asked) -> dict[str, str]:
    href = reverse("reports:indicator", args=[code]) + wanted.query()
    if not isinstance(said, dict):
        return {"name": name_of(code), "value": _thousands(said), "fraction": "", "href": href}
    if said["numerator"] is None:
        return {"name": name_of(code), "value": "暂无数据", "fraction": "", "href": href}
    sign = {Unit.PERCENT: "%", Unit.PERMILLE: "‰"}.get(unit, "")
    before = "1/" if unit is Unit.PATIENTS_PER_POST else ""
    value = NONE if said["rate"] is None else f"{before}{said['rate']}{sign}"
    fraction = f"{_thousands(said['numerator'])} / {_thousands(said['denominator'])}"
    return {"name": name_of(code), "value": value, "fraction": fraction, "href": href}


def _thousands(value: Any) -> str:
    """A hidden number is text already."""
    return NONE if value is None else value if isinstance(value, str) else f"{value:,}"
