"""Rows that an office has sent back: the township says what it found, the county decides; and the package's last word."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out, sent
from accounts.doors import can, requires, still_open
from accounts.refusals import NotHere
from accounts.scope import scope
from accounts.services.pdf import make_pdf
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.doors import access_package
from exchange.forms.receipts import CloseForm, FoundForm, SettleForm
from exchange.models import PackageRefusal
from exchange.queries.package_receipts import (
    RefusalLine,
    balance_of,
    closing_of,
    receipts_of,
    refusals_of,
    refusals_within,
)
from exchange.queries.templates import counties_of
from exchange.rules.periods import period
from exchange.rules.receipts import REFUSALS
from exchange.services.refusals import check_refusal, close_package, settle_refusal
from exchange.terms import RefusalState
from exchange.views.who import me

P, S = Permission, RefusalState


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    """Every row that came back, over all packages of the county; no name."""
    counties = counties_of(me(request), P.VIEW_EXCHANGE, timezone.localdate())
    with scope(counties=[county.pk for county in counties]):
        lines = [RefusalLine.of(row) for row in refusals_of(counties)[:200]]
    context = {
        "waiting": [line for line in lines if line.state != S.SETTLED],
        "settled": [line for line in lines if line.state == S.SETTLED],
        "may_settle": can(request.user, P.PREPARE_PACKAGE),
    }
    return render(request, "exchange/refusals.html", context)


@requires(P.ANSWER_REFUSAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refusal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The township's side: whom it is about, what the office said, what to do."""
    user = me(request)
    row = refusals_within(user).select_related("patient__village").filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    saw([row.patient.uuid], (FieldGroup.IDENTITY,), Purpose.EXCHANGE)
    form = FoundForm(sent(request))
    if carried_out(
        request, form, lambda: check_refusal(refusal=row, found=form.cleaned_data["found"], by=user), "已报县里。"
    ):
        return redirect("followup:worklist")
    context = {"row": row, "line": RefusalLine.of(row), "form": form, "waits": row.state == S.CHECKING}
    return render(request, "exchange/refusal.html", context, status=400 if form.errors else 200)


@requires(P.PREPARE_PACKAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refusal_settle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = me(request)
    row = _found(request, uuid)
    still_open(request, REFUSALS, row.state, S.SETTLED, back="exchange:refusals")
    form = SettleForm(sent(request))
    if carried_out(
        request, form, lambda: settle_refusal(refusal=row, settled=form.cleaned_data["settled"], by=user), "已办结。"
    ):
        return redirect("exchange:refusals")
    context = {"row": row, "line": RefusalLine.of(row), "form": form}  # what the office wrote may name the person
    return render(request, "exchange/refusal_settle.html", context, status=400 if form.errors else 200)


def _found(request: HttpRequest, uuid: UUID) -> PackageRefusal:
    counties = counties_of(me(request), P.PREPARE_PACKAGE, timezone.localdate())
    with scope(counties=[county.pk for county in counties]):
        row = refusals_of(counties).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    return row


@requires(P.PREPARE_PACKAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def package_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row, form = access_package(me(request), uuid, P.PREPARE_PACKAGE), CloseForm(sent(request))
    act = lambda: close_package(package=row, because=form.cleaned_data["because"], by=me(request))  # noqa: E731
    if carried_out(request, form, act, "已办结，可以打印交换办结单。"):
        return redirect("exchange:package", uuid)
    context = {"row": row, "form": form, "balance": balance_of(row)}
    return render(request, "exchange/package_close.html", context, status=400 if form.errors else 200)


def certificate_facts(request: HttpRequest, uuid: UUID) -> dict[str, Any]:
    row = access_package(me(request), uuid, P.VIEW_EXCHANGE)
    closing = closing_of(row)
    if closing is None:
        raise NotHere
    receipts = list(reversed(receipts_of(row)))
    return {"row": row, "label": period(row.period).label, "closing": closing, "receipts": receipts}


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same as a file, to be kept with the period's papers."""
    facts = certificate_facts(request, uuid)
    html = render_to_string("exchange/print/certificate.html", facts)
    pdf = make_pdf(html, render_to_string("exchange/print/certificate.css"))
    answer = HttpResponse(pdf.content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{facts["row"].period}-{uuid.hex[:8]}.pdf"'
    return answer


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """交换办结单: numbers, receipts, hash; on paper by the browser's own printing."""
    return render(request, "exchange/package_certificate.html", certificate_facts(request, uuid))
