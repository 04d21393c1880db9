"""One finding with its history, and what is done with it: a note, a report, acceptance, sending back, withdrawing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.carrying import carried_out, pressed
from accounts.doors import can, requires, still_open
from accounts.models import User
from accounts.terms import Permission
from registry.rules.scans import CONTENT_TYPES
from reports.doors import findings_for, open_finding, open_finding_file
from reports.forms import BecauseForm, RectificationForm, SendBackForm
from reports.models import Finding
from reports.queries.packs import adopted_packs
from reports.queries.supervision import measures_of, notes_of_finding, row_name
from reports.rules.findings import FINDINGS
from reports.services.findings import Put, accept_right, note_rectification, report_right, send_back, withdraw_finding
from reports.terms import FindingState, Supervisor
from reports.views.asked import person
from reports.views.supervision_lines import Lines, measure_line

VIEW, ANSWER, KEEP = Permission.VIEW_SUPERVISION, Permission.ANSWER_FINDING, Permission.KEEP_SUPERVISION


@require_GET
@requires(VIEW)
def finding(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    found = open_finding(user, uuid, VIEW)
    lines = Lines(today, keeps=True)
    context = {
        **lines.of(found),
        "supervision": found.supervision,
        "supervisor": Supervisor(found.supervision.supervisor),
        "hook": _hook(found, user),
        "notes": notes_of_finding(found),
        "measures": [measure_line(each, today) for each in measures_of([found])],
        **_doable(found, user, lines),
    }
    return render(request, "reports/finding.html", context)


def _hook(found: Finding, user: User) -> dict[str, str]:
    """What it hangs on, with a link where the reader may follow it."""
    if found.task:
        href = reverse("reports:task", args=[found.task.uuid]) if can(user, Permission.KEEP_TASKS) else ""
        return {"label": "任务", "words": found.task.name, "href": href}
    if found.pack:
        name, code = row_name(found.pack, found.row_key, adopted_packs(found.supervision.area))
        href = reverse("reports:indicator", args=[code]) if code and can(user, Permission.VIEW_INDICATORS) else ""
        return {"label": "指标", "words": name, "href": href}
    return {}


def _doable(found: Finding, user: User, lines: Lines) -> dict[str, Any]:
    """The buttons: what the machine and the ladder allow, of what the person may."""
    answers = can(user, ANSWER) and findings_for(user, ANSWER).filter(pk=found.pk).exists()
    keeps = can(user, KEEP) and findings_for(user, KEEP).filter(pk=found.pk).exists()
    is_open, waits = found.state == FindingState.OPEN, found.state == FindingState.REPORTED
    steps = lines.steps(found) if keeps else ()
    return {
        "may_answer": answers and is_open,
        "may_decide": keeps and waits,
        "may_withdraw": keeps and is_open and not found.rung,
        "steps": [
            {"verb": f"登记{step.label}", "href": reverse("reports:measure_new", args=[found.uuid, step.value])}
            for step in steps
        ],
    }


@require_http_methods(["GET", "POST"])
@requires(ANSWER)
def finding_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """进展 or 报整改, on one form."""
    user = person(request)
    found = open_finding(user, uuid, ANSWER)
    still_open(request, FINDINGS, found.state, FindingState.REPORTED, back="reports:finding", of=uuid)
    form = RectificationForm(
        request.POST or None, request.FILES or None, initial={"on": f"{timezone.localdate():%Y-%m-%d}"}
    )

    def answer() -> str:
        said = form.cleaned_data
        put = Put(said["on"], said["words"], said["evidence"], said["file"])
        (report_right if said["done"] else note_rectification)(found, put=put, by=user)
        return "已报整改，等督导方确认。" if said["done"] else "进展已记下。"

    if carried_out(request, form, answer):
        return redirect("reports:finding", uuid=uuid)
    context = {"form": form, "finding": found}
    return render(request, "reports/finding_answer.html", context, status=400 if form.errors else 200)


@require_POST
@requires(KEEP)
def finding_accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = open_finding(person(request), uuid, KEEP)
    pressed(request, lambda: accept_right(found, by=person(request)), "已确认整改到位。")
    return redirect("reports:finding", uuid=uuid)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def finding_return(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = person(request)
    found = open_finding(user, uuid, KEEP)
    still_open(request, FINDINGS, found.state, FindingState.OPEN, back="reports:finding", of=uuid)
    form = SendBackForm(request.POST or None)

    def back() -> object:
        return send_back(found, because=form.cleaned_data["because"], due_on=form.cleaned_data["due_on"], by=user)

    if carried_out(request, form, back, "已退回，责任单位会看到理由。"):
        return redirect("reports:finding", uuid=uuid)
    context = {"form": form, "finding": found}
    return render(request, "reports/finding_return.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(KEEP)
def finding_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = person(request)
    found = open_finding(user, uuid, KEEP)
    still_open(request, FINDINGS, found.state, FindingState.WITHDRAWN, back="reports:finding", of=uuid)
    form = BecauseForm(request.POST or None)

    def withdraw() -> object:
        return withdraw_finding(found, because=form.cleaned_data["because"], by=user)

    if carried_out(request, form, withdraw, "问题已撤销。"):
        return redirect("reports:finding", uuid=uuid)
    context = {"form": form, "finding": found}
    return render(request, "reports/finding_withdraw.html", context, status=400 if form.errors else 200)


@require_GET
@requires(VIEW)
def finding_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Saved and opened by the reader's own program, never inside a page of ours; each download is noted."""
    user = person(request)
    file = open_finding_file(user, uuid)
    audit.record("reports.finding.file_downloaded", file.note.finding, by=user, facts={"sha256": file.sha256})
    name = f"finding-{file.note.on:%Y%m%d}.{file.form}"
    return HttpResponse(
        file.content,
        content_type=CONTENT_TYPES[file.form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )
