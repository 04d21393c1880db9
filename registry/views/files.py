"""Import in the browser, what files said otherwise, and lists taken away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.forms.files import ExportForm, UploadForm
from registry.queries.files import export_of, export_places, exports_for, own_upload, parked_people
from registry.queries.places import division_of
from registry.rules.exporting import DOWNLOADS
from registry.rules.patient_row import COLUMNS, REQUIRED_COLUMNS
from registry.services.annotated import annotated, blank
from registry.services.exports import ask_export, decide_export, fetch_export
from registry.services.parking import decide_parked
from registry.services.uploads import again, confirm_import, look_through
from registry.terms import ExportState
from registry.views.who import me

SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARKED = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL)


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row, result = look_through(content=upload.read(), name=upload.name, by=me(request))
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            bad, notes = result.parted
            page |= {
                "file": row,
                "counts": result.counts,
                "bad": bad[:SHOWN],
                "more": len(bad[SHOWN:]),
                "notes": len(notes),
            }
    return render(request, "registry/import.html", page, status=400 if form.errors else 200)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def import_blank(request: HttpRequest) -> HttpResponse:
    """Column names only: nobody's data."""
    return _file(blank(COLUMNS, REQUIRED_COLUMNS), "patients-blank")


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_POST
def import_copy(request: HttpRequest, uuid: UUID) -> HttpResponse:
    table, result = again(row=own_upload(me(request), uuid), by=me(request))
    return _file(annotated(table, result), f"import-{timezone.localdate():%Y%m%d}")


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_POST
def import_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = own_upload(me(request), uuid)
    try:
        result = confirm_import(
            row=row, seen=request.POST.get("sha256", ""), accept=request.POST.get("accept") == "1", by=me(request)
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        counts = result.counts
        messages.success(
            request,
            f"已导入：新建 {counts.created} 人，更新 {counts.updated} 人，没有变化 {counts.unchanged} 人，"
            f"未导入 {counts.refused} 行。",
        )
        return redirect("registry:parked")
    return redirect("registry:imports")


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_http_methods(["GET", "HEAD"])
def parked(request: HttpRequest) -> HttpResponse:
    people = parked_people(me(request))
    saw((one.patient.uuid for one in people), PARKED, Purpose.IMPORT)
    return render(request, "registry/parked_list.html", {"people": people})


@requires(Permission.IMPORT_REGISTER)
@never_cache
@require_POST
def parked_decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person's items together: each is taken, refused or left for later."""
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.IMPORT)
    said = {key.removeprefix("p-"): value for key, value in request.POST.items() if key.startswith("p-")}
    taken, left = ([key for key, value in said.items() if value == wanted] for wanted in ("take", "refuse"))
    try:
        decide_parked(patient=person, accepted=taken, refused=left, by=me(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已核对：采用 {len(taken)} 项，不采用 {len(left)} 项。")
    return redirect("registry:parked")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_EXPORTS, step_up=True)
@never_cache
def exports(request: HttpRequest) -> HttpResponse:
    user = me(request)
    asks, allows = can(user, Permission.EXPORT_ROSTER), can(user, Permission.ALLOW_EXPORT)
    form = ExportForm(request.POST or None, places=export_places(user)) if asks else None
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        try:
            ask_export(kind=said["kind"], place=division_of(said["place"]), purpose=said["purpose"] or "", by=user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "已申请，等另一个人同意后下载。")
            return redirect("registry:exports")
    rows = [
        {
            "row": row,
            "decides": allows and row.state == ExportState.ASKED and row.asked_by_id != user.pk,
            "fetches": row.state == ExportState.ALLOWED and row.asked_by_id == user.pk,
            "left": DOWNLOADS - row.downloads,
        }
        for row in exports_for(user)
    ]
    errors = form.errors if form is not None else {}
    return render(request, "registry/export_list.html", {"form": form, "rows": rows}, status=400 if errors else 200)


@require_POST
@requires(Permission.ALLOW_EXPORT, step_up=True)
@never_cache
def export_decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def act() -> str:
        allow = request.POST.get("act") == "allow"
        answer = request.POST.get("answer", "")[:200].strip()
        decide_export(request=export_of(me(request), uuid), allow=allow, answer=answer, by=me(request))
        return "已同意，申请人可以下载。" if allow else "已答复：不同意。"

    return _done(request, act)


@require_POST
@requires(Permission.EXPORT_ROSTER, step_up=True)
@never_cache
def export_fetch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = export_of(me(request), uuid)
    try:
        return _file(fetch_export(request=row, by=me(request)), f"list-{row.uuid.hex[:12]}")
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("registry:exports")


def _done(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except Refused as refusal:
        if refusal.status != 400:
            raise
        messages.error(request, refusal.message)
    return redirect("registry:exports")
