"""The way of a file to another township: the list of both sides, proposing, and one transfer with its answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient, patients_for
from registry.forms.transfers import AnswerForm, TransferForm
from registry.models import Transfer
from registry.queries.places import destinations, division_of, villages_of
from registry.queries.transfer_page import answers_for, rows_of
from registry.queries.transfers import open_transfer, transfers_for
from registry.services.transfers import answer_transfer, propose_transfer, see_transfer
from registry.terms import TransferState
from registry.views.who import me

PAGE = 30
TOLD = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.RISK, FieldGroup.MANAGEMENT)
DONE = {
    TransferState.ACCEPTED: "已接收。档案现在由您这里管理，请按期完成首次随访。",
    TransferState.REFUSED: "已退回。对方会看到原因。",
    TransferState.COUNTY: "已交县里决定。",
    TransferState.PROPOSED: "已再次提出。",
    TransferState.CANCELLED: "移交已结束，档案仍由原处管理。",
    TransferState.LEFT: "已登记迁出，档案结案。",
}


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    page = Paginator(transfers_for(me(request)), PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    saw((row.person for row in found), TOLD, Purpose.LIST)
    return render(request, "registry/transfer_list.html", {"page": page, "rows": rows_of(found, timezone.localdate())})


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.MOVE_PATIENT, purpose=Purpose.REGISTER)
    if request.method != "POST" and (there := open_transfer(person)) is not None:
        messages.info(request, "这位患者已有一件移交没有办结，在这里办理。")
        return redirect("registry:transfer", there.uuid)
    form = TransferForm(request.POST or None, places=destinations(person))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = propose_transfer(
                patient=person, by=me(request), reason=said["reason"], outside=said["outside"] or "",
                to_township=division_of(said["to"]) if said["to"] else None, address=said["address"] or "",
                words=said["words"] or "",
            )  # fmt: skip
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "移交已提出。对方接收之前，仍由您这里管理和随访。")
            return redirect("registry:transfer", row.uuid)
    facts = {
        "form": form, "uuid": person.uuid, "name": person.name, "number": f"{person.number:05d}",
        "can_correct": can(me(request), Permission.CORRECT_DUTY, person),
    }  # fmt: skip
    return render(request, "registry/transfer_new.html", facts, status=400 if form.errors else 200)


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, transfer: UUID) -> HttpResponse:
    """Opening it is the receiver's “seen”."""
    user, today = me(request), timezone.localdate()
    row = see_transfer(transfer=transfer, by=user)
    saw([row.person], TOLD, Purpose.REGISTER)
    offered = answers_for(row, user, today)
    form = AnswerForm(request.POST or None, offered=offered, villages=_villages(row, offered), outside=_leaves(offered))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            done = answer_transfer(
                transfer=row.uuid, answer=said["answer"], by=user, reason=said["reason"] or "", on=said.get("on"),
                village=division_of(said["village"]) if said.get("village") else None,
            )  # fmt: skip
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, DONE[TransferState(done.state)])
            return redirect("registry:transfer", row.uuid)
    facts = {"row": rows_of([row], today)[0], "form": form if offered else None, **_links(row, user)}
    return render(request, "registry/transfer.html", facts, status=400 if form.errors else 200)


def _villages(row: Transfer, offered: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return villages_of(row.to_township_id) if row.to_township_id and any(a == "accept" for a, _ in offered) else []


def _leaves(offered: list[tuple[str, str]]) -> bool:
    return any(answer == "left" for answer, _ in offered)


def _links(row: Transfer, user: Any) -> dict[str, Any]:
    """A link to the file for whoever reaches it now: the proposer before, the receiver after."""
    return {"person": row.person, "may_open": patients_for(user).filter(pk=row.patient_id).exists()}


@requires(Permission.MOVE_PATIENT)
@never_cache
@require_safe
def transfer_print(request: HttpRequest, transfer: UUID) -> HttpResponse:
    row = see_transfer(transfer=transfer, by=me(request))
    saw([row.person], TOLD, Purpose.REGISTER)
    return render(request, "registry/transfer_print.html", {"row": rows_of([row], timezone.localdate())[0]})
