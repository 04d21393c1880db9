"""单人告知, the sender's side: written, signed by a second person where it is urgent, followed, corrected, taken back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import carried_out, pressed, sent
from accounts.doors import can, requires, still_open
from accounts.models import User
from accounts.refusals import NotHere
from accounts.terms import Permission, Purpose
from exchange.doors import GROUPS, access_person_notice
from exchange.forms.person_notices import PersonNoticeForm
from exchange.forms.templates import BecauseForm
from exchange.models import PersonNotice, PersonNoticeCopy
from exchange.queries.person_notices import Offer, copies_of, waiting_of
from exchange.rules.items import header
from exchange.rules.person_notices import PERSON_NOTICES, in_order, is_over, signs_twice
from exchange.services.person_notices import (
    decline_notice,
    fingerprint,
    return_notice,
    send_notice,
    sendable,
    sign_notice,
    withdraw_notice,
)
from exchange.terms import AT_ONCE, PersonNoticeState, Situation
from exchange.views.who import me
from registry.doors import access_patient
from registry.models import Patient

P, S = Permission, PersonNoticeState
SENT = "已发出。接收单位签收以后，这里会显示时间。"
PROPOSED = "已拟写，还要另一个人签发才会发出。"
SAID = {
    Situation.URGENT: "有现实危险，要请公安、综治马上协助。要另一个人签发。",
    Situation.SUDDEN_CHANGE: "病情突变，请乡镇政府和村（居）委会协助。只有姓名、住址和责任医生。",
    Situation.LOST_REPORT: "失访的书面报告公安、综治和上级精防机构；死亡的报告上级精防机构。",
    Situation.FLOW: "外出的告知流入地公安、民政；流入地卫生院已收到临时档案，不再重复。",
    Situation.DISCHARGE: "出院以后告知负责随访的卫生院；登记出院的单位自己已经知道，不再重复。",
}


Cells = list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """What some offices read alike, in words."""

    names: list[str]
    cells: Cells
    note: str = ""


UNPREPARED = "这类单位还没有启用的接收模板，现在不能告知。"
UNAGREED = "向这类单位告知以本人同意为依据，本人没有同意，现在不能告知。"


def _alike(told: Iterable[tuple[str, Cells, str]]) -> list[Shown]:
    """Offices that read the very same stand together: what differs is then seen."""
    found: dict[tuple[object, ...], Shown] = {}
    for name, cells, note in told:
        found.setdefault((*cells, note), Shown([], cells, note)).names.append(name)
    return list(found.values())


def _cells(content: Any) -> Cells:
    return [(header(item), said) for item, said in in_order(content) if said]


def _offered(offer: Offer) -> tuple[str, Cells, str]:
    return offer.agency.name, _cells(offer.cells), "" if offer.template else UNAGREED if offer.unagreed else UNPREPARED


@requires(P.SEND_NOTICE)
@never_cache
@require_safe
def notice_choose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """On which occasion."""
    person = _person(request, uuid)
    lines = [(one, one.label, SAID[one], waiting_of(person, one)) for one in AT_ONCE]
    return render(request, "exchange/person_notice_choose.html", {"person": person, "lines": lines})


def _person(request: HttpRequest, uuid: UUID) -> Patient:
    return access_patient(me(request), uuid, P.SEND_NOTICE, purpose=Purpose.EXCHANGE, groups=GROUPS)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SEND_NOTICE, step_up=True, form=True)
@never_cache
def notice_new(request: HttpRequest, uuid: UUID, situation: str) -> HttpResponse:
    if situation not in AT_ONCE:
        raise NotHere
    return _written(request, _person(request, uuid), situation, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SEND_NOTICE, step_up=True, form=True)
@never_cache
def notice_correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The record as it stands now, to everybody who still reads the earlier one."""
    row = access_person_notice(me(request), uuid, P.SEND_NOTICE)
    ways = (S.WITHDRAWN,) if row.state == S.SENT else ()  # what can be taken back can be put right
    still_open(request, PERSON_NOTICES, row.state, *ways, back="exchange:person_notice", of=uuid, verb="更正")
    return _written(request, row.patient, row.situation, row)


