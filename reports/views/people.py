"""The list behind a number: either side of it, by reason, masked where names are not the reader's to see."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.doors import can, requires
from accounts.models import User
from accounts.reach import standing
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission, Purpose
from reports.queries.figures import Figures, figures_of
from reports.queries.people import COUNTED, NOT_COUNTED, PAGE, Group, Person, Wanted, groups_of, people, visible_count
from reports.rules.indicator import Indicator
from reports.rules.indicators import HIGH_RISK, LISTED
from reports.terms import Mend
from reports.views.asked import Asked, asked, person

GROUPS: dict[str, frozenset[FieldGroup]] = {
    "medicated": frozenset({FieldGroup.MEDICINE}),
    "regular_medication": frozenset({FieldGroup.MEDICINE}),
    "regular_medication_last": frozenset({FieldGroup.MEDICINE}),
    "scz_treated": frozenset({FieldGroup.MEDICINE, FieldGroup.CLINICAL}),
    "scz_regular": frozenset({FieldGroup.MEDICINE, FieldGroup.CLINICAL}),
    "stable": frozenset({FieldGroup.CLINICAL}),
    "free_sga": frozenset({FieldGroup.MEDICINE}),
    "lai": frozenset({FieldGroup.MEDICINE, FieldGroup.RISK, FieldGroup.GUARDIAN}),
    "checked_up": frozenset({FieldGroup.CLINICAL}),
    "care_plans": frozenset({FieldGroup.RISK}),
    "high_risk_managed": frozenset({FieldGroup.RISK}),
    "incident_treated": frozenset({FieldGroup.INCIDENT, FieldGroup.CLINICAL}),
    "incident_patients": frozenset({FieldGroup.INCIDENT}),
    **{f"risk_{level}": frozenset({FieldGroup.RISK}) for level in range(6)},
    "risk_3_up": frozenset({FieldGroup.RISK}),
}


@require_GET
@requires(Permission.LIST_INDICATOR_PEOPLE)
def people_list(request: HttpRequest, code: str) -> HttpResponse:
    """The list alone, either side of the number."""
    wanted = asked(request, Permission.LIST_INDICATOR_PEOPLE)
    found = LISTED.get(code)
    if found is None:
        raise NotHere
    figures, _ = figures_of(wanted.area, wanted.cut, [code])
    context = {"asked": wanted, "indicator": found, **people_context(request, found, wanted, figures, ())}
    return render(request, "reports/people.html", context)


def list_of(found: Indicator, wanted: Asked, side: str = NOT_COUNTED, need: int | None = None) -> Wanted:
    return Wanted(found, wanted.area, wanted.cut, side, need)


def people_context(
    request: HttpRequest, found: Indicator, wanted: Asked, figures: Figures, groups: tuple[Group, ...]
) -> dict[str, Any]:
    """One page of the list, where the person may open lists and no meeting looks on. The reading is logged."""
    user = person(request)
    if wanted.meeting or not can(user, Permission.LIST_INDICATOR_PEOPLE):
        return {"people": None}
    side = _side(request, found)
    need = _need(request, found) if side == NOT_COUNTED else None
    lists = list_of(found, wanted, side, need)
    visible = visible_count(lists)
    page = Paginator(range(visible), PAGE).get_page(request.GET.get("page"))
    rows = people(lists, named=standing(user).named, start=max(page.start_index() - 1, 0))
    groups_seen = {FieldGroup.IDENTITY, FieldGroup.MANAGEMENT} | GROUPS.get(found.code, frozenset())
    audit.saw((row.uuid for row in rows), groups_seen, Purpose.INDICATOR)
    lines = [_line(row, user, wanted) for row in rows]
    return {
        "people": lines,
        "any_mend": any(line["chip"] for line in lines),
        "page": page,
        "side": side,
        "full_names": all(row.is_named for row in rows),
        "elsewhere": _expected(found, figures, side, need, groups, lists) - visible,
        "sides": _sides(found, wanted, figures, side),
        "filters": _filters(groups, wanted, need),
    }


def _side(request: HttpRequest, found: Indicator) -> str:
    usual = NOT_COUNTED if found.needs and found.is_good else COUNTED
    side = request.GET.get("side", usual)
    return (
        side if side in (COUNTED, NOT_COUNTED) and ((found.needs and not found.is_count) or side == COUNTED) else usual
    )


def _need(request: HttpRequest, found: Indicator) -> int | None:
    text = request.GET.get("need", "")
    return int(text) if text.isdecimal() and len(text) < 3 and int(text) < len(found.needs) else None


def _expected(
    found: Indicator, figures: Figures, side: str, need: int | None, groups: tuple[Group, ...], lists: Wanted
) -> int:
    """How long the list must be for the number to be true; what is missing here is seen elsewhere by now."""
    if need is not None:
        groups = groups or groups_of(replace(lists, need=None))
        return sum(group.count for group in groups if group.need == need)
    numerator, denominator = _both(found, figures)
    return numerator if side == COUNTED else denominator - numerator


def _both(found: Indicator, figures: Figures) -> tuple[int, int]:
    if found.code in figures.counts:
        return figures.counts[found.code]
    if found is HIGH_RISK:
        return sum(figures.count(f"risk_{level}") for level in (3, 4, 5)), figures.count("registered")
    return figures.counts["registered"]


def _sides(found: Indicator, wanted: Asked, figures: Figures, side: str) -> list[dict[str, Any]]:
    if not found.needs or found.is_count:
        return []
    numerator, denominator = _both(found, figures)
    address = reverse("reports:people", args=[found.code])
    return [
        {"label": "没算进去的", "count": denominator - numerator, "current": side == NOT_COUNTED,
         "href": address + wanted.query(side=NOT_COUNTED)},
        {"label": "算进去的", "count": numerator, "current": side == COUNTED,
         "href": address + wanted.query(side=COUNTED)},
    ]  # fmt: skip


def _filters(groups: tuple[Group, ...], wanted: Asked, need: int | None) -> list[dict[str, Any]]:
    if len(groups) < 2:
        return []
    every = {"label": "全部原因", "count": sum(group.count for group in groups), "current": need is None,
             "href": wanted.query() + "#people"}  # fmt: skip
    return [
        every,
        *(
            {"label": group.requirement.label, "count": group.count, "current": need == group.need,
             "href": wanted.query(need=group.need) + "#people"}
            for group in groups
        ),
    ]  # fmt: skip


def _line(row: Person, user: User, wanted: Asked) -> dict[str, Any]:
    chip = None
    if row.mend and wanted.cut.can_still_mend:
        good = row.mend in (Mend.ONE_VISIT, Mend.ONE_ACT)
        chip = {"text": row.mend.label, "tone": "good" if good else "", "icon": "check" if good else "pause"}
    return {
        "row": row,
        "number": f"{row.number:05d}",
        "href": reverse("registry:patient", args=[row.uuid])
        if row.is_named and can(user, Permission.VIEW_PATIENT)
        else "",
        "chip": chip,
    }
