"""交换: the county's templates by kind of agency; drafted, proposed, put in force by another, stopped."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import carried_out, pressed
from accounts.doors import can, requires, still_open
from accounts.refusals import Conflict, Refused
from accounts.terms import Permission
from exchange.doors import access_template
from exchange.forms.templates import BecauseForm, TemplateForm, initial_of
from exchange.models import RecipientTemplate
from exchange.queries.templates import blocks, own_county, preset_of, presets, templates_of
from exchange.rules.items import header, is_empty
from exchange.rules.presets import Section
from exchange.rules.recipient_templates import TEMPLATES_MACHINE, digest, is_late, is_near_its_end, is_stale, last_day
from exchange.services.templates import (
    activate_template,
    draft_template,
    edit_template,
    end_template,
    propose_template,
    return_template,
)
from exchange.terms import TemplateState

P, S = Permission, TemplateState


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    county, today = own_county(request.user, timezone.localdate()), timezone.localdate()
    found = blocks(county)
    context = {
        "county": county,
        "blocks": found,
        "today": today,
        "may_propose": can(request.user, P.PROPOSE_TEMPLATE),
        "stale": [line.now for block in found for line in block.lines if line.now and _is_near(line.now)],
    }
    return render(request, "exchange/templates.html", context)


def _is_near(row: RecipientTemplate) -> bool:
    return is_near_its_end(row.assessed_on, timezone.localdate())


def shown(sections: tuple[Section, ...]) -> list[dict[str, Any]]:
    """Each list with its header row, as the file will print it."""
    return [
        {"label": part.kind.label, "columns": [(header(item), is_empty(item)) for item in part.items]}
        for part in sections
    ]


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def template(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_template(request.user, uuid, P.VIEW_EXCHANGE)
    today, user = timezone.localdate(), request.user
    waits = row.state == S.PROPOSED
    own = user.pk in (row.proposed_by_id, row.drafted_by_id)
    context = {
        "row": row,
        "lists": shown(row.parts),
        "until": last_day(row.assessed_on),
        "stale": is_stale(row.assessed_on, today),
        "near": is_near_its_end(row.assessed_on, today),
        "late": waits and row.proposed_at is not None and is_late(row.proposed_at, timezone.now()),
        "seen": digest(row.facts),
        "may_edit": row.state == S.DRAFT and can(user, P.PROPOSE_TEMPLATE),
        "may_activate": waits and can(user, P.ACTIVATE_TEMPLATE) and not own,
        "may_return": waits and can(user, P.ACTIVATE_TEMPLATE),
        "may_end": row.state in (S.DRAFT, S.ACTIVE),
        "may_renew": row.state == S.ACTIVE and can(user, P.PROPOSE_TEMPLATE),
        "key": f"{row.agency_kind}.{row.situation}",
    }
    return render(request, "exchange/template.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROPOSE_TEMPLATE, form=True)
@never_cache
def template_new(request: HttpRequest, preset: str) -> HttpResponse:
    """The next version, begun from the one in force or from the shipped one."""
    county, today = own_county(request.user, timezone.localdate()), timezone.localdate()
    shipped = presets().get(preset)
    if shipped is None:
        raise Http404
    same = templates_of(county).filter(agency_kind=shipped.agency, situation=shipped.situation)
    waiting = same.filter(state__in=(S.DRAFT, S.PROPOSED)).first()
    if waiting is not None and request.method != "POST":
        return redirect("exchange:template", waiting.uuid)
    now = same.filter(state=S.ACTIVE).first()
    form = TemplateForm(
        request.POST or None, preset=shipped, initial=initial_of(now.facts if now else None, shipped, today)
    )
    made: list[RecipientTemplate] = []

    def act() -> None:
        made.append(draft_template(county=county, key=preset, facts=form.facts(), by=request.user))

    if carried_out(request, form, act, "草稿已保存。请核对后提出启用。"):
        return redirect("exchange:template", made[0].uuid)
    return _sheet(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PROPOSE_TEMPLATE, form=True)
@never_cache
def template_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_template(request.user, uuid, P.PROPOSE_TEMPLATE)
    preset = preset_of(row)
    if preset is None or (row.state != S.DRAFT and request.method != "POST"):
        return redirect("exchange:template", row.uuid)
    initial = {**initial_of(row.facts, preset, timezone.localdate()), "edits": row.edits}
    form = TemplateForm(request.POST or None, preset=preset, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_template(template=row, facts=form.facts(), edits=form.cleaned_data["edits"] or 0, by=request.user)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
            form.data = _again(request, row.edits)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "草稿已保存。")
            return redirect("exchange:template", row.uuid)
    return _sheet(request, form)


def _again(request: HttpRequest, edits: int) -> Any:
    data = request.POST.copy()
    data["edits"] = str(edits)
    return data


def _sheet(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    fixed = [] if form.lists else shown(form.preset.sections)
    context = {"form": form, "preset": form.preset, "fixed": fixed}
    return render(request, "exchange/template_form.html", context, status=400 if form.errors else 200)


@require_POST
@requires(P.PROPOSE_TEMPLATE)
def template_propose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_template(request.user, uuid, P.PROPOSE_TEMPLATE)
    pressed(request, lambda: propose_template(template=row, by=request.user), "已提出。由另一个人在 72 小时内启用。")
    return redirect("exchange:template", uuid)


@require_POST
@requires(P.ACTIVATE_TEMPLATE, step_up=True)
def template_activate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_template(request.user, uuid, P.ACTIVATE_TEMPLATE)
    seen = request.POST.get("seen", "")
    said = f"已启用，{row.starts_on:%Y-%m-%d} 起按这个模板交换。"
    pressed(request, lambda: activate_template(template=row, seen=seen, by=request.user), said)
    return redirect("exchange:template", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ACTIVATE_TEMPLATE)
@never_cache
def template_return(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_template(request.user, uuid, P.ACTIVATE_TEMPLATE)
    still_open(request, TEMPLATES_MACHINE, row.state, S.DRAFT, back="exchange:template", of=uuid)
    form = BecauseForm(request.POST or None)
    if carried_out(
        request, form, lambda: return_template(template=row, by=request.user, **form.cleaned_data), "已退回拟定人。"
    ):
        return redirect("exchange:template", uuid)
    return _because(request, row, form, "退回")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.VIEW_EXCHANGE)
@never_cache
def template_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_template(request.user, uuid, P.VIEW_EXCHANGE)
    still_open(
        request, TEMPLATES_MACHINE, row.state, S.DROPPED, S.ENDED, back="exchange:template", of=uuid, verb="停用"
    )
    verb = "作废" if row.state == S.DRAFT else "停用"
    form = BecauseForm(request.POST or None)
    if carried_out(
        request, form, lambda: end_template(template=row, by=request.user, **form.cleaned_data), f"已{verb}。"
    ):
        return redirect("exchange:template", uuid)
    return _because(request, row, form, verb)


def _because(request: HttpRequest, row: RecipientTemplate, form: BecauseForm, verb: str) -> HttpResponse:
    context = {"row": row, "form": form, "verb": verb}
    return render(request, "exchange/template_because.html", context, status=400 if form.errors else 200)
