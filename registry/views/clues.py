"""Clues: reporting one, the list, and one clue step by step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import can, requires, still_open
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.terms import AgencyKind, FieldGroup, Permission, Purpose
from registry.doors import patients_for
from registry.forms.clues import AssignForm, ClueForm, OutcomeForm, SendForm, SurveyForm
from registry.models import Clue
from registry.queries.clocks import clocks
from registry.queries.clues import clues_for, counts, homes_of, likely_same, meant, own_clues, repeats_of, workers_of
from registry.queries.places import places_by_code
from registry.rules.clue_likeness import same_person
from registry.rules.clues import MACHINE, OUTCOMES, SOURCE_OF, UNSETTLED
from registry.services.clues import (
    assign_clue,
    enter_clue,
    known_here,
    link_clue,
    merge_clue,
    record_survey,
    send_clue,
    settle_clue,
)
from registry.terms import ClueState
from registry.views.clue_words import clue_row, own_row, shown
from registry.views.who import me

PAGE = 50
GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.CLINICAL)
Act = Callable[[Clue, forms.Form, User], None]
ARRIVED = "线索已报告，{place}的精防人员会安排核实。您可以在这里看到办到哪一步。"


@requires(Permission.REPORT_CLUE)
@never_cache
@require_safe
def clues(request: HttpRequest) -> HttpResponse:
    """Who handles clues sees those of the place; who reports them sees the own office's and their bare state."""
    user, today = me(request), timezone.localdate()
    handles = can(user, Permission.HANDLE_CLUE)
    state = request.GET.get("state", "")[:12]
    rows: Any = clues_for(user).order_by("-id") if handles else own_clues(user)
    facts: dict[str, Any] = {"handles": handles, "counts": counts(rows) if handles else []}
    if handles and state in ClueState.values:
        rows = rows.filter(state=state)
        facts["chosen"] = state
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    saw((row.uuid for row in page.object_list), GROUPS[:1], Purpose.LIST)
    has = clocks(today)
    facts["rows"] = [clue_row(clue, has) for clue in page.object_list] if handles else [own_row(c) for c in page]
    warnings = {row.warning for row in facts["rows"] if row.warning}
    return render(request, "registry/clue_list.html", {**facts, "page": page, "warnings": sorted(warnings)})


@requires(Permission.REPORT_CLUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_new(request: HttpRequest) -> HttpResponse:
    user = me(request)
    first = {"source": SOURCE_OF.get(AgencyKind(user.agency.kind), "")}
    form = ClueForm(request.POST or None, places=homes_of(user, timezone.localdate()), initial=first)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["place"]
        place = places_by_code([code])[code]
        try:
            created = enter_clue(
                entry=form.entry(place.township, place.village), form_id=form.cleaned_data["form_id"], by=user
            )
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            words = ARRIVED.format(place=place.name) if created else "这条线索已经报告过，没有重复登记。"
            messages.success(request, words)
            return redirect("registry:clues")
    return render(request, "registry/clue_new.html", {"form": form}, status=400 if form.errors else 200)


def access_clue(request: HttpRequest, uuid: UUID) -> Clue:
    """Raises: NotHere, for another place's clue as for none."""
    found = clues_for(me(request)).filter(uuid=uuid).first()
    if found is None:
        raise NotHere
    saw([found.uuid], GROUPS, Purpose.REGISTER)
    return found


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_safe
def clue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_clue(request, uuid)
    has, alike, repeats = clocks(timezone.localdate()), likely_same(found, me(request)), repeats_of(found)
    saw([*(other.uuid for other, _why in alike), *(other.uuid for other in repeats)], GROUPS[:1], Purpose.REGISTER)
    facts = {
        "shown": shown(found, has),
        "known": known_here(found, me(request)),
        "alike": [(clue_row(other, has), "；".join(why), other.uuid) for other, why in alike],
        "repeats": [clue_row(other, has) for other in repeats],
        "file": patients_for(me(request)).filter(pk=found.patient_id).first() if found.patient_id else None,
        "may_merge": found.state in UNSETTLED,
        "may_card": found.state == ClueState.CONFIRMED and can(me(request), Permission.REPORT_CARD),
    }
    return render(request, "registry/clue_detail.html", facts)


def _run(request: HttpRequest, found: Clue, form: forms.Form, title: str, act: Act, *, done: str) -> HttpResponse:
    """One page for the steps: form, service, answer."""
    if carried_out(request, form, lambda: act(found, form, me(request)), done):
        return redirect("registry:clue", found.uuid)
    facts = {"form": form, "shown": shown(found, clocks(timezone.localdate())), "title": title}
    return render(request, "registry/clue_step.html", facts, status=400 if form.errors else 200)


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_assign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, today = access_clue(request, uuid), timezone.localdate()
    workers = {str(user.uuid): user for user in workers_of(found.township, today)}
    offered = [(key, f"{user.display_name}（{user.agency.name}）") for key, user in workers.items()]
    still_open(request, MACHINE, found.state, ClueState.ASSIGNED, back="registry:clue", of=uuid)
    form = AssignForm(request.POST or None, workers=offered, initial={"to": str(me(request).uuid)})

    def act(it: Clue, said: forms.Form, by: User) -> None:
        assign_clue(clue=it, to=workers[said.cleaned_data["to"]], by=by)

    return _run(request, found, form, "分派", act, done="已分派。核实人的今日工作里会出现这条线索。")


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_survey(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_clue(request, uuid)
    still_open(request, MACHINE, found.state, ClueState.VISITED, back="registry:clue", of=uuid)
    first = {f"q{item}": "1" for item in found.items}
    first |= {"on": timezone.localdate().isoformat(), "surveyor": me(request).display_name}
    form = SurveyForm(request.POST or None, initial=first)

    def act(it: Clue, said: SurveyForm, by: User) -> None:
        learned = {name: said.cleaned_data[name] for name in ("surveyor", "advice", "found")}
        record_survey(clue=it, on=said.cleaned_data["on"], items=said.items(), learned=learned, by=by)

    return _run(request, found, form, "记录核实", act, done="核实情况已记录。")


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_send(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_clue(request, uuid)
    still_open(request, MACHINE, found.state, ClueState.SENT, back="registry:clue", of=uuid)
    form = SendForm(request.POST or None, initial={"on": timezone.localdate().isoformat()})

    def act(it: Clue, said: forms.Form, by: User) -> None:
        send_clue(clue=it, by=by, **said.cleaned_data)

    return _run(request, found, form, "送诊", act, done="已记录送诊。得出诊断后请回来记录结果。")


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_outcome(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = access_clue(request, uuid)
    still_open(request, MACHINE, found.state, *OUTCOMES, back="registry:clue", of=uuid, verb="记录结果")
    ways = [step.after for step in MACHINE.from_state(found.state) if step.after in OUTCOMES]
    first = {"on": timezone.localdate().isoformat(), "hospital": found.survey.get("sent_to", "")}
    form = OutcomeForm(request.POST or None, ways=ways, initial=first)

    def act(it: Clue, said: OutcomeForm, by: User) -> None:
        settle_clue(clue=it, outcome=said.outcome(), by=by)

    return _run(request, found, form, "记录结果", act, done="结果已记录。")


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_same(request: HttpRequest, uuid: UUID, into: UUID) -> HttpResponse:
    """The other clue means the same person: this one ends in it."""
    found, kept = access_clue(request, uuid), access_clue(request, into)
    still_open(request, MACHINE, found.state, ClueState.DUPLICATE, back="registry:clue", of=uuid)
    form = forms.Form(request.POST if request.method == "POST" else None)
    done = "已合并。报告单位看到的是“已办结”。"
    if carried_out(request, form, lambda: merge_clue(clue=found, into=kept, by=me(request)), done):
        return redirect("registry:clue", kept.uuid)
    has = clocks(timezone.localdate())
    facts = {"form": form, "row": clue_row(found, has), "kept": clue_row(kept, has),
             "why": "；".join(same_person(meant(found), meant(kept)))}  # fmt: skip
    return render(request, "registry/clue_same.html", facts, status=400 if form.errors else 200)


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_http_methods(["POST"])
def clue_link(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The reported number has a file here already: the clue ends in it."""
    found = access_clue(request, uuid)
    patient = known_here(found, me(request))
    if patient is None:
        messages.warning(request, "没有找到同一身份证号的在册档案。")
        return redirect("registry:clue", found.uuid)
    link_clue(clue=found, patient=patient, by=me(request))
    messages.success(request, "线索已关联到在册档案。")
    return redirect(patient)
