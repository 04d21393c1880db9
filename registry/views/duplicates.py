"""Files that may be one person: the list, the proposal, its confirmation and its undoing; numbers asked of the county."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.doors import can, requires, where
from accounts.refusals import NotHere, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient, patients_for
from registry.forms.merging import AnswerForm, MergeForm, StepForm
from registry.forms.patient import PatientForm
from registry.queries.duplicates import candidates, open_proposals, recent_merges, sketch_of, suspected_pairs
from registry.queries.id_checks import access_check, access_proposal, checks_for
from registry.queries.person import facts_of
from registry.queries.places import homes_in, names_by_code, places_by_code
from registry.rules.likeness import compare
from registry.rules.merging import KEPT, PARTS, questions
from registry.rules.person import PersonFacts
from registry.rules.saying import say_all
from registry.services.id_checks import answer_check
from registry.services.merging import (
    confirm_merge,
    propose_merge,
    refuse_merge,
    say_different,
    undo_merge,
    withdraw_merge,
)
from registry.terms import MergeState
from registry.views import cards
from registry.views.who import me

GROUPS = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT)
WHOLE = (*GROUPS, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.CONSENT)


@requires(Permission.PROPOSE_MERGE)
@never_cache
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    reach = where(me(request), Permission.PROPOSE_MERGE)
    pairs = suspected_pairs(reach.townships, reach.counties)
    waiting = open_proposals(reach.townships, reach.counties)
    merged = recent_merges(reach.townships, reach.counties)
    saw((p.uuid for pair in pairs for p in (pair.first, pair.second)), GROUPS, Purpose.LIST)
    saw((row.patient.uuid for row in (*waiting, *merged)), GROUPS, Purpose.LIST)
    today = timezone.localdate()
    facts = {
        "pairs": [(pair, cards.about(pair.first, today), cards.about(pair.second, today)) for pair in pairs],
        "waiting": waiting,
        "merged": merged,
    }
    return render(request, "registry/duplicate_list.html", facts)


@requires(Permission.PROPOSE_MERGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge_new(request: HttpRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """`uuid` stays, `other` goes into it; the same page turned round keeps the other one."""
    kept, gone = (
        access_patient(me(request), one, Permission.PROPOSE_MERGE, purpose=Purpose.REGISTER, groups=WHOLE)
        for one in (uuid, other)
    )
    facts = facts_of([kept, gone])
    asked = questions(facts[kept.pk], facts[gone.pk])
    form = MergeForm(request.POST or None, asked=asked, places=_names(facts.values()))
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"] or ""
            if request.POST.get("act") == "different":
                say_different(one=kept, other=gone, reason=reason, by=me(request))
                messages.success(request, "已记下：不是同一个人。以后不再列出这一对。")
            else:
                propose_merge(kept=kept, other=gone, said=form.choices(), reason=reason, by=me(request))
                messages.success(request, "已提出合并，等另一个人确认。")
            return redirect("registry:duplicates")
        except Refused as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, refusal.message)
    like = compare(*(_sketch(facts[p.pk]) for p in (kept, gone)))
    page = {"form": form, "kept": kept, "other": gone, "reasons": like.reasons}
    return render(request, "registry/merge_new.html", page, status=400 if form.errors else 200)


def _names(people: Iterable[PersonFacts]) -> dict[str, str]:
    return names_by_code(code for one in people for code in (one.residence_code, one.household_code))


def _sketch(facts: PersonFacts) -> Any:
    return sketch_of(facts, places_by_code([facts.residence_code or ""]).get(facts.residence_code or ""))


_ACTS = ("confirm", "refuse", "withdraw", "undo")
_DONE = {
    "confirm": "已合并。并入的编号不再使用，原来的网址会转到保留的档案。",
    "refuse": "已答复：不同意合并。",
    "withdraw": "已撤回。",
    "undo": "已撤销合并，两份档案恢复原样。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PROPOSE_MERGE, step_up=True)
@never_cache
def merge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = me(request)
    proposal = access_proposal(user, uuid)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act, reason = request.POST.get("act", ""), form.cleaned_data["reason"] or ""
        try:
            if act == "confirm":
                confirm_merge(proposal=proposal, by=user)
            elif act == "refuse":
                refuse_merge(proposal=proposal, reason=reason, by=user)
            elif act == "withdraw":
                withdraw_merge(proposal=proposal, by=user)
            elif act == "undo":
                undo_merge(proposal=proposal, reason=reason, by=user)
            else:
                raise Refused("请选择要办的事。")
        except Refused as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, refusal.message)
        else:
            messages.success(request, _DONE[act])
            return redirect("registry:duplicates")
    return render(request, "registry/merge.html", _page(request, proposal, form), status=400 if form.errors else 200)


def _page(request: HttpRequest, proposal: Any, form: StepForm) -> dict[str, Any]:
    """What the second person decides on: both values of every difference, the chosen one marked."""
    user, kept = me(request), proposal.patient
    saw([kept.uuid], WHOLE, Purpose.REGISTER)
    gone = patients_for(user, Permission.PROPOSE_MERGE).filter(uuid=proposal.other).first()
    rows: list[dict[str, Any]] = []
    if gone is not None and proposal.state == MergeState.PROPOSED:
        saw([gone.uuid], WHOLE, Purpose.REGISTER)
        facts = facts_of([kept, gone])
        places = _names(facts.values())
        for one in questions(facts[kept.pk], facts[gone.pk]):
            parts = PARTS.get(one.name, (one.name,))
            chosen = proposal.choices.get(one.name, one.usual)
            rows.append({
                "label": one.label, "kept": say_all(parts, one.kept, places),
                "other": say_all(parts, one.other, places),
                "takes_kept": chosen == KEPT,
            })  # fmt: skip
    mine = proposal.proposed_by_id == user.pk
    decides = can(user, Permission.CONFIRM_MERGE, kept)
    return {
        "proposal": proposal,
        "kept": kept,
        "other": gone,
        "rows": rows,
        "form": form,
        "can_decide": proposal.state == MergeState.PROPOSED and decides and not mine,
        "can_withdraw": proposal.state == MergeState.PROPOSED and mine,
        "can_undo": proposal.state == MergeState.MERGED and decides,
    }


@requires(Permission.REGISTER_PATIENT)
@never_cache
@require_POST
def patient_candidates(request: HttpRequest) -> HttpResponse:
    """Who on file looks like what has been typed so far; asked by the form while it is filled."""
    return render(request, "registry/_candidates.html", candidates_of(request))


def candidates_of(request: HttpRequest) -> dict[str, Any]:
    """At most five people within reach. Of files elsewhere nothing is said: the county sees those pairs."""
    user = me(request)
    form = PatientForm(request.POST, places=homes_in(where(user, Permission.REGISTER_PATIENT)))
    facts = form.partial()
    place = places_by_code([facts.residence_code or ""]).get(facts.residence_code or "")
    found = candidates(patients_for(user), sketch_of(facts, place)) if facts.name or facts.id_number else []
    saw((one.patient.uuid for one in found), GROUPS, Purpose.REGISTER)
    today = timezone.localdate()
    return {
        "candidates": [(one, cards.about(one.patient, today)) for one in found],
        "same_number": any(one.like.score == 100 for one in found),
        "best": max((one.like.score for one in found), default=0),
        "asked": bool(facts.name or facts.id_number),
    }


@requires(Permission.REGISTER_PATIENT)
@never_cache
@require_safe
def id_checks(request: HttpRequest) -> HttpResponse:
    lines = checks_for(me(request))
    saw((one.patient.uuid for one in lines if one.patient), GROUPS, Purpose.REGISTER)
    facts = {"lines": lines, "can_answer": can(me(request), Permission.SETTLE_ID_CHECK), "form": AnswerForm()}
    return render(request, "registry/id_check_list.html", facts)


@requires(Permission.SETTLE_ID_CHECK)
@never_cache
@require_POST
def id_check_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    check = access_check(me(request), uuid)
    if check is None:
        raise NotHere
    form = AnswerForm(request.POST)
    try:
        answer_check(check=check, answer=(form.cleaned_data["answer"] if form.is_valid() else "") or "", by=me(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已答复，乡镇可以看到。")
    return redirect("registry:id_checks")
