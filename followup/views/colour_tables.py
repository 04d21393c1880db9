"""分色表 of the county: the versions, a draft with its difference report, put in force, stopped."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.doors import requires, where
from accounts.models import Division
from accounts.queries.county_rules import first_county
from accounts.refusals import Conflict, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from followup.forms.colour import StopForm, TableForm, table_initial
from followup.models import ColourTable
from followup.queries.colour_difference import ColourDifference, difference, names_of
from followup.queries.colours import draft_of, table_of, tables_of
from followup.rules.colour_table import OFFICES, START, Table
from followup.services.colour_tables import activate_table, draft_table, draft_version, withdraw_table
from followup.terms import ColourTableState, Criterion
from registry.terms import Colour

MOST_NAMES = 200


def _county(request: HttpRequest) -> Division:
    return first_county(where(request.user, Permission.EDIT_POLICY).counties)


def _one(request: HttpRequest, uuid: UUID) -> ColourTable:
    """Raises: Http404 for another county's table as for an invented one."""
    found = next((row for row in tables_of(_county(request)) if row.uuid == uuid), None)
    if found is None:
        raise Http404
    return found


def table_rows(table: Table) -> list[dict[str, Any]]:
    """Each colour with what speaks for it and who goes how often."""
    rows = [*table.colours.items(), *([("grey", table.aside)] if table.aside else [])]
    found = []
    for colour, days in rows:
        said = [_said(one, table) for one, own in table.criteria.items() if own == colour]
        if colour == "grey":
            said = [str(one.label) for one in sorted(table.aside_when)]
        elif colour == table.mildest:
            said.append("有随访记录，没有上面的情况")
        visits = [f"{name}每 {getattr(days, key)} 天" for key, name in OFFICES.items() if getattr(days, key)]
        found.append({"label": str(Colour(colour).label), "criteria": said, "visits": visits})
    return found


def _said(one: Criterion, table: Table) -> str:
    return f"近 {table.incident_months} 个月内有已确认的事件" if one is Criterion.RECENT_INCIDENT else str(one.label)


@requires(Permission.EDIT_POLICY)
@never_cache
@require_safe
def colour_tables(request: HttpRequest) -> HttpResponse:
    county, today = _county(request), timezone.localdate()
    rule = table_of(county.pk, today)
    rows = tables_of(county)
    context = {
        "county": county,
        "rows": rows,
        "now": next((row for row in rows if rule and row.pk == rule.key), None),
        "now_rows": table_rows(rule.table) if rule else [],
        "is_start": rule is not None and rule.table == START,
        "draft": next((row for row in rows if row.state == ColourTableState.DRAFT), None),
        "today": today,
    }
    return render(request, "followup/colour_tables.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_POLICY, step_up=True)
@never_cache
def colour_table_edit(request: HttpRequest) -> HttpResponse:
    """The county's one draft: begun from the table in force, or from the start values that nobody has confirmed."""
    county, today = _county(request), timezone.localdate()
    draft, rule = draft_of(county), table_of(county.pk, today)
    form = TableForm(request.POST or None, initial=_initial(draft, rule.table if rule else START, today))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = draft_table(
                county=county, table=form.table(), starts_on=data["starts_on"], basis=data["basis"],
                version=data["version"], by=request.user,
            )  # fmt: skip
        except Conflict:
            form.add_error(None, "您打开以后，别人改了这份草稿。您填的都在下面；请另开一个窗口核对草稿，再保存一次。")
            version = draft_version(county)
            form.data = {**form.data.dict(), **_lists(request), "version": str(version or "")}
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "草稿已保存。看过差异以后再启用。")
            return redirect("followup:colour_table", row.uuid)
    context = {"form": form, "county": county, "unconfirmed": draft is None and rule is None}
    return render(request, "followup/colour_table_form.html", context, status=400 if form.errors else 200)


def _lists(request: HttpRequest) -> dict[str, Any]:
    return {"aside_when": request.POST.getlist("aside_when")}


def _initial(draft: ColourTable | None, table: Table, today: date) -> dict[str, Any]:
    if draft is None:
        return {**table_initial(table), "starts_on": f"{today:%Y-%m-%d}"}
    values = {"version": draft.version, "basis": draft.basis, "starts_on": f"{draft.starts_on:%Y-%m-%d}"}
    return {**table_initial(Table.of(draft.content)), **values}


@requires(Permission.EDIT_POLICY)
@never_cache
@require_safe
def colour_table(request: HttpRequest, table: UUID) -> HttpResponse:
    """A version; a draft with its difference report."""
    row = _one(request, table)
    rule = Table.of(row.content)
    report = difference(row.county, rule, row.starts_on) if row.state == ColourTableState.DRAFT else None
    asked = request.GET.get("township", "")
    names = _names(report, asked) if report else []
    saw((uuid for uuid, _n, _w in names), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT), Purpose.QUALITY)
    context = {
        "row": row,
        "rows": table_rows(rule),
        "report": report,
        "labels": [Colour(one).label for one in report.colours] if report else [],
        "totals": list(zip((Colour(one).label for one in report.colours), report.totals, strict=True))
        if report
        else [],
        "names": names,
        "may_activate": row.state == ColourTableState.DRAFT and row.starts_on >= timezone.localdate(),
        "may_end": row.state in (ColourTableState.DRAFT, ColourTableState.ACTIVE),
        "stop": StopForm(),
    }
    return render(request, "followup/colour_table.html", context)


def _names(report: ColourDifference, asked: str) -> list[tuple[UUID, str, str]]:
    words = {one.uuid: one.words for one in report.moved if str(one.township) == asked}
    return [(uuid, name, words[uuid]) for uuid, name in names_of(list(words)[:MOST_NAMES])]


@require_POST
@requires(Permission.EDIT_POLICY, step_up=True)
def colour_table_activate(request: HttpRequest, table: UUID) -> HttpResponse:
    row = _one(request, table)
    version, seen = _number(request, "version"), _number(request, "seen")
    try:
        activate_table(table=row, version=version, seen=seen, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("followup:colour_table", row.uuid)
    messages.success(request, f"已启用，{row.starts_on:%Y-%m-%d} 起分色；患者页面在几分钟内显示颜色。")
    return redirect("followup:colour_tables")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


@require_POST
@requires(Permission.EDIT_POLICY, step_up=True)
def colour_table_withdraw(request: HttpRequest, table: UUID) -> HttpResponse:
    row, form = _one(request, table), StopForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["because"][0])
        return redirect("followup:colour_table", row.uuid)
    try:
        done = withdraw_table(table=row, because=form.cleaned_data["because"], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("followup:colour_table", row.uuid)
    messages.success(request, f"{done.get_state_display()}。")
    return redirect("followup:colour_tables")
