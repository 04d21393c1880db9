"""单人告知, the receiving office's side. Only what was told to the own office is in reach here; nothing is searched."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import is_proven, requires, where
from accounts.models import User
from accounts.refusals import NotHere
from accounts.terms import Permission
from exchange.models import MyNotice
from exchange.queries.my_notices import notice_cards, own_notice, own_notices
from exchange.rules.items import header
from exchange.services.my_notices import open_notice, see_notices, sign_for
from exchange.terms import DataItem
from exchange.views.who import me
from exchange.views.words import Fact

P = Permission
MOST = 100
PHONES = frozenset({DataItem.PHONE, DataItem.GUARDIAN_PHONE, DataItem.WORKER_PHONE})


def _offices(user: User) -> frozenset[int]:
    return where(user, P.RECEIVE_NOTICE).offices


def _own(user: User, uuid: UUID) -> MyNotice:
    """Raises: NotHere, for another office's copy as for none."""
    row = own_notice(_offices(user), uuid)
    if row is None:
        raise NotHere
    return row


@requires(P.RECEIVE_NOTICE)
@never_cache
@require_safe
def my_notices(request: HttpRequest) -> HttpResponse:
    user = me(request)
    see_notices(by=user)
    cards = notice_cards(own_notices(_offices(user))[:MOST], now=timezone.localtime())
    context = {
        "office": user.agency.name,
        "waiting": [card for card in cards if card.waits],
        "open": [card for card in cards if not card.waits and not card.is_over],
        "over": [card for card in cards if not card.waits and card.is_over],
    }
    return render(request, "exchange/my_notices.html", context)


@requires(P.RECEIVE_NOTICE)
@never_cache
@require_safe
def my_notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was told, once signed for. Every opening is in the log and in the ledger."""
    user = me(request)
    row = _own(user, uuid)
    if row.ended_at is not None:
        messages.info(request, f"{row.number} 已经结束，内容不再显示：{row.get_ended_because_display()}。")
        return redirect("exchange:my_notices")
    told = open_notice(notice=uuid, by=user, proven=is_proven(request))
    if not told:
        messages.info(request, "请先签收，再查看内容。")
        return redirect("exchange:my_notices")
    facts = [
        Fact(header(item), "" if item in PHONES else said, phone=said if item in PHONES else "")
        for item, said in told
        if said
    ]
    (card,) = notice_cards([row], now=timezone.localtime())
    return render(request, "exchange/my_notice.html", {"card": card, "row": row, "facts": facts})


@requires(P.RECEIVE_NOTICE)
@never_cache
@require_POST
def my_notice_sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _own(me(request), uuid)
    if sign_for(notice=uuid, by=me(request)) == "end" or row.ended_at is not None:
        messages.success(request, f"{row.number} 的结束通知已签收。")
        return redirect("exchange:my_notices")
    return redirect("exchange:my_notice", uuid)
