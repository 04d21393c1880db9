"""Platforms that the county reports to: the sheet to be uploaded there, and what it calls its columns."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import requires
from accounts.refusals import NotHere, Refused
from accounts.terms import FieldGroup, Purpose
from accounts.terms import Permission as P
from exchange.doors import access_inbound
from exchange.forms.platform import HeadersForm
from exchange.queries.inbound import kinds
from exchange.queries.platform import headers_of, is_open_here, kind_on, three_lists
from exchange.queries.templates import own_county
from exchange.rules.inbound_kinds import Kind
from exchange.services.platform import platform_sheet, set_headers
from exchange.terms import InboundKind
from exchange.views.who import me

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@requires(P.REVIEW_DIFFERENCE, step_up=True)
@never_cache
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_inbound(me(request), uuid, P.REVIEW_DIFFERENCE)
    try:
        content, _number = platform_sheet(row=row, by=me(request))
    except Refused as refusal:
        if refusal.status != Refused.status:
            raise
        messages.info(request, refusal.message)
        return redirect("exchange:inbound_list", uuid)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="sheet-{row.kind}-{timezone.localdate():%Y%m%d}.xlsx"'
    return answer


@requires(P.REVIEW_DIFFERENCE)
@never_cache
@require_safe
def people(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The three lists: only ours, only theirs, different by field."""
    user = me(request)
    row = access_inbound(user, uuid, P.REVIEW_DIFFERENCE)
    if not kinds()[InboundKind(row.kind)].platform:
        raise NotHere
    lists = three_lists(row, user)
    shown = (one.row for its in lists for one in its.people)
    saw((one.patient.uuid if one.patient else one.uuid for one in shown), (FieldGroup.IDENTITY,), Purpose.EXCHANGE)
    return render(request, "exchange/platform_people.html", {"row": row, "lists": lists})


def _platform(code: str) -> Kind:
    """Raises: NotHere."""
    found = kinds().get(InboundKind(code)) if code in InboundKind.values else None
    if found is None or not found.platform:
        raise NotHere
    return found


@requires(P.REVIEW_DIFFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def headers(request: HttpRequest, kind: str) -> HttpResponse:
    shipped, today = _platform(kind), timezone.localdate()
    county = own_county(me(request), today)
    form = HeadersForm(
        request.POST or None, kind=kind_on(shipped, county, today), shipped=shipped, initial={"starts_on": today}
    )  # fmt: skip

    def act() -> object:
        said = {"starts_on": form.starts(), "headers": form.headers()}
        return set_headers(county=county, kind=shipped, by=me(request), **said)  # type: ignore[arg-type]

    if carried_out(request, form, act, "列名已保存，从启用日期起使用。"):
        return redirect("exchange:platform_headers", kind)
    context = {
        "form": form, "kind": shipped, "rows": headers_of(county, shipped),
        "is_off": not is_open_here(shipped, county, today),
    }  # fmt: skip
    return render(request, "exchange/platform_headers.html", context, status=400 if form.errors else 200)
