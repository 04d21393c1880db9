"""填报: what a department reports, what waits for the commission, what counts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.doors import can, requires
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from registry.rules.scans import CONTENT_TYPES
from reports.doors import areas_of, open_entry, open_evidence
from reports.forms import ReportedValueForm, ReturnForm
from reports.models import ReportedValue
from reports.queries.packs import adopted_packs, pack
from reports.queries.reported import entries, history, todos_on, values_on
from reports.rules.months import last_quarter_end
from reports.rules.pack import Pack, Row
from reports.rules.plan_row import PlanRow, Value, plan_row
from reports.rules.rates import printed, thousands
from reports.rules.reporting import Todo
from reports.services.reported import confirm_value, enter_value, may_enter, return_value
from reports.terms import Duty, Kind, ReportedState
from reports.views.asked import person, settings_of

PAGE = 20


@require_GET
@requires(Permission.REPORT_VALUE)
def reported(request: HttpRequest) -> HttpResponse:
    """What is to be done now, rows to report with their state, then every entry of the area."""
    user = person(request)
    areas = areas_of(user, Permission.REPORT_VALUE)
    rows = [
        line for area in areas for found in adopted_packs(area) if found.area == area.code
        for line in _lines(found, area, user, request.GET.get("key", ""))
    ]  # fmt: skip
    page = Paginator(entries(area.pk for area in areas), PAGE).get_page(request.GET.get("page"))
    waiting = _waiting(areas, user) if can(user, Permission.CONFIRM_VALUE) else 0
    context = {
        "rows": sorted(rows, key=_order),
        "todo": _todo_words([line["todo"] for line in rows if line["own"] and line["todo"]]),
        "waiting": waiting,
        "waiting_words": f"{waiting} 条填报等您确认，确认后才计入完成情况。",
        "entries": [_entry(value, user) for value in page.object_list],
        "page": page,
    }
    return render(request, "reports/reported.html", context)


def _lines(found: Pack, area: Division, user: User, current: str) -> list[dict[str, Any]]:
    """`own`: of the person's own office; `mine`: the person may enter it, for another office too."""
    today = timezone.localdate()
    todos = todos_on(found, area, today, settings_of(area, today))
    return [
        {
            "row": row, "pack": found, "mine": may_enter(user, row.row), "own": user.agency.kind in row.row.reporters,
            "href": _address(found, row.row), "history": reverse("reports:reported_row", args=[found.id, row.row.key]),
            "current": row.row.key == current, "todo": todos.get(row.row.key),
        }
        for row in _rows(found, area)
    ]  # fmt: skip


def _order(line: dict[str, Any]) -> tuple[bool, bool, int]:
    """One's own first, of those what has to be done first."""
    todo: Todo | None = line["todo"]
    duty = list(Duty).index(todo.duty) if todo else len(Duty)
    return not line["own"], not line["mine"], duty


def _todo_words(found: list[Todo]) -> str:
    """3 项逾期，2 项该填报了; empty when nothing is to be done."""
    counts = {duty: sum(todo.duty is duty for todo in found) for duty in Duty}
    words = {Duty.RETURNED: "项被退回，请改正", Duty.LATE: "项逾期", Duty.SOON: "项该填报了"}
    return "，".join(f"{counts[duty]} {said}" for duty, said in words.items() if counts[duty])


def _waiting(areas: list[Division], user: User) -> int:
    """What somebody else entered and this person can confirm."""
    return entries(area.pk for area in areas).open().exclude(entered_by=user).count()  # type: ignore[attr-defined, no-any-return]


def _rows(found: Pack, area: Division) -> list[PlanRow]:
    today = timezone.localdate()
    said = values_on(found, area, today)
    return [
        plan_row(row, found.base_year, today, said.get(row.key, Value()))
        for row in found.rows
        if row.kind is Kind.REPORTED
    ]


@require_GET
@requires(Permission.REPORT_VALUE)
def reported_row(request: HttpRequest, pack_id: str, key: str) -> HttpResponse:
    """One row through the years: what was entered, confirmed, returned and replaced, by whom, on what it rests."""
    user = person(request)
    found, area = _plan(user, pack_id)
    line = next((line for line in _lines(found, area, user, key) if line["current"]), None)
    if line is None:
        raise NotHere
    page = Paginator(history(found, key, area), PAGE).get_page(request.GET.get("page"))
    context = {
        "line": line,
        "pack": found,
        "area": area,
        "entries": [_entry(value, user) for value in page.object_list],
        "page": page,
    }
    return render(request, "reports/reported_row.html", context)


def _plan(user: User, pack_id: str) -> tuple[Pack, Division]:
    """The plan, if the person reports for its area. Raises: NotHere."""
    for area in areas_of(user, Permission.REPORT_VALUE):
        for found in adopted_packs(area):
            if found.id == pack_id and found.area == area.code:
                return found, area
    raise NotHere


@require_GET
@requires(Permission.REPORT_VALUE)
def reported_evidence(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Never shown inside a page of ours: it is saved and opened by the reader's own program; each download is noted."""
    user = person(request)
    file = open_evidence(user, uuid)
    audit.record("reports.value.file_downloaded", file.value, by=user, facts={"sha256": file.sha256})
    name = f"evidence-{file.value.key}-{file.value.period_to:%Y%m%d}.{file.form}"
    return HttpResponse(
        file.content,
        content_type=CONTENT_TYPES[file.form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )


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
        "history": reverse("reports:reported_row", args=[found.id, row.key]) if row else "",
        "said": _said(row, value) if row else thousands(value.numerator),
        "may_decide": may_decide,
        "file": _file(value, user),
        "own": waits and value.entered_by_id == user.pk and can(user, Permission.CONFIRM_VALUE),
        "tone": {"confirmed": "good", "returned": "caution", "entered": "info"}.get(value.state, ""),
        "icon": {"confirmed": "check", "returned": "back", "entered": "clock"}.get(value.state, "info"),
    }


def _file(value: ReportedValue, user: User) -> str:
    """Where its file is, for whom it is."""
    mine = value.agency_id == user.agency_id or can(user, Permission.CONFIRM_VALUE)
    has_file = getattr(value, "has_file", False)
    return reverse("reports:reported_evidence", args=[value.uuid]) if mine and has_file else ""


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
    initial = {"period_to": f"{_day_asked_for(found, area, key):%Y-%m-%d}"}
    form = ReportedValueForm(request.POST or None, request.FILES or None, row=row, initial=initial)
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


def _day_asked_for(found: Pack, area: Division, key: str) -> date:
    """The day whose data are due now, else the last quarter's end."""
    today = timezone.localdate()
    due = todos_on(found, area, today, settings_of(area, today)).get(key)
    return due.period_to if due and due.is_open and due.period_to <= today else last_quarter_end(today)


def _row(user: User, pack_id: str, key: str) -> tuple[Pack, Division, Row]:
    """The row, if the person reports for the plan's area. Raises: NotHere."""
    found, area = _plan(user, pack_id)
    row = found.row(key)
    if row is None or not may_enter(user, row):
        raise NotHere
    return found, area, row


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
