"""交换包: what was prepared for whom, how it differs from the last one, and the two signatures. Numbers, no names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import carried_out, pressed
from accounts.doors import can, requires, still_open
from accounts.models import User
from accounts.terms import Permission
from exchange.doors import access_package
from exchange.forms.templates import BecauseForm
from exchange.models import Package
from exchange.queries.agency_keys import key_in_force
from exchange.queries.delivery import downloads_of, offer_of
from exchange.queries.package_receipts import balance_of, closing_of, receipts_of
from exchange.queries.packages import last_before, packages_of, run_of
from exchange.queries.templates import own_county
from exchange.rules.packages import PACKAGES, QUIET_SECONDS
from exchange.rules.periods import period
from exchange.rules.recipient_templates import last_day
from exchange.services.delivery import renew_offer
from exchange.services.letters import consent_words
from exchange.services.package_ledger import without_consent
from exchange.services.packages import drop_package, recall_package, reopen_package, sign_package
from exchange.terms import PackageState
from exchange.views.package_form import has_form
from exchange.views.package_page import columns, fingerprint, list_lines, steps, totals
from exchange.views.who import is_fragment, me

P, S = Permission, PackageState
OUT = (S.RELEASED, S.COLLECTED)
MOST = 200


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    county = own_county(request.user, timezone.localdate())
    rows = [(row, period(row.period).label) for row in packages_of(county)[:MOST]]
    return render(request, "exchange/packages.html", {"county": county, "rows": rows})


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def package(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_package(request.user, uuid, P.VIEW_EXCHANGE)
    out = row.released_at is not None
    offer = offer_of(row) if row.state in OUT else None
    closing, downloads = closing_of(row) if out else None, list(downloads_of(row))
    balance, last = balance_of(row) if out else None, last_before(row)
    lists = list_lines(row)
    context = {
        "row": row,
        "label": period(row.period).label,
        "lists": lists,
        "sums": totals(lists, row.rows),
        "columns": columns(row),
        "until": last_day(row.template.assessed_on),
        "steps": steps(row, offer, downloads, closing, pending=balance.pending if balance else None),
        "fingerprint": fingerprint(row.content_sha256),
        "has_form": has_form(row),
        "how_far": _how_far(row) if row.state == S.OPENED else None,
        "closing": closing,
        "balance": balance,
        "receipts": receipts_of(row) if out else [],
        "last": (last, period(last.period).label, balance_of(last)) if last else None,
        "offer": offer,
        "downloads": downloads,
        "agreed": consent_words(row),
        "unagreed": without_consent(row) if row.state in OUT else 0,
        "no_key": row.state in (S.PREPARED, S.RELEASED) and key_in_force(row.agency) is None,
        **_what_next(row, me(request), closed=closing is not None),
    }
    return render(request, "exchange/package.html", context)


def _what_next(row: Package, user: User, *, closed: bool) -> dict[str, bool]:
    waits, gone, prepares = row.state == S.PREPARED, row.state in OUT, can(user, P.PREPARE_PACKAGE)
    return {
        "may_sign": waits and can(user, P.RELEASE_PACKAGE) and row.first_by_id != user.pk,
        "may_close": gone and not closed and prepares,
        "may_reopen": waits and prepares,
        "may_drop": row.state in (S.OPENED, S.PREPARED) and prepares,
        "may_renew": gone and prepares,
        "may_recall": gone and can(user, P.RELEASE_PACKAGE),
    }


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def package_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asked again and again while the worker prepares; afterwards the whole page is fetched anew."""
    row = access_package(request.user, uuid, P.VIEW_EXCHANGE)
    if row.state != S.OPENED:
        address = reverse("exchange:package", args=[uuid])
        return HttpResponse(headers={"HX-Redirect": address}) if is_fragment(request) else redirect(address)
    return render(request, "exchange/_package_progress.html", {"row": row, "how_far": _how_far(row)})


def _how_far(row: Package) -> dict[str, Any]:
    """In words. A line that nobody has written for a minute belongs to a worker that died, or, where everybody had been
    read, to what was prepared before somebody had it prepared anew."""
    run = run_of(row)
    is_quiet = run is not None and run.seen_at < timezone.now() - timedelta(seconds=QUIET_SECONDS)
    if run is None or (is_quiet and run.done >= run.total):
        return {"words": "等待系统开始，一般一分钟内。", "percent": None}
    if is_quiet:
        return {"words": "上一次没有做完，系统会自动从头再做。", "percent": None}
    percent = min(99, 100 * run.done // max(run.total, 1))
    return {"words": f"正在准备：已读 {run.done} 人，共约 {run.total} 人。", "percent": percent}


@require_POST
@requires(P.RELEASE_PACKAGE, step_up=True)
def package_sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_package(request.user, uuid, P.RELEASE_PACKAGE)
    seen = request.POST.get("seen", "")
    pressed(
        request,
        lambda: sign_package(package=row, seen=seen, by=request.user),
        lambda done: "已签发。" if done.state == S.RELEASED else "已签名，还要另一个人在 72 小时内签发。",
    )
    return redirect("exchange:package", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PREPARE_PACKAGE)
@never_cache
def package_reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_package(request.user, uuid, P.PREPARE_PACKAGE)
    return _because(request, row, "重新准备", reopen_package, S.OPENED)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PREPARE_PACKAGE)
@never_cache
def package_drop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_package(request.user, uuid, P.PREPARE_PACKAGE)
    return _because(request, row, "作废", drop_package, S.DROPPED)


@require_POST
@requires(P.PREPARE_PACKAGE)
def package_renew(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another seven days, for a recipient that was late or whose disk broke."""
    row = access_package(request.user, uuid, P.PREPARE_PACKAGE)
    pressed(
        request,
        lambda: renew_offer(package=row, by=request.user),
        lambda o: f"已重新开放，{timezone.localtime(o.expires_at):%Y-%m-%d %H:%M} 前可以下载 {o.most} 次。",
    )
    return redirect("exchange:package", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.RELEASE_PACKAGE)
@never_cache
def package_recall(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_package(request.user, uuid, P.RELEASE_PACKAGE)
    return _because(request, row, "收回", recall_package, S.RECALLED)


def _because(
    request: HttpRequest, row: Package, verb: str, act: Callable[..., Package], after: PackageState
) -> HttpResponse:
    still_open(request, PACKAGES, row.state, after, back="exchange:package", of=row.uuid)
    form = BecauseForm(request.POST or None)
    said = "已交给系统重新准备。" if verb == "重新准备" else f"已{verb}。"
    if carried_out(request, form, lambda: act(package=row, by=request.user, **form.cleaned_data), said):
        return redirect("exchange:package", row.uuid)
    context = {"row": row, "form": form, "verb": verb}
    return render(request, "exchange/package_because.html", context, status=400 if form.errors else 200)
