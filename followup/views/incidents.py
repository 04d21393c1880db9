"""Incidents of a patient: report, read, amend, confirm, end."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import can, requires, still_open
from accounts.refusals import Conflict, Denied, NotHere, Refused
from accounts.terms import Permission, Purpose
from followup.doors import CARE_GROUPS, access_clue, access_emergency, access_incident, access_visit
from followup.forms.incident import ConfirmForm, EndForm, IncidentForm, incident_initial
from followup.models import Incident
from followup.queries.about import about
from followup.queries.incidents import ended_because, facts_of, incident_policy
from followup.queries.prompts import first_of_disposal, first_of_visit
from followup.rules.incidents import INCIDENT_MACHINE, IncidentFacts, IncidentPolicy, follows_without_file, what_follows
from followup.services.incidents import amend_incident, confirm_incident, end_incident, record_incident
from followup.terms import IncidentState, LegalResult
from registry.doors import access_patient
from registry.models import Clue, Patient
from registry.rules.clues import OVER

OPEN = (IncidentState.REPORTED, IncidentState.CONFIRMED)
LABELS = {name: field.label for name, field in IncidentForm.base_fields.items()}
ENDINGS = {
    IncidentState.CLOSED: ("了结这件事件", "处置已经完毕，写明怎样了结。", "了结"),
    IncidentState.DISMISSED: ("登记为不属实", "事情没有发生，或不是这个人。通报过的内容会收回。", "登记为不属实"),
}


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incident_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(
        request.user, patient, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT, groups=CARE_GROUPS
    )
    return _new(request, person, "已登记，等县精防办或精神科医师确认。请尽快随访并重新评估。")


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clue_incident_new(request: HttpRequest, clue: UUID) -> HttpResponse:
    """Of somebody who has no file yet."""
    found = access_clue(request.user, clue, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT)
    return _new(request, found, "已登记，等县精防办确认。请尽快核实线索、送诊。")


def _new(request: HttpRequest, subject: Patient | Clue, done: str) -> HttpResponse:
    first = {"form_id": uuid4(), "legal_result": "0", **_written_before(request, subject)}
    form = IncidentForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            form_id = form.cleaned_data["form_id"]
            row = record_incident(about=subject, facts=form.facts(), form_id=form_id, by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, done)
            return redirect("followup:incident", row.uuid)
    facts = {"form": form, "who": about(subject), "title": "登记事件"}
    return render(request, "followup/incident_form.html", facts, status=400 if form.errors else 200)


def _written_before(request: HttpRequest, subject: Patient | Clue) -> dict[str, Any]:
    """From the record or the disposal from whose page one comes; another person's counts as none."""
    ask = {"user": request.user, "permission": Permission.RECORD_INCIDENT, "purpose": Purpose.ALERT}
    try:
        if text := request.GET.get("visit", ""):
            visit = access_visit(uuid=UUID(text), **ask)
            return first_of_visit(visit) if visit.patient == subject else {}
        if text := request.GET.get("emergency", ""):
            row = access_emergency(uuid=UUID(text), **ask)
            return first_of_disposal(row) if row.subject == subject else {}
    except (ValueError, NotHere, Denied):
        pass
    return {}


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def incident(request: HttpRequest, incident: UUID) -> HttpResponse:
    row = access_incident(request.user, incident, Permission.VIEW_VISIT, purpose=Purpose.ALERT)
    today = timezone.localdate()
    facts = facts_of(row)
    policy = incident_policy(row.duty_county, today)
    may_confirm = can(request.user, Permission.CONFIRM_INCIDENT, row.subject)
    may_record = can(request.user, Permission.RECORD_INCIDENT, row.subject)
    context = {
        "row": row,
        "who": about(row.subject),
        "words": facts.words,
        "lines": incident_rows(facts),
        "ended_because": ended_because(row),
        "follows": _follows(row, facts, policy),
        "is_open": row.state in OPEN,
        "may_amend": may_record and row.state in OPEN and not row.is_forgotten,
        "may_dispose": may_record and row.state in OPEN and not _is_over(row),
        "may_confirm": may_confirm and row.state == IncidentState.REPORTED,
        "may_end": may_confirm and row.state in OPEN,
        "may_close": may_confirm and row.state == IncidentState.CONFIRMED,
        "may_visit": may_record and row.patient is not None and row.patient.closed_on is None,
    }
    return render(request, "followup/incident_detail.html", context)


def _is_over(row: Incident) -> bool:
    """The clue has ended without a file."""
    return isinstance(row.subject, Clue) and row.subject.state in OVER


