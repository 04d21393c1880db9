"""一人一方案 and 个案管理: make, read, revise, end; the case team."""

from collections.abc import Iterable
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
from accounts.doors import can, requires, still_open
from accounts.refusals import Conflict, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from followup.doors import CARE_GROUPS, access_plan
from followup.forms.incident import EndForm
from followup.forms.plan import FORMS, TeamForm, team_initial
from followup.models import CaseTeam, Plan
from followup.queries import plans as listing
from followup.queries.plans import members_of, teams_of, versions_of_plan
from followup.rules.plans import PLAN_MACHINE, MemberPeriod, PlanFacts, review_words, usual_review
from followup.services.plans import end_plan, make_plan, revise_plan, set_team
from followup.terms import PlanKind, PlanState, TeamRole
from registry.doors import access_patient, patients_for

PAGE = 50


def member_rows(team: CaseTeam) -> list[tuple[str, str, str]]:
    members: Any = team.members
    return [(str(TeamRole(one["role"]).label), one["name"], one.get("phone", "")) for one in members]


def period_rows(periods: Iterable[MemberPeriod]) -> list[tuple[str, MemberPeriod]]:
    return [(str(TeamRole(one.role).label), one) for one in periods]


@requires(Permission.MANAGE_PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    return _new(request, patient, PlanKind.INDIVIDUAL)


@requires(Permission.MANAGE_PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    return _new(request, patient, PlanKind.CASE)


def _new(request: HttpRequest, patient: UUID, kind: PlanKind) -> HttpResponse:
    person = access_patient(
        request.user, patient, Permission.MANAGE_PLAN, purpose=Purpose.FOLLOW_UP, groups=CARE_GROUPS
    )
    today = timezone.localdate()
    first = {
        "starts_on": today,
        "review_on": usual_review(kind, today),
        "responsible": request.user.display_name,
    }
    form = FORMS[kind](request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            row = make_plan(patient=person, kind=kind, facts=form.facts(), by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"{kind.label}已保存，{row.review_on} 复评。")
            return redirect("followup:plan", row.uuid)
    context = {"form": form, "patient": person, "title": f"制定{kind.label}"}
    return render(request, "followup/plan_form.html", context, status=400 if form.errors else 200)


def plan_rows(kind: str, facts: PlanFacts) -> list[tuple[str, str]]:
    fields = FORMS[PlanKind(kind)].base_fields
    return [
        (str(fields[name].label), str(getattr(facts, name)))
        for _title, names in FORMS[PlanKind(kind)].panels
        for name in names
        if getattr(facts, name, "")
    ]


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def plan(request: HttpRequest, plan: UUID) -> HttpResponse:
    row = access_plan(request.user, plan, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP)
    today = timezone.localdate()
    versions = [(version, plan_rows(row.kind, facts)) for version, facts in versions_of_plan(row)]
    manages = can(request.user, Permission.MANAGE_PLAN, row.patient) and row.state != PlanState.ENDED
    context = {
        "row": row,
        "patient": row.patient,
        "newest": versions[0],
        "earlier": versions[1:],
        "review": review_words(row.review_on, today=today, state=row.state),
        "manages": manages,
        "is_falling": row.state == PlanState.FALLING,
    }
    return render(request, "followup/plan_detail.html", context)


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def plan_print(request: HttpRequest, plan: UUID) -> HttpResponse:
    """The version that holds, with the team and room for signatures, on A4."""
    row = access_plan(request.user, plan, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP)
    version, facts = versions_of_plan(row)[0]
    team = [one for one in members_of(row.patient) if one.until is None] if row.kind == PlanKind.CASE else []
    context = {
        "row": row,
        "patient": row.patient,
        "version": version,
        "lines": plan_rows(row.kind, facts),
        "team": period_rows(team),
    }
    return render(request, "followup/plan_print.html", context)


@requires(Permission.MANAGE_PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_revise(request: HttpRequest, plan: UUID) -> HttpResponse:
    row = access_plan(request.user, plan, Permission.MANAGE_PLAN, purpose=Purpose.FOLLOW_UP)
    still_open(request, PLAN_MACHINE, row.state, PlanState.ENDED, back="followup:plan", of=row.uuid, verb="复评")
    (version, facts), *_earlier = versions_of_plan(row)
    form = FORMS[PlanKind(row.kind)](request.POST or None, initial=_next(row, facts, version.number), revising=True)
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            revise_plan(
                plan=row, version=data["version"] or 0, facts=form.facts(), because=data["because"], by=request.user
            )
        except Conflict as refusal:
            conflict = _differences(row, refusal)
            form.data = {**form.data.dict(), "version": str(version.number)}
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "新的一版已保存，原来的仍可查看。")
            return redirect("followup:plan", row.uuid)
    context = {"form": form, "patient": row.patient, "title": f"复评{row.get_kind_display()}", "conflict": conflict}
    status = 409 if conflict else 400 if form.errors else 200
    return render(request, "followup/plan_form.html", context, status=status)


def _next(row: Plan, facts: PlanFacts, number: int) -> dict[str, Any]:
    today = timezone.localdate()
    values = {**facts.as_content(), "starts_on": today, "version": number}
    return {**values, "review_on": usual_review(PlanKind(row.kind), today)}


def _differences(row: Plan, refusal: Conflict) -> list[dict[str, str]]:
    theirs: Any = dict(plan_rows(row.kind, refusal.theirs))
    mine: Any = dict(plan_rows(row.kind, refusal.mine))
    return [
        {"label": label, "theirs": theirs.get(label, ""), "mine": mine.get(label, "")}
        for label in dict.fromkeys([*theirs, *mine])
        if theirs.get(label) != mine.get(label)
    ]


@requires(Permission.MANAGE_PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_end(request: HttpRequest, plan: UUID) -> HttpResponse:
    row = access_plan(request.user, plan, Permission.MANAGE_PLAN, purpose=Purpose.FOLLOW_UP)
    still_open(request, PLAN_MACHINE, row.state, PlanState.ENDED, back="followup:plan", of=row.uuid)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_plan(plan=row, because=form.cleaned_data["because"], by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "方案已结束，各版内容仍可查看。")
            return redirect("followup:plan", row.uuid)
    context = {"form": form, "row": row, "patient": row.patient}
    return render(request, "followup/plan_end.html", context, status=400 if form.errors else 200)


@requires(Permission.MANAGE_PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(
        request.user, patient, Permission.MANAGE_PLAN, purpose=Purpose.FOLLOW_UP, groups=CARE_GROUPS
    )
    teams = teams_of(person)
    members: Any = teams[0].members if teams else []
    form = TeamForm(request.POST or None, initial={"starts_on": timezone.localdate(), **team_initial(members)})
    if request.method == "POST" and form.is_valid():
        try:
            starts_on = form.cleaned_data["starts_on"]
            set_team(patient=person, starts_on=starts_on, members=form.members(), by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "团队已保存。")
            return redirect("followup:care", person.uuid)
    context = {"form": form, "patient": person, "earlier": [(one.starts_on, member_rows(one)) for one in teams]}
    return render(request, "followup/team_form.html", context, status=400 if form.errors else 200)


@requires(Permission.MANAGE_PLAN)
@never_cache
@require_safe
def case_missing(request: HttpRequest) -> HttpResponse:
    """Who has no 个案管理 or no team yet: how many in each township, and the people of one or of all."""
    mine, today = patients_for(request.user, Permission.MANAGE_PLAN), timezone.localdate()
    towns = listing.case_counts(mine)
    asked = next((key for key, _name, _n, _whole in towns if str(key) == request.GET.get("township")), None)
    page = Paginator(listing.case_missing(mine, asked), PAGE).get_page(request.GET.get("page"))
    rows = [
        (one.uuid, one.name, one.village.usual_name if one.village else "", one.has_plan) for one in page.object_list
    ]
    saw([row[0] for row in rows], [FieldGroup.IDENTITY], Purpose.LIST)
    context = {
        "rows": rows, "page": page, "total": page.paginator.count, "towns": towns, "asked": asked,
        "is_asked_for": listing.case_is_asked_for(mine, today),
    }  # fmt: skip
    return render(request, "followup/case_missing.html", context)
