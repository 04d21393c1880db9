"""Lists of other agencies: handed in by them or for them, and what the county sees of each. Numbers only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import pressed
from accounts.doors import can, requires
from accounts.refusals import Refused
from accounts.terms import Permission as P
from exchange.doors import access_inbound
from exchange.forms.inbound import HandInForm
from exchange.models import InboundList, OwnInbound
from exchange.queries.agency_keys import own_key
from exchange.queries.inbound import (
    MOST,
    Progress,
    Sender,
    inbound_of,
    kinds,
    last_number,
    own_list,
    own_lists,
    progress_of,
    senders_of,
)
from exchange.queries.platform import tracks_of
from exchange.queries.templates import own_county
from exchange.rules.inbound_sequence import AGAIN, periods_offered
from exchange.rules.periods import period
from exchange.services.answering import fetch_own_letter, letter_of
from exchange.services.inbound import draft_list, send_list
from exchange.terms import InboundKind, InboundState, Rhythm, RowClass
from exchange.views.who import me

S = InboundState


def _offered(senders: list[Sender]) -> list[tuple[str, str]]:
    """An office with several kinds, or a clerk with several offices, chooses both in one list."""
    several = len(senders) > 1
    return [
        (
            f"{one.agency.uuid}|{kind.code.value}",
            f"{one.agency.name}：{kind.code.label}" if several else kind.code.label,
        )
        for one in senders
        for kind in one.kinds
    ]


def _periods(senders: list[Sender]) -> list[tuple[str, str]]:
    rhythms = {kind.rhythm for one in senders for kind in one.kinds}
    today = timezone.localdate()
    wanted = [one for one in (Rhythm.QUARTERLY, Rhythm.HALF_YEARLY) if one in rhythms]
    return [(one.name, one.label) for rhythm in wanted for one in periods_offered(rhythm, today)]


def _columns(senders: list[Sender]) -> list[dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = {}
    for one in senders:
        for kind in one.kinds:
            shown[kind.code.value] = {
                "label": kind.code.label, "required": "、".join(map(kind.header, kind.required)),
                "optional": "、".join(map(kind.header, kind.optional)),
                "next": last_number(one.agency, one.county, kind.code) + 1,
            }  # fmt: skip
    return list(shown.values())


@requires(P.SEND_LIST)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inbound_send(request: HttpRequest) -> HttpResponse:
    """Choose the kind, the file, see what was read; nothing is handed in before the next page says so."""
    senders = senders_of(me(request), timezone.localdate())
    columns = _columns(senders)
    first = {"number": columns[0]["next"] if len(columns) == 1 else None}
    form = HandInForm(
        request.POST or None, request.FILES or None, offered=_offered(senders), periods=_periods(senders), initial=first,
        carries=any(one.carried for one in senders),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            said = {"name": upload.name, "signature": form.signed()}
            row = draft_list(handed=form.handed(), content=upload.read(), by=me(request), **said)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            if row.state != S.DRAFT:
                messages.info(request, AGAIN.format(number=row.number))
            return redirect("exchange:inbound_own", row.uuid)
    rows = [_shown(one) for one in own_lists()[:MOST]]
    context = {"form": form, "columns": columns, "rows": rows, "nobody": not senders, "county_key": own_key()}
    return render(request, "exchange/inbound_send.html", context, status=400 if form.errors else 200)


def _shown(row: OwnInbound) -> dict[str, Any]:
    return {"row": row, "period": period(row.period).label, "refused": len({one["row"] for one in row.refusals})}


@requires(P.SEND_LIST)
@never_cache
@require_safe
def inbound_own(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was read of the file. Whom the register holds is not said to who hands in (security 3.3, note 1)."""
    row = own_list(uuid)
    shown = _shown(row)
    good = row.rows - shown["refused"]
    is_mine = row.state == S.DRAFT and row.drafted_by_id == me(request).pk
    return render(request, "exchange/inbound_own.html", {**shown, "good": good, "may_send": is_mine})


@require_POST
@requires(P.SEND_LIST)
def inbound_confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    seen = request.POST.get("seen", "")
    sent = pressed(
        request,
        lambda: send_list(uuid=uuid, seen=seen, by=me(request)),
        lambda row: f"已报送：{row.get_kind_display()}第 {row.number} 份，{row.rows} 人。核实完后在这里下载复函。",
    )
    return redirect("exchange:inbound_own", uuid) if sent else redirect("exchange:inbound_send")


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def inbound_lists(request: HttpRequest) -> HttpResponse:
    county = own_county(me(request), timezone.localdate())
    done = progress_of(county, timezone.localdate())
    rows = [(row, period(row.period).label, done.get(row.pk, Progress())) for row in inbound_of(county)[:MOST]]
    context = {"county": county, "rows": rows, "may_send": can(me(request), P.SEND_LIST)}
    return render(request, "exchange/inbound_lists.html", context)


def _numbers(row: InboundList) -> list[tuple[str, int, str]]:
    """Class, number, what becomes of it."""
    kind = kinds()[InboundKind(row.kind)]
    found = []
    for one in RowClass:
        number = row.counts.get(one.value, 0)
        if number or one in (RowClass.SAME, *kind.work):
            follows = "交乡镇核实" if one in kind.work else "退回报送单位" if one is RowClass.REFUSED else "只计数"
            found.append((str(one.label), number, follows))
    return found


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def inbound_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = me(request)
    row = access_inbound(user, uuid, P.VIEW_EXCHANGE)
    done = progress_of(row.county, timezone.localdate()).get(row.pk, Progress())
    reviews = can(user, P.REVIEW_DIFFERENCE)
    kind = kinds()[InboundKind(row.kind)]
    context = {
        "row": row, "period": period(row.period).label, "numbers": _numbers(row) if row.compared_at else [], "done": done,
        "may_review": reviews and row.state == S.COMPARED and bool(done.total),
        "is_ready": row.state == S.COMPARED and not kind.platform and not done.open and not done.answered,
        "has_letter": row.state == S.ANSWERED,
        "tracks": tracks_of(row) if reviews and kind.platform and row.compared_at else [],
    }  # fmt: skip
    return render(request, "exchange/inbound_list.html", context)


def _as_file(content: bytes, uuid: UUID) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="answer-{uuid.hex[:8]}.pdf"'
    return answer


@requires(P.VIEW_EXCHANGE)
@never_cache
@require_safe
def inbound_letter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """复函 as it was sent: totals by class and conclusion, no person; small numbers are not told (security 3.7)."""
    return _as_file(letter_of(access_inbound(me(request), uuid, P.VIEW_EXCHANGE)), uuid)


@requires(P.SEND_LIST)
@never_cache
@require_safe
def own_letter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same for the office that handed the list in."""
    return _as_file(fetch_own_letter(uuid=uuid, by=me(request)), uuid)