def _follows(row: Incident, facts: IncidentFacts, policy: IncidentPolicy) -> tuple[str, ...]:
    if isinstance(row.subject, Clue):
        return follows_without_file(state=row.state, over=_is_over(row))
    return what_follows(facts, state=row.state, tells=row.tells, policy=policy)


def incident_rows(facts: IncidentFacts) -> list[tuple[str, str]]:
    """What is filled in, in the order of the form."""
    said = []
    for _title, names in IncidentForm.panels:
        for name in names:
            value = _said(name, facts)
            if value:
                said.append((str(LABELS[name]), value))
    return said


def _said(name: str, facts: IncidentFacts) -> str:
    if name == "confirmed":
        return ""
    value: Any = getattr(facts, name)
    if name == "happened_at":
        return f"{value:%Y-%m-%d %H:%M}"
    if name == "level":
        return f"{value} 级"
    if name == "legal_result":
        return str(LegalResult(value).label) if value != LegalResult.NONE else ""
    if isinstance(value, bool):
        return "是" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@requires(Permission.RECORD_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incident_edit(request: HttpRequest, incident: UUID) -> HttpResponse:
    row = access_incident(request.user, incident, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT)
    ends = (IncidentState.CLOSED, IncidentState.DISMISSED)
    still_open(request, INCIDENT_MACHINE, row.state, *ends, back="followup:incident", of=row.uuid, verb="补充")
    initial = {**incident_initial(facts_of(row), row.version), "form_id": uuid4()}
    form = IncidentForm(request.POST or None, initial=initial)
    conflict: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            amend_incident(incident=row, version=version, facts=form.facts(), by=request.user)
        except Conflict as refusal:
            conflict = _differences(refusal)
            form.data = {**form.data.dict(), "version": str(_now(request, incident).version)}
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "已保存。")
            return redirect("followup:incident", row.uuid)
    facts = {"form": form, "who": about(row.subject), "title": "补充事件记录", "row": row, "conflict": conflict}
    status = 409 if conflict else 400 if form.errors else 200
    return render(request, "followup/incident_form.html", facts, status=status)


def _now(request: HttpRequest, incident: UUID) -> Incident:
    return access_incident(request.user, incident, Permission.RECORD_INCIDENT, purpose=Purpose.ALERT)


def _differences(refusal: Conflict) -> list[dict[str, str]]:
    theirs: Any = refusal.theirs
    mine: Any = refusal.mine
    rows = []
    for name, label in LABELS.items():
        if hasattr(theirs, name) and getattr(theirs, name) != getattr(mine, name):
            rows.append({"label": str(label), "theirs": _said(name, theirs), "mine": _said(name, mine)})
    return rows


@requires(Permission.CONFIRM_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incident_confirm(request: HttpRequest, incident: UUID) -> HttpResponse:
    row = access_incident(request.user, incident, Permission.CONFIRM_INCIDENT, purpose=Purpose.ALERT)
    still_open(request, INCIDENT_MACHINE, row.state, IncidentState.CONFIRMED, back="followup:incident", of=row.uuid)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = confirm_incident(incident=row, source=form.cleaned_data["source"], by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            told = "，已通报派出所和综治中心" if found.tells else "，按县里的规则不通报"
            messages.success(request, f"已确认{told if found.patient else '，建档后随人转入档案'}。")
            return redirect("followup:incident", row.uuid)
    context = {"form": form, "row": row, "who": about(row.subject), "words": facts_of(row).words}
    return render(request, "followup/incident_confirm.html", context, status=400 if form.errors else 200)


@requires(Permission.CONFIRM_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incident_close(request: HttpRequest, incident: UUID) -> HttpResponse:
    return _end(request, incident, IncidentState.CLOSED)


@requires(Permission.CONFIRM_INCIDENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incident_dismiss(request: HttpRequest, incident: UUID) -> HttpResponse:
    return _end(request, incident, IncidentState.DISMISSED)


def _end(request: HttpRequest, incident: UUID, to: IncidentState) -> HttpResponse:
    row = access_incident(request.user, incident, Permission.CONFIRM_INCIDENT, purpose=Purpose.ALERT)
    still_open(request, INCIDENT_MACHINE, row.state, to, back="followup:incident", of=row.uuid)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_incident(incident=row, to=to, because=form.cleaned_data["because"], by=request.user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, f"已{ENDINGS[to][2]}。")
            return redirect("followup:incident", row.uuid)
    heading, text, verb = ENDINGS[to]
    context = {"form": form, "row": row, "who": about(row.subject), "heading": heading, "text": text, "verb": verb}
    return render(request, "followup/incident_end.html", context, status=400 if form.errors else 200)
