"""填报: what a department reports, what waits for the commission, what counts."""

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
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from reports.doors import areas_of, open_entry
from reports.forms import ReportedValueForm, ReturnForm
from reports.models import ReportedValue
from reports.queries.packs import adopted_packs, pack
from reports.queries.reported import entries, values_on
from reports.rules.months import last_quarter_end
from reports.rules.pack import Pack, Row
from reports.rules.plan_row import PlanRow, Value, plan_row
from reports.rules.rates import printed, thousands
from reports.services.reported import confirm_value, enter_value, may_enter, return_value
from reports.terms import Kind, ReportedState
from reports.views.asked import person

PAGE = 20


@require_GET
@requires(Permission.REPORT_VALUE)
def reported(request: HttpRequest) -> HttpResponse:
    """Rows to report with their state, then every entry of the area."""
    user = person(request)
    areas = areas_of(user, Permission.REPORT_VALUE)
    rows = [
        {"row": row, "pack": found, "mine": may_enter(user, row.row), "href": _address(found, row.row),
         "current": request.GET.get("key") == row.row.key}
        for area in areas for found in adopted_packs(area) if found.area == area.code for row in _rows(found, area)
    ]  # fmt: skip
    page = Paginator(entries(area.pk for area in areas), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": sorted(rows, key=lambda each: not each["mine"]),
        "entries": [_entry(value, user) for value in page.object_list],
        "page": page,
    }
    return render(request, "reports/reported.html", context)


def _rows(found: Pack, area: Division) -> list[PlanRow]:
    today = timezone.localdate()
    said = values_on(found, area, today)
    return [
        plan_row(row, found.base_year, today, said.get(row.key, Value()))
        for row in found.rows
        if row.kind is Kind.REPORTED
    ]


def _address(found: Pack, row: Row) -> str:
    return reverse("reports:reported_new", args=[found.id, row.key])


def _entry(value: ReportedValue, user: User) -> dict[str, Any]:
    found = pack(value.pack)
    row = found.row(value.key)
    waits = value.state == ReportedState.ENTERED
    may_decide = waits and can(user, Permission.CONFIRM_VALUE) and value.entered_by_id != user.pk
    return {
        "value": value,
        "name": row.name if row else value.key,
        "said": _said(row, value) if row else thousands(value.numerator),
        "may_decide": may_decide,
        "own": waits and value.entered_by_id == user.pk and can(user, Permission.CONFIRM_VALUE),
        "tone": {"confirmed": "good", "returned": "caution", "entered": "info"}.get(value.state, ""),
        "icon": {"confirmed": "check", "returned": "back", "entered": "clock"}.get(value.state, "info"),
    }


def _said(row: Row, value: ReportedValue) -> str:
    shown = plan_row(row, value.period_to.year - 1, value.period_to, Value(value.numerator, value.denominator))
    if not row.unit.is_fraction:
        return f"{printed(shown.known, row.unit)} {row.unit_word}"
    return f"{shown.value_text}（{shown.fraction_text}）"


@require_http_methods(["GET", "POST"])
@requires(Permission.REPORT_VALUE)
def reported_new(request: HttpRequest, pack_id: str, key: str) -> HttpResponse:
    user = person(request)
    found, area, row = _row(user, pack_id, key)
    day = f"{last_quarter_end(timezone.localdate()):%Y-%m-%d}"
    form = ReportedValueForm(request.POST or None, row=row, initial={"period_to": day})
    if request.method == "POST" and form.is_valid():
        try:
            enter_value(pack_id=found.id, key=row.key, area=area, by=user, **form.facts())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, f"“{row.name}”已填报，等卫生健康委确认后计入。")
            return redirect("reports:reported")
    context = {"form": form, "row": row, "pack": found, "area": area}
    return render(request, "reports/reported_new.html", context, status=400 if form.errors else 200)


def _row(user: User, pack_id: str, key: str) -> tuple[Pack, Division, Row]:
    """The row, if the person reports for the plan's area. Raises: NotHere."""
    for area in areas_of(user, Permission.REPORT_VALUE):
        for found in adopted_packs(area):
            row = found.row(key)
            if found.id == pack_id and found.area == area.code and row and may_enter(user, row):
                return found, area, row
    raise NotHere


@require_POST
@requires(Permission.CONFIRM_VALUE)
def reported_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    value = open_entry(person(request), uuid, Permission.CONFIRM_VALUE)
    try:
        confirm_value(value, by=person(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已确认，从现在起计入完成情况。")
    return redirect("reports:reported")


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_VALUE)
def reported_return(request: HttpRequest, uuid: UUID) -> HttpResponse:
    value = open_entry(person(request), uuid, Permission.CONFIRM_VALUE)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return_value(value, because=form.cleaned_data["because"], by=person(request))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "已退回，填报人会看到理由。")
            return redirect("reports:reported")
    context = {"form": form, "entry": _entry(value, person(request))}
    return render(request, "reports/reported_return.html", context, status=400 if form.errors else 200)
