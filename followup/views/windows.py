"""Due windows on the page: the missed and late of a place, taking somebody off the list, deciding a loss."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.doors import requires
from accounts.refusals import Refused
from accounts.rules.day_words import short_day
from accounts.terms import FieldGroup, Permission, Purpose
from followup.forms.off_list import LossForm, OffListForm
from followup.models import Window
from followup.queries import window_lists
from followup.queries.tries import prompt_for
from followup.rules.dates import add_months
from followup.rules.off_list import latest_again
from followup.rules.windows import Window as Decided
from followup.rules.windows import days_late
from followup.services.losses import decide_lost
from followup.services.off_list import take_off_list
from followup.services.visits import care_policy
from followup.terms import Excuse, Opener, Outcome
from registry.doors import access_patient

PAGE = 50
MONTHS = 12
TONES = {Outcome.DONE: "good", Outcome.LATE: "caution", Outcome.MISSED: "urgent", Outcome.EXCUSED: "info"}


@dataclass(frozen=True)
class WindowLine:
    """One window in words."""

    due: str
    outcome: str
    tone: str
    text: str


def window_lines(found: list[Decided], today: date) -> list[WindowLine]:
    """For the patient's tab, newest first."""
    lines = []
    for window in found:
        outcome = Outcome(window.outcome).label if window.outcome else "未到期"
        tone = TONES[Outcome(window.outcome)] if window.outcome else ""
        lines.append(WindowLine(short_day(window.due_on, today), str(outcome), tone, _text(window, today)))
    return lines


def _text(window: Decided, today: date) -> str:
    words = [f"{short_day(window.opened_on, today)} {Opener(window.opener).label}起，{window.due_reason}"]
    late = days_late(window)
    if window.excuse:
        words.append(str(Excuse(window.excuse).label))
    elif window.closed_root is not None and window.closed_on is not None:
        words.append(f"{short_day(window.closed_on, today)} 随访" + (f"，晚 {late} 天" if late else ""))
    return "。".join(words)


@requires(Permission.VIEW_WORKLIST)
@never_cache
@require_safe
def missed_list(request: HttpRequest) -> HttpResponse:
    """What was missed, made up late or excused in the last twelve months, per township."""
    today = timezone.localdate()
    since = add_months(today, -MONTHS)
    kind = request.GET.get("kind", "")
    kind = kind if kind in window_lists.KINDS else str(Outcome.MISSED)
    asked = request.GET.get("township", "")
    tallies = window_lists.tallies(request.user, since, today)
    township = next((tally for tally in tallies if str(tally.key) == asked), None)
    found = window_lists.windows_for(request.user, since, today)
    page = Paginator(window_lists.listed(found, kind, township.key if township else None), PAGE).get_page(
        request.GET.get("page")
    )
    rows = [_row(window, today) for window in page]
    saw((row["uuid"] for row in rows), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT), Purpose.LIST)
    context = {
        "tallies": tallies,
        "township": township,
        "kinds": [(o, o.label, _address(o, township), str(o) == kind) for o in window_lists.KINDS],
        "rows": rows,
        "page": page,
        "since": since,
        "kind": kind,
        "kind_words": Outcome(kind).label,
    }
    return render(request, "followup/window_list.html", context)


def _address(kind: str, township: window_lists.Tally | None) -> str:
    return "?" + urlencode({"kind": str(kind)} | ({"township": township.key} if township else {}))


def _row(window: Window, today: date) -> dict[str, Any]:
    patient = window.patient
    late = (window.closed_on - window.due_on).days if window.closed_on and window.closed_root_id else 0
    if window.excuse:
        became = str(Excuse(window.excuse).label)
    elif window.closed_on and window.closed_root_id:
        became = f"{window.closed_on:%Y-%m-%d} 随访，晚 {late} 天"
    else:
        became = "至今没有随访" if window.closed_on is None else "没有随访"
    return {
        "uuid": patient.uuid,
        "name": patient.name,
        "village": patient.village.usual_name if patient.village else "",
        "due": window.due_on,
        "reason": window.due_reason,
        "became": became,
    }


@requires(Permission.RECORD_VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off_list(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, Permission.RECORD_VISIT, purpose=Purpose.FOLLOW_UP)
    today = timezone.localdate()
    latest = latest_again(person.last_class, person.last_level, today, care_policy(person.duty_county, today))
    form = OffListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = take_off_list(patient=person, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"已移出名单，{row.again_on:%Y-%m-%d} 再提醒联系 {person.name}。")
            return redirect("followup:worklist")
    context = {"form": form, "patient": person, "latest": latest}
    return render(request, "followup/off_list.html", context, status=400 if form.errors else 200)


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loss(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The evidence in words; a person decides."""
    person = access_patient(request.user, patient, Permission.EDIT_PATIENT, purpose=Purpose.FOLLOW_UP)
    today = timezone.localdate()
    prompt = prompt_for(person, care_policy(person.duty_county, today))
    initial = {"form_id": uuid4(), "reason": "4" if prompt and prompt.is_run else ""}
    form = LossForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            decide_lost(patient=person, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "已登记失访。请立即书面报告综合管理小组，请公安协助查找。")
            return redirect("registry:patient", person.uuid)
    context = {"form": form, "patient": person, "prompt": prompt}
    return render(request, "followup/loss.html", context, status=400 if form.errors else 200)
