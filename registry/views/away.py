"""Somebody is away: registering it, and the temporary file of both sides."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.doors import requires, where
from accounts.refusals import NotHere, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.forms.away import AwayForm, WordsForm
from registry.models import TemporaryFile
from registry.queries.away import files_for
from registry.queries.places import destinations, division_of
from registry.rules.masking import mask_phone
from registry.services.away import register_away, take_temporary_file, write_to_duty
from registry.terms import AwayState
from registry.views.who import me

PAGE = 30
TOLD = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.RISK)


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def patient_away(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.MOVE_PATIENT, purpose=Purpose.REGISTER)
    form = AwayForm(request.POST or None, places=destinations(person), initial={"on": timezone.localdate().isoformat()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = register_away(
                patient=person, on=said["on"], until=said["until"], by=me(request), outside=said["outside"] or "",
                to_township=division_of(said["to"]) if said["to"] else None, address=said["address"] or "",
                words=said["words"] or "",
            )  # fmt: skip
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"{_done(row)}仍由您这里管理，在册人数不变。")
            return redirect("registry:patient", person.uuid)
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "number": f"{person.number:05d}"}
    return render(request, "registry/patient_away.html", facts, status=400 if form.errors else 200)


def _done(row: TemporaryFile | None) -> str:
    if row is None:
        return "已登记外出。一个月内返回，不需要临时档案。"
    if row.to_township_id is None:  # nobody there reads this system
        return "已登记外出。去向在县外，本系统送不到，请书面或电话告知流入地建立临时档案。"
    return "已登记外出，并告知流入地建立临时档案。"


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_safe
def temporary_files(request: HttpRequest) -> HttpResponse:
    page = Paginator(files_for(me(request)), PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    saw((row.person for row in found), TOLD, Purpose.LIST)
    return render(request, "registry/temporary_list.html", {"page": page, "rows": [_shown(row) for row in found]})


def _state(row: TemporaryFile) -> str:
    is_told_by_us = row.to_township_id is not None or row.state != AwayState.OPEN
    return str(row.get_state_display()) if is_told_by_us else "县外，请书面或电话告知"


def _shown(row: TemporaryFile) -> dict[str, Any]:
    """Phones stay masked until the file's own page is opened."""
    told = cast("dict[str, Any]", row.told)
    to = str(row.to_township) if row.to_township else cast("str", row.outside)
    tone = {AwayState.OPEN: "caution", AwayState.TAKEN: "good"}.get(AwayState(row.state), "")
    age = "" if told["age"] is None else f"{told['age']} 岁"
    return {
        **told, "uuid": row.uuid, "about": f"{told['sex']} {age}".strip(), "way": f"{row.from_township} → {to}",
        "state": _state(row), "tone": tone, "away_from": row.away_from, "until": row.expected_until,
        "ended_on": row.ended_on, "phone": mask_phone(told["phone"]), "guardian_phone": mask_phone(told["guardian_phone"]),
    }  # fmt: skip


def _held(request: HttpRequest, file: UUID) -> tuple[TemporaryFile, bool]:
    row = files_for(me(request)).filter(uuid=file).first()
    if row is None:
        raise NotHere
    reach = where(me(request), Permission.MOVE_PATIENT)
    return row, row.to_township_id in reach.townships


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def temporary_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """Numbers stand in clear for the destination while the file runs: it must be able to call. Each look is logged."""
    row, here = _held(request, file)
    saw([row.person], TOLD, Purpose.REGISTER)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_to_duty(file=row.uuid, words=form.cleaned_data["words"], by=me(request))
        except Refused as refusal:
            form.add_error("words", refusal.message)
        else:
            messages.success(request, "已告诉经常居住地。")
            return redirect("registry:temporary_file", row.uuid)
    shown = _shown(row)
    if here and row.ended_on is None:
        told = cast("dict[str, Any]", row.told)
        shown |= {"phone": told["phone"], "guardian_phone": told["guardian_phone"]}
    facts = {
        "row": shown, "form": form, "may_take": here and row.state == AwayState.OPEN,
        "may_write": here and row.ended_on is None,
    }  # fmt: skip
    return render(request, "registry/temporary_file.html", facts, status=400 if form.errors else 200)


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_POST
def temporary_take(request: HttpRequest, file: UUID) -> HttpResponse:
    row = take_temporary_file(file=file, by=me(request))
    messages.success(request, "临时档案已建立，经常居住地已收到告知。")
    return redirect("registry:temporary_file", row.uuid)
