"""Import of visits in the browser: look through, take the annotated copy, confirm."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import requires
from accounts.models import User
from accounts.refusals import Refused
from accounts.terms import Permission
from followup.forms.visit_upload import VisitUploadForm
from followup.rules.visit_row import COLUMNS, REQUIRED_COLUMNS
from followup.services.visit_uploads import KIND, confirm_visits, look_through_visits, visits_again
from registry.queries.files import own_upload
from registry.services.annotated import annotated, blank

SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (@requires lets nobody else in)
    return request.user


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_imports(request: HttpRequest) -> HttpResponse:
    form = VisitUploadForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row, result = look_through_visits(content=upload.read(), name=upload.name, by=_me(request))
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            bad, notes = result.parted
            page |= {
                "file": row, "counts": result.counts, "bad": bad[:SHOWN], "more": len(bad[SHOWN:]),
                "notes": notes[:SHOWN], "notes_more": len(notes[SHOWN:]),
            }  # fmt: skip
    return render(request, "followup/visit_import.html", page, status=400 if form.errors else 200)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def visit_import_blank(request: HttpRequest) -> HttpResponse:
    """Column names only: nobody's data."""
    return _file(blank(COLUMNS, REQUIRED_COLUMNS), "visits-blank")


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_POST
def visit_import_copy(request: HttpRequest, uuid: UUID) -> HttpResponse:
    table, result = visits_again(row=own_upload(_me(request), uuid, KIND), by=_me(request))
    return _file(annotated(table, result), f"visits-{timezone.localdate():%Y%m%d}")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_POST
def visit_import_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = own_upload(_me(request), uuid, KIND)
    seen, accept = request.POST.get("sha256", ""), request.POST.get("accept") == "1"
    try:
        result = confirm_visits(row=row, seen=seen, accept=accept, by=_me(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        counts = result.counts
        messages.success(
            request,
            f"已导入：新建 {counts.created} 条，更正 {counts.updated} 条，没有变化 {counts.unchanged} 条，"
            f"未导入 {counts.refused} 行。",
        )
    return redirect("followup:visit_imports")
