"""An objection is taken back: one person writes down who asks for it and why, another confirms, with a code."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carrying import carried_out, pressed, sent
from accounts.doors import is_proven, requires, to_step_up
from accounts.refusals import NotHere
from accounts.terms import Permission
from exchange.forms.templates import BecauseForm
from exchange.forms.told import WithdrawForm
from exchange.views.told import person_of
from exchange.views.who import me
from registry.models import Objection, Patient
from registry.queries.objections import objections_of
from registry.services.objections import close_objection, closing_mark, propose_closing, return_closing

P = Permission


def _found(request: HttpRequest, uuid: UUID, objection: UUID) -> tuple[Patient, Objection]:
    person = person_of(request, uuid, P.EDIT_PATIENT)
    row = next((one for one in objections_of(person) if one.uuid == objection), None)
    if row is None:
        raise NotHere
    return person, row


@requires(P.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection_withdraw(request: HttpRequest, uuid: UUID, objection: UUID) -> HttpResponse:
    """What the first person writes; once that stands, what the second one sees."""
    person, row = _found(request, uuid, objection)
    if row.withdrawn_on is not None:
        messages.info(request, "这项异议已经撤回。")
        return redirect("exchange:patient_tab", uuid)
    if row.waits:
        return _waiting(request, person, row, BecauseForm())
    form = WithdrawForm(sent(request), initial={"on": timezone.localdate().isoformat()})

    def act() -> object:
        said = form.cleaned_data
        return propose_closing(objection=row, on=said["on"], asked_by=said["who"], words=said["words"], by=me(request))

    if carried_out(request, form, act, "撤回已登记，另一个人核对以后生效。在那以前仍带“有异议”标记。"):
        return redirect("exchange:patient_tab", uuid)
    context = {"person": person, "row": row, "form": form}
    return render(request, "exchange/objection_withdraw.html", context, status=400 if form.errors else 200)


def _waiting(request: HttpRequest, person: Patient, row: Objection, form: BecauseForm) -> HttpResponse:
    own = row.closing_entered_by_id == me(request).pk
    context = {
        "person": person, "row": row, "form": form, "own": own, "seen": closing_mark(row),
        "verb": "取消登记" if own else "不撤回",
    }  # fmt: skip
    return render(request, "exchange/objection_closing.html", context, status=400 if form.errors else 200)


@requires(P.EDIT_PATIENT)
@never_cache
@require_POST
def objection_close(request: HttpRequest, uuid: UUID, objection: UUID) -> HttpResponseBase:
    """The second person: somebody else than who wrote it down. The door comes first: a stranger is asked for no code."""
    _person, row = _found(request, uuid, objection)
    if not is_proven(request):
        return to_step_up(request)
    seen, said = request.POST.get("seen", ""), "异议已撤回，以后发出的内容不再带标记。"
    if pressed(request, lambda: close_objection(objection=row, seen=seen, by=me(request)), said):
        return redirect("exchange:patient_tab", uuid)
    return redirect("exchange:objection_withdraw", uuid, objection)


@requires(P.EDIT_PATIENT)
@never_cache
@require_POST
def objection_return(request: HttpRequest, uuid: UUID, objection: UUID) -> HttpResponse:
    """The second person does not confirm, or the first one takes the proposal back: the objection goes on."""
    person, row = _found(request, uuid, objection)
    form = BecauseForm(sent(request))
    done = lambda: return_closing(objection=row, because=form.cleaned_data["because"], by=me(request))  # noqa: E731
    if carried_out(request, form, done, "异议没有撤回，仍带“有异议”标记。"):
        return redirect("exchange:patient_tab", uuid)
    if not row.waits:
        return redirect("exchange:objection_withdraw", uuid, objection)
    return _waiting(request, person, row, form)
