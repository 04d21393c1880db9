"""办法 of a county: what is in force, adopting one, stopping one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.carrying import carried_out, sent
from accounts.doors import requires, where
from accounts.models import Division
from accounts.queries.county_rules import first_county
from accounts.terms import Permission
from subsidy.forms.schemes import AdoptForm, StopForm
from subsidy.models import CountyScheme
from subsidy.queries.schemes import adopted_on, all_of, scheme_of
from subsidy.services.schemes import adopt_scheme, stop_scheme


def _county(request: HttpRequest) -> Division:
    return first_county(where(request.user, Permission.EDIT_POLICY).counties)


@requires(Permission.EDIT_POLICY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schemes(request: HttpRequest) -> HttpResponse:
    county, today = _county(request), timezone.localdate()
    form = AdoptForm(sent(request), request.FILES or None, initial={"starts_on": today})

    def act() -> CountyScheme:
        said = form.cleaned_data
        return adopt_scheme(
            county=county, text=form.text(), starts_on=said["starts_on"], basis=said["basis"], by=request.user
        )

    if carried_out(request, form, act, "办法已启用，从生效日期起按它核对。"):
        return redirect("subsidy:schemes")
    held = {one.row.pk for one in adopted_on(county.pk, today)}
    rows = [_shown(row, held, today) for row in all_of(county.pk)]
    context = {"form": form, "county": county, "rows": rows}
    return render(request, "subsidy/schemes.html", context, status=400 if form.errors else 200)


def _shown(row: CountyScheme, held: set[int], today: date) -> dict[str, Any]:
    scheme = scheme_of(row)
    if row.stopped_on is not None and row.stopped_on <= today:
        chip, tone = f"{row.stopped_on} 停用", ""
    elif row.pk in held:
        chip, tone = "施行中", "good"
    else:
        chip, tone = ("还没有开始", "info") if row.starts_on > today else ("已由新的接替", "")
    version = scheme.version_on(max(today, row.starts_on))
    rates = (
        [f"{one.label} 每{'月' if one.per == 'month' else '年'} {one.amount:,.2f} 元" for one in version.classes]
        if version
        else []
    )
    return {
        "uuid": row.uuid, "title": f"{scheme.place} {scheme.title}", "chip": chip, "tone": tone,
        "rates": "；".join(rates), "since": row.starts_on, "basis": row.basis, "by": row.adopted_by.display_name,
        "may_stop": row.stopped_on is None and (row.pk in held or row.starts_on > today),
    }  # fmt: skip


@requires(Permission.EDIT_POLICY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_stop(request: HttpRequest, scheme: UUID) -> HttpResponse:
    row = next((one for one in all_of(_county(request).pk) if one.uuid == scheme), None)
    if row is None:
        raise Http404
    form = StopForm(sent(request))

    def act() -> None:
        stop_scheme(row=row, because=form.cleaned_data["because"], by=request.user)

    if carried_out(request, form, act, "办法已停用。以前按它结算的不变。"):
        return redirect("subsidy:schemes")
    context = {"form": form, "title": scheme_of(row).title}
    return render(request, "subsidy/scheme_stop.html", context, status=400 if form.errors else 200)
