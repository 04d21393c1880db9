"""The receiving office's pages. Only what exchange disclosed is in reach here; nothing is searched or counted."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import can, is_proven, requires
from accounts.models import User
from accounts.refusals import NotHere
from accounts.terms import Permission
from exchange.forms.feedback import FeedbackForm
from exchange.models import InboxCase
from exchange.queries.inbox import Card, cards, cards_of, county_of_office, duty_doctor, own_case
from exchange.queries.my_notices import waiting
from exchange.rules.shelves import Shelf
from exchange.services.inbox import AnswerRefused, FormUsed, NotOpen, acknowledge, answer, open_cases, see
from exchange.views.who import is_fragment, me, offices_of
from exchange.views.words import Fact, disclosed_facts

CLOSED_MEANWHILE = "您打开的这件预警刚刚解除，内容已收回。没有交的反馈不用再交；还有情况要说的，请打值班医生电话。"


@dataclass
class Shelves:
    """The four parts of the page, and a mark by which the next poll knows whether anything has changed."""

    to_acknowledge: list[Card] = field(default_factory=list)
    to_answer: list[Card] = field(default_factory=list)
    answered: list[Card] = field(default_factory=list)
    closed: list[Card] = field(default_factory=list)
    notices: int = 0  # 单人告知 that wait for 签收 on their own page

    @property
    def state(self) -> str:
        lines = [
            f"{shelf}{card.case.uuid}{card.case.status}{card.case.level}{card.newest.pk}{len(card.waiting)}"
            f"{card.clock.words if card.clock else ''}{card.answered_words}"
            for shelf in Shelf
            for card in getattr(self, shelf)
        ]
        lines.append(str(self.notices))
        return sha256("\n".join(lines).encode()).hexdigest()[:16]


def _shelves(user: User, now: datetime) -> Shelves:
    found = Shelves(notices=waiting(offices_of(user)).count())
    for card in cards(offices_of(user), now=now, you=user.pk):
        getattr(found, card.shelf).append(card)
    return found


def _own(user: User, uuid: UUID) -> InboxCase:
    """Raises: NotHere, for another office's case as for none."""
    case = own_case(offices_of(user), uuid)
    if case is None:
        raise NotHere
    return case


def _but_open(shelves: Shelves, shown: UUID | None) -> Shelves:
    """The case that lies open above the lists is not shown a second time; one with news still asks for its 签收."""
    left = [card for card in shelves.to_answer if card.case.uuid != shown]
    return replace(shelves, to_answer=left)


def _page(request: HttpRequest, user: User, *, opened: dict[str, Any] | None = None) -> dict[str, Any]:
    now = timezone.localtime()
    shelves = _shelves(user, now)
    shown = opened["card"].case.uuid if opened else None
    return {
        "shelves": _but_open(shelves, shown),
        "opened": opened,
        "shown": shown,
        "office": user.agency.name,
        "may_ask": can(user, Permission.ASK_EMERGENCY),
        "doctor": duty_doctor(county_of_office(offices_of(user))),
        "poll_url": _poll_url(shelves, shown),
    }


@requires(Permission.RECEIVE_ALERT)
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    see(by=me(request))
    return render(request, "exchange/inbox.html", _page(request, me(request)))


@requires(Permission.RECEIVE_ALERT)
@never_cache
@require_safe
def inbox_new(request: HttpRequest) -> HttpResponse:
    """Asked every three seconds: nothing (204) while nothing has changed; the lists when it has.

    When the case that lies open on the screen has been closed, the whole page is fetched anew without it.
    """
    user, shown = me(request), _uuid(request.GET.get("open", ""))
    if shown is not None:
        open_case = own_case(offices_of(user), shown)
        if open_case is None or open_case.is_closed:
            messages.info(request, CLOSED_MEANWHILE)
            return _go(request, reverse("exchange:inbox"))
    shelves = _shelves(user, timezone.localtime())
    if request.GET.get("state") == shelves.state:
        return HttpResponse(status=204)
    see(by=user)
    facts = {
        "shelves": _but_open(shelves, shown),
        "shown": shown,
        "poll_url": _poll_url(shelves, shown),
        "is_news": True,
    }
    return render(request, "exchange/_inbox_new.html", facts)


def _poll_url(shelves: Shelves, shown: UUID | None) -> str:
    asked = {"state": shelves.state, **({"open": str(shown)} if shown else {})}
    return f"{reverse('exchange:inbox_new')}?{urlencode(asked)}"


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if is_fragment(request):
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    return redirect(address)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@requires(Permission.RECEIVE_ALERT)
@never_cache
@require_safe
def case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One case opened: its content, once signed for. Every opening is in the log and in the ledger."""
    return _opened(request, _own(me(request), uuid), FeedbackForm.blank(timezone.localtime()))


def _opened(request: HttpRequest, found: InboxCase, form: FeedbackForm) -> HttpResponse:
    user, now = me(request), timezone.localtime()
    if found.is_closed:
        messages.info(request, "这件预警已解除，内容已收回。")
        return redirect("exchange:inbox")
    see(by=user)
    contents = open_cases(cases=[found], by=user, proven=is_proven(request)).get(found.uuid, [])
    (card,) = cards_of([found], now=now, you=user.pk)
    if not contents:
        messages.info(request, "请先签收，再查看内容。")
        return redirect("exchange:inbox")
    kinds = {entry.uuid: entry.kind for entry in card.entries}
    facts: list[list[Fact]] = [
        disclosed_facts(opened.content, kinds.get(opened.entry, "")) for opened in reversed(contents)
    ]
    disputed = any(entry.disputed for entry in card.entries)
    opened = {"card": card, "disputed": disputed, "facts": facts[0], "earlier": facts[1:], "form": form}
    page = _page(request, user, opened=opened)
    return render(request, "exchange/inbox.html", page, status=400 if form.errors else 200)


@requires(Permission.RECEIVE_ALERT)
@never_cache
@require_POST
def acknowledge_case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _own(me(request), uuid)
    acknowledge(case=found, by=me(request), newest=_uuid(request.POST.get("newest", "")))
    if found.is_closed:
        messages.success(request, f"{found.number} 的解除通知已签收。")
        return redirect("exchange:inbox")
    return redirect("exchange:case", found.uuid)


@requires(Permission.RECEIVE_ALERT)
@never_cache
@require_POST
def feedback(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, form = _own(me(request), uuid), FeedbackForm(request.POST)
    if form.is_valid():
        try:
            answer(case=found, given=form.answer(), form_id=form.form_number, by=me(request))
        except AnswerRefused as refusal:
            for name, sentence in refusal.fields.items():
                form.add_error(name, sentence)
        except (NotOpen, FormUsed) as refusal:
            messages.warning(request, refusal.message)
            return redirect("exchange:inbox")
        else:
            messages.success(request, f"{found.number} 的反馈已保存，责任医生现在可以看到。")
            return redirect("exchange:inbox")
    return _opened(request, found, form)
