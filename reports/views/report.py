"""Reports: ask for one on a plan, watch any being made, fetch it, check a printed one."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.doors import requires
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from reports.doors import areas_of, open_report
from reports.forms import CheckForm, ReportForm
from reports.models import PlanReport
from reports.queries.packs import adopted_packs
from reports.queries.plan_reports import content_of, report_by_code, reports_in, title_of
from reports.services.plan_reports import request_report
from reports.services.plan_workbook import workbook_of
from reports.services.table_workbook import table_workbook
from reports.terms import ReportKind, ReportState
from reports.views.asked import Asked, asked, person

PAGE = 10
AGAIN = {
    ReportKind.PLAN: "reports:report",
    ReportKind.ANNUAL: "reports:annual",
    ReportKind.EXCHANGE: "reports:exchange_table",
    ReportKind.BRIEFING: "reports:briefing",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@requires(Permission.MAKE_REPORT)
def report(request: HttpRequest) -> HttpResponse:
    """The form, and the reports made so far."""
    wanted, user = asked(request, Permission.MAKE_REPORT), person(request)
    packs = adopted_packs(wanted.area)
    form = ReportForm(request.POST or None, packs=packs, initial={"as_of": f"{wanted.cut.as_of:%Y-%m-%d}"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = request_report(
                pack_id=said["pack"], area=wanted.area, as_of=said["as_of"], by=user,
                document_number=said["document_number"],
            )  # fmt: skip
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            return redirect("reports:report_one", uuid=made.uuid)
    return render(request, "reports/report.html", _page(request, wanted, form), status=400 if form.errors else 200)


def _page(request: HttpRequest, wanted: Asked, form: ReportForm) -> dict[str, object]:
    areas = areas_of(person(request), Permission.MAKE_REPORT)
    page = Paginator(reports_in(areas), PAGE).get_page(request.GET.get("page"))
    check = CheckForm(request.GET if "code" in request.GET else None)
    found = report_by_code(check.cleaned_data["code"], areas) if check.is_bound and check.is_valid() else None
    return {
        "asked": wanted,
        "elsewhere": f"?area={wanted.area.code}" if wanted.area != wanted.own else "",
        "form": form,
        "has_plan": bool(adopted_packs(wanted.area)),
        "page": page,
        "reports": [{"report": row, "title": title_of(row)} for row in page.object_list],
        "check": check,
        "checked": check.is_bound and check.is_valid(),
        "found": found,
        "found_title": title_of(found) if found else "",
    }


@require_GET
@requires(Permission.MAKE_REPORT)
def report_one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far it is; while it is being made the part asks again every two seconds."""
    found = open_report(person(request), uuid)
    waited = int((timezone.now() - found.requested_at).total_seconds())
    name = "reports/_report_state.html" if request.htmx else "reports/report_one.html"  # type: ignore[attr-defined]
    context = {
        "report": found,
        "title": title_of(found),
        "waited": waited,
        "is_done": found.state == ReportState.DONE,
        "again": reverse(AGAIN[ReportKind(found.kind)]),
    }
    return render(request, name, context)


@require_GET
@requires(Permission.MAKE_REPORT)
def report_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _download(request, uuid, "pdf", "application/pdf", content_of)


@require_GET
@requires(Permission.MAKE_REPORT)
def report_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The annexes (or the tables) as a workbook, of what the report was made of."""
    return _download(request, uuid, "xlsx", XLSX, _workbook)


def _workbook(found: PlanReport) -> bytes:
    make = workbook_of if found.kind == ReportKind.PLAN else table_workbook
    return make(found.facts, found.check_code)


def _download(
    request: HttpRequest, uuid: UUID, ending: str, kind: str, content_of: Callable[[PlanReport], bytes | None]
) -> HttpResponse:
    """The right is asked again at every download, and each one is noted."""
    found = open_report(person(request), uuid)
    if found.state != ReportState.DONE:
        messages.info(request, "报告还没有做好，请稍等。")
        return redirect("reports:report_one", uuid=found.uuid)
    content = content_of(found)
    if content is None:
        raise NotHere
    facts = {"check_code": found.check_code, "as": ending}
    audit.record("reports.report.downloaded", found, by=person(request), facts=facts)
    response = HttpResponse(content, content_type=kind)
    name = f"{found.pack or f'{found.kind}-{found.span}'}-{found.area.code}-{found.as_of:%Y%m%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
