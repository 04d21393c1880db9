"""The registration form, filled in from a confirmed clue."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit import saw
from accounts.doors import requires, where
from accounts.refusals import Refused
from accounts.terms import Permission, Purpose
from registry.forms.intake import IntakeForm
from registry.models import Clue
from registry.queries.clues import whole_report
from registry.queries.places import homes_in
from registry.services.clues import register_from_clue
from registry.terms import ClueState
from registry.views.clues import access_clue
from registry.views.filing import EDITED, add_refusal
from registry.views.who import me


def intake_form(request: HttpRequest, first: Mapping[str, Any], kept: Mapping[str, str]) -> IntakeForm:
    places = homes_in(where(me(request), Permission.REGISTER_PATIENT))
    today = timezone.localdate()
    initial = {"opened_on": today.isoformat(), **first}
    return IntakeForm(request.POST or None, places=places, initial=initial, kept=kept, today=today)


def _of_clue(clue: Clue) -> dict[str, Any]:
    told, learned = whole_report(clue), clue.survey
    home = clue.village or clue.township
    return {
        "name": told.get("name"), "sex": told.get("sex"), "residence_code": home.code,
        "residence_address": told.get("address"), "guardian_name": told.get("contact"),
        "diagnosis": learned.get("diagnosis"), "icd10": learned.get("icd10"), "diagnosed_on": learned.get("result_on"),
        "diagnosing_hospital": learned.get("hospital"),
    }  # fmt: skip


@requires(Permission.REGISTER_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_register(request: HttpRequest, uuid: UUID) -> HttpResponse:
    clue = access_clue(request, uuid)
    if clue.state != ClueState.CONFIRMED:
        messages.info(request, "这条线索现在不能建档。")
        return redirect("registry:clue", clue.uuid)
    told = whole_report(clue)
    kept = {"id_number": told.get("id_number", ""), "phone": told.get("phone", ""),
            "guardian_phone": told.get("contact_phone", "") if told.get("contact") else ""}  # fmt: skip
    form = intake_form(request, _of_clue(clue), kept)
    if request.method == "POST" and form.is_valid():
        try:
            person = register_from_clue(clue=clue, facts=form.facts(), by=me(request))
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            saw([person.uuid], EDITED, Purpose.REGISTER)
            messages.success(request, f"已为 {person.name} 建档，内部编号 {person.number:05d}。线索到此办结。")
            return redirect(person)
    facts = {"form": form, "uuid": clue.uuid}
    return render(request, "registry/clue_register.html", facts, status=400 if form.errors else 200)
