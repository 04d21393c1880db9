"""关账与评估: what was frozen, opened again with the same digits; a new freeze; a report made from one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import can, requires
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from reports.doors import areas_of, frozen_area, open_freeze_row
from reports.forms import FreezeForm
from reports.models import Freeze
from reports.queries.freezes import Opened, freezes_in, open_freeze
from reports.queries.packs import adopted_packs
from reports.rules.assessments import assessment_days
from reports.rules.months import last_quarter_end
from reports.rules.rates import NONE, thousands
from reports.services.freezes import freeze
from reports.services.plan_reports import request_report
from reports.terms import FreezeKind, Standing
from reports.views.asked import Asked, asked, person
from reports.views.frozen_cells import NO_DATA, below_of, shown

PAGE = 20


@require_GET
@requires(Permission.VIEW_INDICATORS)
def freezes(request: HttpRequest) -> HttpResponse:
    user = person(request)
    page = Paginator(freezes_in(areas_of(user, Permission.VIEW_INDICATORS)), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"row": row, "title": title_of_row(row), "people": thousands(row.people)} for row in page.object_list],
        "may_close": can(user, Permission.CLOSE_PERIOD),
    }
    return render(request, "reports/freezes.html", context)


def title_of_row(row: Freeze) -> str:
    """2026 年第 3 季度关账; 中期评估（截至 2026-11-30）."""
    kind = FreezeKind(row.kind)
    if kind is FreezeKind.QUARTER:
        return f"{row.as_of.year} 年第 {(row.as_of.month + 2) // 3} {kind.label}"
    return f"{kind.label}（截至 {row.as_of:%Y-%m-%d}）"


@require_http_methods(["GET", "POST"])
@requires(Permission.CLOSE_PERIOD)
def freeze_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    area = areas_of(user, Permission.CLOSE_PERIOD)[0]
    day = last_quarter_end(timezone.localdate())
    packs = adopted_packs(area)
    offered = assessment_days(packs, timezone.localdate())
    asked_for = next((each for each in offered if each.key == request.GET.get("assessment")), None)
    initial = {"as_of": f"{day:%Y-%m-%d}", "kind": FreezeKind.QUARTER}
    if asked_for:
        initial = {"as_of": f"{asked_for.as_of:%Y-%m-%d}", "kind": asked_for.kind, "pack": asked_for.pack}
    form = FreezeForm(request.POST or None, packs=packs, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = freeze(area=area, by=user, **form.facts())
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"已冻结：{title_of_row(row)}，在册 {row.people:,} 人。")
            return redirect("reports:freeze", uuid=row.uuid)
    context = {"form": form, "area": area, "offered": offered}
    return render(request, "reports/freeze_new.html", context, status=400 if form.errors else 200)


def opened_for(request: HttpRequest, uuid: UUID) -> tuple[Opened, Asked]:
    """The freeze as far as the asked area goes. Raises: Denied, NotHere."""
    wanted = asked(request)
    row = open_freeze_row(person(request), uuid)
    area = frozen_area(row, wanted.area)
    if area is None:
        raise NotHere
    return open_freeze(row, area), wanted


@require_GET
@requires(Permission.VIEW_INDICATORS)
def freeze_one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its figures, as they were; who froze it when; and whether it still is what it was."""
    opened, wanted = opened_for(request, uuid)
    row, user = opened.freeze, person(request)
    whole = opened.area == row.area
    may_report = whole and can(user, Permission.MAKE_REPORT) and row.area in areas_of(user, Permission.MAKE_REPORT)
    context = {
        **frozen_page(opened, wanted),
        "lines": _lines(opened, wanted),
        "plans": [_plan(plan, row.content["codes"], wanted) for plan in row.content["plans"]] if whole else [],
        "exchanges": row.content.get("exchanges", []) if whole else [],
        "may_report": may_report,
        "reports": row.reports.defer("content", "facts").order_by("-requested_at")[:5] if may_report else [],
    }
    return render(request, "reports/freeze.html", context)


def frozen_page(opened: Opened, wanted: Asked) -> dict[str, Any]:
    """What every page of a freeze says of it."""
    row = opened.freeze
    return {
        "asked": wanted,
        "opened": opened,
        "row": row,
        "area": opened.area,
        "title": title_of_row(row),
        "query": f"?area={opened.area.code}" if wanted.area != wanted.own else "",
    }


def _lines(opened: Opened, wanted: Asked) -> list[dict[str, str]]:
    definitions = opened.freeze.content["codes"]
    cells = shown(definitions, opened.numbers, below_of(wanted))
    return [
        {
            "name": definitions[code]["name"],
            "value": cell.value,
            "fraction": cell.fraction,
            "href": _address(opened, code, wanted) if code in opened.codes and cell.value != NO_DATA else "",
        }
        for code in opened.freeze.content["order"]
        if (cell := cells[code])
    ]


def _address(opened: Opened, code: str, wanted: Asked) -> str:
    query = f"?area={opened.area.code}" if wanted.area != wanted.own else ""
    return reverse("reports:freeze_people", args=[opened.freeze.uuid, code]) + query


def _plan(plan: dict[str, Any], definitions: dict[str, Any], wanted: Asked) -> dict[str, Any]:
    """A meeting reads no number of a row that could point at a person, as in the list of all figures."""
    hidden = {code for code, said in definitions.items() if said["sensitive"]} if wanted.veiled else set()
    nothing = {"value": NONE, "fraction": NONE, "gap": ""}
    rows = [
        {**row, "standing": Standing(row["standing"]), **(nothing if row["code"] in hidden else {})}
        for row in plan["rows"]
    ]
    return {
        **plan,
        "table": [row for row in rows if row["number"] is not None],
        "in_text": [row for row in rows if row["number"] is None],
    }


@require_POST
@requires(Permission.MAKE_REPORT)
def freeze_report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The plan's report, word for word of what was frozen."""
    row, pack_id = open_freeze_row(person(request), uuid), request.POST.get("pack", "")
    if pack_id not in {plan["pack"] for plan in row.content["plans"]}:
        raise NotHere
    try:
        made = request_report(pack_id=pack_id, area=row.area, as_of=row.as_of, by=person(request), freeze=row)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("reports:freeze", uuid=row.uuid)
    return redirect("reports:report_one", uuid=made.uuid)
