"""应急处置记录单 表1-9: opened, written, printed in three copies, checked again."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import can, requires, still_open
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission, Purpose
from followup.doors import CARE_GROUPS, access_clue, access_emergency, access_incident
from followup.forms.incident import CheckForm, EmergencyForm, EmergencyOpenForm, EndForm
from followup.models import Emergency
from followup.queries.about import about
from followup.queries.incidents import check_policy, checks_of, ended_because
from followup.queries.prompts import disposal_prompts
from followup.rules.emergencies import EMERGENCY_MACHINE, EmergencyFacts, next_check, writing_clock, written_words
from followup.services.emergencies import cancel_emergency, open_emergency, record_check, write_emergency
from followup.terms import DiagnosisSure, EmergencyState, EmergencySubject
from followup.views.emergency_paper import copies, paper_rows
from registry.doors import access_patient
from registry.models import Clue, Patient
from registry.terms import ClueState


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The beginning alone: its 24 hours are seen from now on."""
    person = access_patient(
        request.user, patient, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT, groups=CARE_GROUPS
    )
    return _new(request, person)


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_emergency_new(request: HttpRequest, clue: UUID) -> HttpResponse:
    """Of somebody who has no file yet."""
    return _new(request, access_clue(request.user, clue, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT))


def _new(request: HttpRequest, subject: Patient | Clue) -> HttpResponse:
    form = EmergencyOpenForm(request.POST or None, initial={"form_id": uuid4(), "started_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = open_emergency(
                about=subject, started_at=data["started_at"], form_id=data["form_id"] or uuid4(), by=request.user,
                incident=_incident(request, subject),
            )  # fmt: skip
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            return redirect("followup:emergency", row.uuid)
    context = {"form": form, "who": about(subject)}
    return render(request, "followup/emergency_new.html", context, status=400 if form.errors else 200)


def _incident(request: HttpRequest, subject: Patient | Clue) -> Any:
    """The incident from whose page one comes; a wrong number, or another person's, counts as none."""
    try:
        uuid = UUID(request.GET.get("incident", ""))
        found = access_incident(request.user, uuid, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT)
    except (ValueError, NotHere):
        return None
    return found if found.subject == subject else None


@requires(Permission.VIEW_VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest, emergency: UUID) -> HttpResponse:
    """Written: to read. Not yet: the form for whoever may write it."""
    row = access_emergency(request.user, emergency, Permission.VIEW_VISIT, purpose=Purpose.ALERT)
    writes = can(request.user, Permission.RECORD_INCIDENT, row.subject)
    if row.state == EmergencyState.OPENED and writes:
        return _write(request, row)
    if request.method == "POST":
        messages.info(request, "这张记录单已经填写或撤销，不能再改。")
        return redirect("followup:emergency", row.uuid)
    return _read(request, row, CheckForm(initial={"form_id": uuid4(), "checked_at": timezone.localtime()}))


def _write(request: HttpRequest, row: Emergency) -> HttpResponse:
    form = EmergencyForm(request.POST or None, initial=_first(request, row))
    if request.method == "POST" and form.is_valid():
        try:
            write_emergency(emergency=row, facts=form.facts(), by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "记录单已保存，可以打印三联。")
            return redirect("followup:emergency", row.uuid)
    now = timezone.localtime()
    context = {
        "form": form,
        "row": row,
        "who": about(row.subject),
        "clock": writing_clock(timezone.localtime(row.started_at), now),
    }
    return render(request, "followup/emergency_form.html", context, status=400 if form.errors else 200)


def _first(request: HttpRequest, row: Emergency) -> dict[str, Any]:
    """What is known without asking."""
    place = request.user.agency.division
    return {
        "form_id": uuid4(),
        "report_area": place.name,
        "report_unit": request.user.agency.name,
        "handling_unit": request.user.agency.name,
        "started_at": row.started_at,
        "worker": request.user.display_name,
        **_who(row.subject),
        "filled_by": request.user.display_name,
        "filled_on": timezone.localdate(),
    }


def _who(subject: Patient | Clue) -> dict[str, str]:
    """Where the person stands: managed, with a diagnosis but no file, or only suspected."""
    if not isinstance(subject, Clue):
        return {"diagnosis_sure": DiagnosisSure.CONFIRMED, "subject": EmergencySubject.MANAGED}
    if subject.state == ClueState.CONFIRMED:
        return {"diagnosis_sure": DiagnosisSure.CONFIRMED, "subject": EmergencySubject.UNREGISTERED}
    return {"diagnosis_sure": DiagnosisSure.SUSPECTED, "subject": EmergencySubject.SUSPECTED}


def _read(request: HttpRequest, row: Emergency, form: CheckForm) -> HttpResponse:
    today = timezone.localdate()
    checks = checks_of(row)
    rule = check_policy(row.duty_county, today)
    due = None
    says = row.state == EmergencyState.WRITTEN and bool(row.content)
    if row.state == EmergencyState.WRITTEN and row.ended_at is not None:
        made = [(timezone.localtime(one.checked_at), one.stable) for one in checks]
        due = next_check(timezone.localtime(row.ended_at), made, rule)
    context = {
        "row": row,
        "who": about(row.subject),
        "lines": paper_rows(EmergencyFacts.of(row.content)) if says else [],
        "took": written_words(row.ended_at, row.settled_at) if says and row.ended_at and row.settled_at else "",
        "ended_because": ended_because(row),
        "checks": checks,
        "check_due": due,
        "checks_on": rule.on,
        "form": form,
        "may_check": rule.on and says and can(request.user, Permission.RECORD_INCIDENT, row.subject),
        "is_written": row.state == EmergencyState.WRITTEN,
        "asks_incident": can(request.user, Permission.RECORD_INCIDENT, row.subject) and disposal_prompts(row),
    }
    return render(request, "followup/emergency_detail.html", context, status=400 if form.errors else 200)


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_POST
def emergency_check(request: HttpRequest, emergency: UUID) -> HttpResponse:
    row = access_emergency(request.user, emergency, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT)
    form = CheckForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            record_check(
                emergency=row, checked_at=data["checked_at"], stable=data["stable"] == "1", note=data["note"],
                form_id=data["form_id"] or uuid4(), by=request.user,
            )  # fmt: skip
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "复查已记下。")
            return redirect("followup:emergency", row.uuid)
    return _read(request, row, form)


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_cancel(request: HttpRequest, emergency: UUID) -> HttpResponse:
    row = access_emergency(request.user, emergency, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT)
    still_open(request, EMERGENCY_MACHINE, row.state, EmergencyState.CANCELLED, back="followup:emergency", of=row.uuid)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_emergency(emergency=row, because=form.cleaned_data["because"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已撤销。")
            return redirect(about(row.subject).care)
    context = {"form": form, "row": row, "who": about(row.subject)}
    return render(request, "followup/emergency_cancel.html", context, status=400 if form.errors else 200)


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def emergency_print(request: HttpRequest, emergency: UUID) -> HttpResponse:
    """Three sheets: 本级精防机构, 相关部门, 处置小组. The one that leaves the health side is without clinical words."""
    row = access_emergency(request.user, emergency, Permission.VIEW_VISIT, purpose=Purpose.ALERT)
    if row.state != EmergencyState.WRITTEN or not row.content:
        messages.info(request, "记录单还没有填写，填写后再打印。")
        return redirect("followup:emergency", row.uuid)
    context = {"row": row, "sheets": copies(EmergencyFacts.of(row.content), row.subject)}
    return render(request, "followup/emergency_print.html", context)
