"""Several differences that say the same of their people, answered with one conclusion: each stays a row of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit import saw
from accounts.doors import requires
from accounts.refusals import Refused
from accounts.rules.day_words import long_day
from accounts.terms import FieldGroup, Purpose
from accounts.terms import Permission as P
from exchange.doors import access_difference
from exchange.forms.inbound import TogetherForm
from exchange.queries.differences import alike, name_of, offered_for, why
from exchange.services.differences import answer_together
from exchange.views.who import me


@requires(P.WORK_DIFFERENCE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def differences_alike(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Nobody is chosen beforehand: whoever answers for several has looked at each."""
    user, today = me(request), timezone.localdate()
    row = access_difference(user, uuid, P.WORK_DIFFERENCE)
    rows = alike(row, user)
    if not rows:
        return redirect("exchange:differences")
    saw((one.patient.uuid if one.patient else one.uuid for one in rows), (FieldGroup.IDENTITY,), Purpose.EXCHANGE)
    offered = offered_for(row, of_death=False)
    people = [(str(one.uuid), _line(one, today)) for one in rows]
    form = TogetherForm(request.POST or None, offered=offered, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            done = answer_together(like=row, chosen=form.chosen(), finding=form.finding(), by=user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"已提交 {done} 件，等县精防办逐件审核。")
            return redirect("exchange:differences")
    context: dict[str, Any] = {"form": form, "row": row, "why": why(row), "number": len(rows)}
    return render(request, "exchange/differences_alike.html", context, status=400 if form.errors else 200)


def _line(row: Any, today: Any) -> str:
    place = row.patient.village.usual_name if row.patient and row.patient.village else row.township.usual_name
    until = f"{long_day(row.due_on)}到期，已逾期" if row.due_on < today else f"{long_day(row.due_on)}前"
    return f"{name_of(row)}，{place}，{until}"
