"""通知设置: the county's exchange clerk keeps the offices' addresses and sends anew what was given up."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import requires
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import Permission
from exchange.forms.channel import ChannelForm
from exchange.queries.channels import Office, dead_letters, offices_kept
from exchange.services.channels import (
    Registered,
    end_channel,
    register_channel,
    retry_delivery,
    retry_notice,
    set_on_duty,
    try_channel,
)
from exchange.views.who import me


@requires(Permission.KEEP_CHANNELS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """The secret of a new webhook stands on the answer to its form and nowhere else."""
    offices = offices_kept(me(request), timezone.localdate())
    form, made = ChannelForm(request.POST or None, offices=_offered(offices)), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = register_channel(
                agency=UUID(said["agency"]), kind=said["kind"], address=said["address"], by=me(request)
            )
        except (Denied, NotHere):
            raise
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            if not made.secret:
                messages.success(request, f"已登记{made.channel.agency.name}的地址，可以发一次测试。")
                return redirect("exchange:channels")
            offices, form = offices_kept(me(request), timezone.localdate()), ChannelForm(offices=_offered(offices))
    return _page(request, offices, form, made)


def _offered(offices: list[Office]) -> list[tuple[str, str]]:
    return [(str(office.agency.uuid), office.agency.name) for office in offices]


def _page(request: HttpRequest, offices: list[Office], form: ChannelForm, made: Registered | None) -> HttpResponse:
    facts = {"offices": offices, "dead": dead_letters(me(request), timezone.localdate()), "form": form, "made": made}
    return render(request, "exchange/channel_list.html", facts, status=400 if form.errors else 200)


def _done(request: HttpRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except (Denied, NotHere):
        raise
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("exchange:channels")


@requires(Permission.KEEP_CHANNELS)
@require_POST
def channel_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _done(request, lambda: end_channel(channel=uuid, by=me(request)), "已停用这个地址，不再发通知。")


@requires(Permission.KEEP_CHANNELS)
@require_POST
def channel_try(request: HttpRequest, uuid: UUID) -> HttpResponse:
    said = "测试通知已登记，一分钟内发出。刷新本页看结果。"
    return _done(request, lambda: try_channel(channel=uuid, by=me(request)), said)


@requires(Permission.KEEP_CHANNELS)
@require_POST
def notice_retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _done(request, lambda: retry_notice(notice=uuid, by=me(request)), "已重新发送。")


@requires(Permission.KEEP_CHANNELS)
@require_POST
def delivery_retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _done(request, lambda: retry_delivery(entry=uuid, by=me(request)), "已重新送达。")


@requires(Permission.KEEP_CHANNELS)
@require_POST
def office_duty(request: HttpRequest, uuid: UUID) -> HttpResponse:
    on_duty = request.POST.get("on_duty") == "1"
    said = "已标为全天值守，期限按每天计算。" if on_duty else "已取消全天值守，期限按工作日计算。"
    return _done(request, lambda: set_on_duty(agency=uuid, on_duty=on_duty, by=me(request)), said)