def _written(request: HttpRequest, person: Patient, situation: str, corrects: PersonNotice | None) -> HttpResponse:
    offered = sendable(person, situation, by=me(request), corrects=corrects)
    ready = [one for one in offered if one.template is not None]
    choices = [(str(one.agency.uuid), one.agency.name) for one in ready]
    initial = {"form_id": uuid4(), "agencies": [key for key, _name in choices]}
    form = PersonNoticeForm(sent(request), offered=choices, is_correction=corrects is not None, initial=initial)
    made: list[PersonNotice] = []

    def act() -> None:
        made.append(send_notice(
            patient=person, situation=situation, agencies=form.chosen, because=form.cleaned_data["because"],
            seen=request.POST.get("seen", ""), form_id=form.cleaned_data["form_id"], by=me(request), corrects=corrects,
        ))  # fmt: skip

    if carried_out(request, form, act, PROPOSED if signs_twice(situation) else SENT):
        return redirect("exchange:person_notice", made[0].uuid)
    context = {
        "person": person, "form": form, "label": Situation(situation).label, "said": SAID[Situation(situation)],
        "offers": _alike(map(_offered, offered)), "ready": bool(ready), "corrects": corrects,
        "seen": fingerprint(situation, ready).hex(), "two": signs_twice(situation),
    }  # fmt: skip
    return render(request, "exchange/person_notice_form.html", context, status=400 if form.errors else 200)


@requires(P.VIEW_ALERT_STATUS)
@never_cache
@require_safe
def notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was told to whom, and what each office did about it."""
    row = access_person_notice(me(request), uuid, P.VIEW_ALERT_STATUS)
    copies = copies_of(row)
    context = {
        "row": row, "person": row.patient, "copies": copies, "told": _alike(map(_told, copies)),
        "seen": bytes(row.digest).hex() if row.digest else "", "is_over": is_over(row.state, row.expires_at, timezone.now()),
        "said": SAID.get(Situation(row.situation), ""), **_what_next(row, me(request)),
    }  # fmt: skip
    return render(request, "exchange/person_notice.html", context)


def _told(copy: PersonNoticeCopy) -> tuple[str, Cells, str]:
    by = copy.template
    return (
        copy.agency.name,
        _cells(copy.content),
        f"{by.get_basis_display()}：{by.citation}；接收模板第 {by.version} 版",
    )


def _what_next(row: PersonNotice, user: User) -> dict[str, bool]:
    sends, signs = can(user, P.SEND_NOTICE, row.patient), can(user, P.RELEASE_NOTICE, row.patient)
    own = row.first_by_id == user.pk
    return {
        "may_send": row.state == S.PENDING and sends,
        "may_sign": row.state == S.PROPOSED and signs and not own,
        "may_return": row.state == S.PROPOSED and ((signs and not own) or (sends and own)),
        "may_correct": row.state == S.SENT and sends and not is_over(row.state, row.expires_at, timezone.now()),
        "may_withdraw": row.state in (S.SENT, S.ENDED) and sends,
    }


@require_POST
@requires(P.RELEASE_NOTICE, step_up=True)
def notice_sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_person_notice(me(request), uuid, P.RELEASE_NOTICE)
    seen = request.POST.get("seen", "")
    pressed(request, lambda: sign_notice(notice=row, seen=seen, by=me(request)), SENT)
    return redirect("exchange:person_notice", uuid)


@requires(P.SEND_NOTICE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_return(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """By the second person, or taken back by the writer."""
    return _because(request, uuid, "退回", return_notice, S.DROPPED)


@requires(P.SEND_NOTICE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_decline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _because(request, uuid, "不发出", decline_notice, S.DECLINED)


@requires(P.SEND_NOTICE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _because(request, uuid, "收回", withdraw_notice, S.WITHDRAWN)


WHAT_FOLLOWS = {
    "退回": "不会发出。需要时可以重新拟写。",
    "不发出": "这一次不告知其他单位，原因留在这里备查，今日工作不再提示。",
    "收回": "每个收到过的单位马上看不到内容，并收到收回通知，要单独签收。披露台账逐个单位记一笔收回。",
}


def _because(
    request: HttpRequest, uuid: UUID, verb: str, act: Callable[..., PersonNotice], after: PersonNoticeState
) -> HttpResponse:
    row, form = access_person_notice(me(request), uuid, P.SEND_NOTICE), BecauseForm(sent(request))
    still_open(request, PERSON_NOTICES, row.state, after, back="exchange:person_notice", of=uuid)
    if carried_out(request, form, lambda: act(notice=row, by=me(request), **form.cleaned_data), f"已{verb}。"):
        return redirect("exchange:person_notice", uuid)
    context = {"row": row, "person": row.patient, "form": form, "verb": verb, "follows": WHAT_FOLLOWS[verb]}
    return render(request, "exchange/person_notice_because.html", context, status=400 if form.errors else 200)
