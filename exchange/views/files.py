"""交换文件: the receiving agency's page. Its own files, its own key; nothing about anybody else's."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import carried_out, pressed
from accounts.doors import requires, where
from accounts.models import Agency, User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from exchange.api.files import as_response
from exchange.doors import own_package
from exchange.forms.keys import KeyForm
from exchange.forms.templates import BecauseForm
from exchange.models import AgencyKey, MyPackage
from exchange.queries.agency_keys import own_keys, refused_key
from exchange.queries.package_receipts import my_packages
from exchange.rules.delivery import fetches_left
from exchange.rules.periods import period
from exchange.services.agency_keys import confirm_key, end_key, enter_key
from exchange.services.delivery_fetching import fetch, verdict_on
from exchange.terms import FetchWay, KeySide, KeyState, Situation, Verdict
from exchange.views.who import me

P, S = Permission, KeyState
MOST = 24


@dataclass(frozen=True)
class FileCard:
    """A package in the recipient's words."""

    row: MyPackage
    title: str
    kind: str
    verdict: Verdict
    left: int

    @property
    def is_open(self) -> bool:
        return self.verdict is Verdict.OPEN


def offices_of(user: User) -> frozenset[int]:
    return where(user, P.COLLECT_PACKAGE).offices


def cards_for(user: User) -> list[FileCard]:
    today = timezone.localdate()
    rows = my_packages(offices_of(user))[:MOST]
    return [card_of(row, verdict_on(row.uuid, today) or Verdict.NOT_YET) for row in rows]


def card_of(row: MyPackage, verdict: Verdict) -> FileCard:
    kind = f"更正（第 {row.version} 版）" if row.is_correction else str(Situation(row.situation).label)
    return FileCard(row, period(row.period).label, kind, verdict, fetches_left(row.most, row.used))


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    return _page(request, KeyForm())


def _page(request: HttpRequest, form: KeyForm) -> HttpResponse:
    user = me(request)
    keys = list(own_keys(offices_of(user)))
    context = {
        "office": user.agency.name,
        "cards": cards_for(user),
        "now": next((row for row in keys if row.state == S.ACTIVE), None),
        "waiting": next((row for row in keys if row.state == S.WAITING), None),
        "refused": refused_key(offices_of(user)),
        "form": form,
        "you": user.pk,
        "by_county": KeySide.COUNTY.value,
    }
    return render(request, "exchange/files.html", context, status=400 if form.errors else 200)


def _own_agency(user: User) -> Agency:
    """Raises: NotHere, where the right is for another office than the account's own."""
    if user.agency_id not in offices_of(user):
        raise NotHere
    return user.agency


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_POST
def own_key_enter(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST)

    def act() -> AgencyKey:
        return enter_key(agency=_own_agency(me(request)), public_key=form.cleaned_data["public_key"], by=me(request))

    if carried_out(request, form, act, "公钥已登记。县里的信息交换员会打电话与您对指纹，对上以后启用。"):
        return redirect("exchange:files")
    return _page(request, form)


def _own_key(user: User, uuid: UUID) -> AgencyKey:
    row = own_keys(offices_of(user)).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    return row


@require_POST
@requires(P.COLLECT_PACKAGE, step_up=True)
def own_key_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A key that the county entered for this agency: its own account says that it is the right one."""
    key = _own_key(me(request), uuid)
    pressed(request, lambda: confirm_key(key=key, by=me(request)), "公钥已启用。以后的文件都加密到这把公钥。")
    return redirect("exchange:files")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.COLLECT_PACKAGE)
@never_cache
def own_key_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A private key that was lost or seen by others: no file goes to it any more."""
    row, form = _own_key(me(request), uuid), BecauseForm(request.POST or None)
    verb = "退回" if row.state == S.WAITING else "停用"

    def act() -> AgencyKey:
        return end_key(key=row, by=me(request), **form.cleaned_data)

    if carried_out(request, form, act, f"已{verb}这把公钥。"):
        return redirect("exchange:files")
    context = {"row": row, "form": form, "verb": verb}
    return render(request, "exchange/own_key_because.html", context, status=400 if form.errors else 200)


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_POST
def file_fetch(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The encrypted file. A press counts: it is one of three."""
    user = me(request)
    row = own_package(user, uuid)
    try:
        return as_response(fetch(package=row, way=FetchWay.PAGE, by=user))
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, refusal.message)
        return redirect("exchange:files")
