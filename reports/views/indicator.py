"""One indicator: its definition, its two numbers, who is not counted and why, and how the townships stand."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.doors import requires
from accounts.refusals import NotHere
from accounts.terms import Permission
from reports.queries.dashboard import level_cells
from reports.queries.figures import Figure, Figures, figures_of
from reports.queries.packs import adopted_packs
from reports.queries.people import Group, groups_of
from reports.queries.plan_table import beside, population_remark, row_of
from reports.rules.exchanges import EXCHANGES
from reports.rules.incident_events import INCIDENT_EVENTS
from reports.rules.indicator import Indicator
from reports.rules.indicators import INDICATORS, PREVALENCE, WITHOUT_DATA
from reports.rules.joint_meetings import JOINT_MEETINGS
from reports.rules.levels import NAMES
from reports.rules.place_indicators import PLACED
from reports.rules.plan_row import PlanRow
from reports.rules.rates import exact, printed, thousands
from reports.rules.suppression import Cell, one_cell, open_cell
from reports.terms import Mend, Unit
from reports.views.asked import Asked, asked
from reports.views.breakdown import breakdown
from reports.views.exchanges import exchanges_page
from reports.views.held import held_page
from reports.views.incident_events import events_page
from reports.views.people import list_of, people_context
from reports.views.placed import placed_page

OTHER_READING = {
    "standard_managed": "standard_managed_strict",
    "standard_managed_strict": "standard_managed",
    "regular_medication": "regular_medication_last",
    "regular_medication_last": "regular_medication",
}


@require_GET
@requires(Permission.VIEW_INDICATORS)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    if code in PLACED:
        return placed_page(request, code)
    if code == JOINT_MEETINGS.code:
        return held_page(request)
    if code == EXCHANGES.code:
        return exchanges_page(request)
    if code == INCIDENT_EVENTS.code:
        return events_page(request)
    wanted = asked(request)
    if code in WITHOUT_DATA:
        return render(
            request, "reports/indicator_empty.html", {"name": WITHOUT_DATA[code], "asked": wanted, "code": code}
        )
    found = INDICATORS.get(code)
    if found is None:
        raise NotHere
    packs = adopted_packs(wanted.area)
    figures, townships = figures_of(wanted.area, wanted.cut, {code}.union(*(pack.codes for pack in packs)))
    row = row_of(packs, figures, townships, code)
    hides_why = wanted.veiled and found.sensitive  # the reasons' counts would tell the hidden one
    groups = groups_of(list_of(found, wanted)) if found.needs and found.is_good and not hides_why else ()
    context = {
        "asked": wanted,
        "indicator": found,
        "row": row,
        "goal": row[1].goal_text if row else "",
        "other": _other(code, wanted),
        "counts_records": found.speaks_of_records,
        "counts_months": found.speaks_of_months,
        **breakdown(request, found, figures, townships, wanted, row[1] if row else None),
        "remark": population_remark(figures.population) if found is PREVALENCE else beside(figures, code),
        **_answer(found, figures, wanted, row[1] if row else None, groups),
        **people_context(request, found, wanted, figures, groups),
    }
    return render(request, "reports/indicator.html", context)


def _other(code: str, wanted: Asked) -> dict[str, str] | None:
    other = OTHER_READING.get(code)
    if other is None:
        return None
    return {"name": INDICATORS[other].name, "href": reverse("reports:indicator", args=[other]) + wanted.query()}


def _answer(
    found: Indicator, figures: Figures, wanted: Asked, row: PlanRow | None, groups: tuple[Group, ...]
) -> dict[str, Any]:
    figure = figures[found.code]
    cell = _cell(found, figures, wanted)
    mendable = sum(group.count for group in groups if group.requirement.mend is Mend.ONE_VISIT)
    return {
        "value": cell.label if found.is_count else "—" if cell.is_hidden else printed(figure.rate, figure.unit),
        "numerator": cell.label,
        "denominator": None if found.is_count else _whole(found, figure, wanted),
        "not_counted": int(figure.denominator or 0) - (figure.numerator or 0) if groups else None,
        "groups": [_why(group, groups, wanted) for group in groups],
        "mendable": mendable if wanted.cut.can_still_mend else 0,
        "verdict": _verdict(figure.numerator, figure.denominator, row, mendable, wanted),
    }


def _cell(found: Indicator, figures: Figures, wanted: Asked) -> Cell:
    """The count as it may be shown; a level is hidden here as it is on the dashboard."""
    count = figures[found.code].numerator or 0
    if not (wanted.veiled and found.sensitive):
        return open_cell(count)
    if found.code in NAMES:
        return level_cells(figures, wanted.below).cells[found.code]
    return one_cell(count, wanted.below)


def _whole(found: Indicator, figure: Figure, wanted: Asked) -> str:
    """Of a sensitive figure about a few people the denominator too says who is meant."""
    whole = figure.denominator
    if wanted.veiled and found.sensitive and found.within and whole is not None:
        return one_cell(int(whole), wanted.below).label
    return thousands(whole)


def _verdict(
    numerator: int | None, denominator: int | Decimal | None, row: PlanRow | None, mendable: int, wanted: Asked
) -> str:
    """Whether the gap can still be closed, in one or two sentences."""
    if row is None or numerator is None or not denominator or not row.missing:
        return ""
    said = f"{row.note}。" if row.note else ""
    if not mendable or not wanted.cut.can_still_mend:
        return said
    after = printed(exact(numerator + mendable, denominator, Unit.PERCENT), Unit.PERCENT)
    reach = "，其中补齐" + f" {row.missing} 人即达标" if mendable >= row.missing else ""
    return (
        f"{said}还有 {mendable:,} 人今年没有完整随访，每人补一次就算进来{reach}；全部补齐可到 {after}，"
        "前提是已算进去的人按时再访。"
    )


@dataclass(frozen=True)
class Why:
    label: str
    count: int
    mend: str
    tone: str
    icon: str
    x: str
    width: str
    css: str
    href: str


def _why(group: Group, groups: tuple[Group, ...], wanted: Asked) -> Why:
    """A part of the bar of those not counted; the parts stand side by side on 560 pixels."""
    whole = sum(each.count for each in groups) or 1
    before = sum(each.count for each in groups[: groups.index(group)])
    can_mend = wanted.cut.can_still_mend and group.requirement.mend is not Mend.NOT_THIS_YEAR
    return Why(
        label=group.requirement.label,
        count=group.count,
        mend=group.requirement.mend.label if wanted.cut.can_still_mend else "",
        tone="good" if can_mend else "",
        icon="check" if can_mend else "pause",
        x=f"{Decimal(560) * before / whole:.1f}",
        width=f"{max(Decimal(560) * group.count / whole - 3, Decimal(1)):.1f}",
        css="fix" if can_mend else "no",
        href=wanted.query(need=group.need) + "#people",
    )
