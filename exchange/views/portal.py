"""Limits of the partners' pages: the urgent question from a scene, its answer, and whom the limit has stopped."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carrying import carried_out, sent
from accounts.doors import can, is_proven, requires
from accounts.refusals import NotHere, StepUpNeeded
from accounts.terms import Permission
from exchange.forms.portal import AnswerForm, AskForm, LiftForm
from exchange.queries.inbox import county_of_office, duty_doctor
from exchange.queries.portal import emergencies_for, emergency_for, my_emergencies, stops_for
from exchange.services.emergency import answer_emergency, ask_emergency, emergency_person
from exchange.services.watching import lift_stop
from exchange.terms import Advice
from exchange.views.who import me, offices_of
from registry.queries.objections import is_disputed

P = Permission
ASKED = "已送到值班精神科医师，医生会用电话答复。着急的请同时打值班电话。"


@requires(P.ASK_EMERGENCY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_ask(request: HttpRequest) -> HttpResponse:
    """One exact number. What comes back is the same whoever it is, until the doctor has answered."""
    user = me(request)
    form = AskForm(sent(request), initial={"form_id": uuid4()})

    def act() -> bool:
        said = form.cleaned_data
        return ask_emergency(
            number=said["number"], scene=said["scene"], phone=said["phone"], form_id=said["form_id"] or uuid4(),
            proven=is_proven(request), by=user,
        )  # fmt: skip

    must_prove = False
    try:
        if carried_out(request, form, act, ASKED):
            return redirect("exchange:emergency_ask")
    except StepUpNeeded:
        must_prove = True  # what was typed at the scene stays on this page, the step-up opens beside it
    offices = offices_of(user)
    context = {
        "form": form, "asked": my_emergencies(offices), "doctor": duty_doctor(county_of_office(offices)),
        "must_prove": must_prove,
    }  # fmt: skip
    status = 403 if must_prove else 400 if form.errors else 200
    return render(request, "exchange/emergency_ask.html", context, status=status)


@requires(P.ANSWER_EMERGENCY)
@never_cache
@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    rows = emergencies_for(me(request)).defer("id_number", "scene", "phone")[:100]
    return render(request, "exchange/emergencies.html", {"rows": rows})


@requires(P.ANSWER_EMERGENCY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, form = me(request), AnswerForm(sent(request))
    row = emergency_for(user, uuid)
    if row is None:
        raise NotHere

    def act() -> object:
        said = form.cleaned_data
        return answer_emergency(request=row, answer=said["answer"], advice=said["advice"], by=user)

    if carried_out(request, form, act, "答复已保存，提出单位现在可以看到。"):
        return redirect("exchange:emergencies")
    person = emergency_person(row, user)
    context = {
        "row": row, "form": form, "person": person, "waits": row.state == "waiting",
        "disputed": person is not None and is_disputed(person.pk),
        "may_open": can(user, P.VIEW_PATIENT), "number": row.id_number, "scene": row.scene, "phone": row.phone,
        "told": "、".join(str(Advice(one).label) for one in row.advice or ()),
    }  # fmt: skip
    return render(request, "exchange/emergency.html", context, status=400 if form.errors else 200)


@requires(P.WATCH_PORTAL)
@never_cache
@require_safe
def stops(request: HttpRequest) -> HttpResponse:
    rows = list(stops_for(me(request), timezone.localdate())[:100])
    context = {"open": [row for row in rows if not row.lifted_at], "lifted": [row for row in rows if row.lifted_at]}
    return render(request, "exchange/stops.html", context)


@requires(P.WATCH_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_lift(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, form = me(request), LiftForm(sent(request))
    row = stops_for(user, timezone.localdate()).filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    if row.lifted_at is not None:
        messages.info(request, "已经解除过了。")
        return redirect("exchange:stops")
    if carried_out(
        request, form, lambda: lift_stop(stop=row, because=form.cleaned_data["because"], by=user), "已解除。"
    ):
        return redirect("exchange:stops")
    return render(request, "exchange/stop_lift.html", {"row": row, "form": form}, status=400 if form.errors else 200)
