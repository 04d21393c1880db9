"""接收单位公钥: the county's side. Entered by one person, compared and confirmed by another, ended with a reason."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import carried_out, pressed
from accounts.doors import can, requires, still_open
from accounts.refusals import NotHere
from accounts.terms import Permission
from exchange.doors import access_key
from exchange.forms.keys import AgencyKeyForm
from exchange.forms.templates import BecauseForm
from exchange.models import AgencyKey
from exchange.queries.agency_keys import agency_of, key_lines, own_key
from exchange.queries.templates import own_county
from exchange.rules.agency_keys import AGENCY_KEYS
from exchange.services.agency_keys import confirm_key, end_key, enter_key
from exchange.terms import KeyPurpose, KeyState
from exchange.views.who import me

P, S = Permission, KeyState


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    county = own_county(me(request), timezone.localdate())
    context = {
        "county": county,
        "lines": key_lines(county),
        "own": own_key(),
        "may_enter": can(me(request), P.PREPARE_PACKAGE),
    }
    return render(request, "exchange/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PREPARE_PACKAGE, form=True)
@never_cache
def key_new(request: HttpRequest) -> HttpResponse:
    """For an agency that sent its key on paper or a medium."""
    user, today = me(request), timezone.localdate()
    lines = key_lines(own_county(user, today))
    offered = [(str(line.agency.uuid), line.agency.name) for line in lines]
    form = AgencyKeyForm(request.POST or None, agencies=offered, initial={"agency": request.GET.get("agency", "")})
    made: list[AgencyKey] = []

    def act() -> None:
        agency = agency_of(user, form.cleaned_data["agency"], today)
        if agency is None:
            raise NotHere
        made.append(enter_key(agency=agency, public_key=form.cleaned_data["public_key"], by=user))

    if carried_out(request, form, act, "已录入。请另一个人与接收单位对指纹后核对。"):
        return redirect("exchange:key", made[0].uuid)
    return render(request, "exchange/key_form.html", {"form": form}, status=400 if form.errors else 200)


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def key(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row, user = access_key(me(request), uuid, P.VIEW_EXCHANGE), me(request)
    waits = row.state == S.WAITING
    context = {
        "row": row,
        "may_confirm": waits and row.entered_by_id != user.pk,
        "own": waits and row.entered_by_id == user.pk,
        "may_end": row.state in (S.WAITING, S.ACTIVE),
        "end_verb": "不一致，退回" if waits else "停用",
    }
    return render(request, "exchange/key.html", context)


@require_POST
@requires(P.VIEW_EXCHANGE, step_up=True)
def key_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_key(me(request), uuid, P.VIEW_EXCHANGE)
    used = "代收这个单位的名册用它核对签名" if row.purpose == KeyPurpose.SIGN else "给这个单位的文件都加密到这把公钥"
    pressed(request, lambda: confirm_key(key=row, by=me(request)), f"已核对。以后{used}。")
    return redirect("exchange:key", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.VIEW_EXCHANGE)
@never_cache
def key_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_key(me(request), uuid, P.VIEW_EXCHANGE)
    still_open(request, AGENCY_KEYS, row.state, S.REFUSED, S.ENDED, back="exchange:key", of=uuid, verb="停用")
    verb = "退回" if row.state == S.WAITING else "停用"
    form = BecauseForm(request.POST or None)
    done = lambda: end_key(key=row, by=me(request), **form.cleaned_data)  # noqa: E731
    if carried_out(request, form, done, f"已{verb}。"):
        return redirect("exchange:key", row.uuid)
    context = {"row": row, "form": form, "verb": verb}
    return render(request, "exchange/key_because.html", context, status=400 if form.errors else 200)
