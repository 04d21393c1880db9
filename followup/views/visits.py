"""A new record, its live summary, its correction, and one record to read or print."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Permission, Purpose
from followup.doors import GROUPS, access_visit, patient_of_form
from followup.forms.drafts import as_data
from followup.forms.visit import VisitEntry, initial_of
from followup.models import Draft, Visit
from followup.queries import worklist
from followup.queries.prescriptions import carried, running_lines
from followup.queries.visits import guardian_of, last_complete
from followup.rules.carry import CARRIED
from followup.rules.checks import Setting, remarks
from followup.rules.facts import VisitFacts
from followup.rules.policy import CarePolicy
from followup.services.corrections import VisitConflict, choice_of, correct_visit
from followup.services.refusals import VisitRefused
from followup.services.visits import Recorded, care_policy, record_visit
from followup.views import drafts, repeats
from followup.views.form_page import conflict_rows, form_context, head
from followup.views.summary import Judging, saved_words, summary
from registry.doors import access_patient, patients_for
from registry.models import Patient
from registry.models.patient import PatientQuerySet


def _setting(patient: Patient, today: date) -> Setting:
    return Setting(today, patient.birth_on, patient.closed_on)


@requires(Permission.RECORD_VISIT, form=True)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """表1-8 for a patient: carried answers marked, the risk asked anew; one's own draft comes back as it was."""
    found = access_patient(request.user, patient, Permission.RECORD_VISIT, purpose=Purpose.FOLLOW_UP, groups=GROUPS)
    today = timezone.localdate()
    policy = care_policy(found.duty_county, today)
    last = last_complete(found)
    known = carried(VisitFacts.of(last) if last else None, running_lines(found))
    draft = drafts.held(request, found)
    form = _entry(request, draft, known, setting=_setting(found, today), policy=policy)
    repeat = None
    if request.method == "POST" and form.is_valid() and not (repeat := repeats.asked(request, found, form, last)):
        try:
            saved = record_visit(
                patient=found,
                facts=form.facts(),
                choice=form.choice(),
                form_id=form.cleaned_data["form_id"],
                by=request.user,
                policy=policy,
                basis_from=policy.alert_from_level,
            )
        except VisitRefused as refusal:
            form.refuse(refusal.problems)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _saved(request, found, saved, policy)
    about = Judging.of(found, policy, today, request.user)
    following = _next(request, found, today)
    if following:  # the button names whoever comes next: that is a look too
        saw([following[0]], [FieldGroup.IDENTITY], Purpose.FOLLOW_UP)
    context = form_context(form, known, about)
    context |= (
        head(found, last, today)
        | drafts.context(request, found, draft, last)
        | {
            "guardian": guardian_of(found),
            "can_phone": can(request.user, Permission.REVEAL_IDENTITY, found),
            "next": following,
            "reader": request.user.uuid,
            "repeat": repeat,
            "answered": repeats.answered(request),
        }
    )
    context |= {"judge_url": reverse("followup:visit_judge", args=[found.uuid])}
    status = 409 if repeat else 400 if request.method == "POST" and form.errors else 200
    return render(request, "followup/visit_form.html", context, status=status)


def _entry(request: HttpRequest, draft: Draft | None, last: VisitFacts | None, **about: Any) -> VisitEntry:
    """The form as it was sent, as the draft left it, or with what the last record hands on."""
    if draft is not None:
        return VisitEntry(as_data(draft.content, draft.form_id), judging=True, **about)
    return VisitEntry(request.POST or None, initial=_initial(last, request, timezone.localdate()), **about)


def _initial(last: VisitFacts | None, request: HttpRequest, today: date) -> dict[str, Any]:
    values: dict[str, Any] = {"guidance_same": True}
    if last is not None:
        known = initial_of(last)
        values |= {name: known[name] for name in (*CARRIED, "guidance_same")}
    return values | {
        "form_id": uuid4(),
        "visited_on": today,
        "doctor_name": request.user.display_name,
    }


def _list(request: HttpRequest, today: date) -> PatientQuerySet | None:
    """Today's list as far as one records on it."""
    if not can(request.user, Permission.VIEW_WORKLIST):
        return None
    reached = patients_for(request.user, Permission.RECORD_VISIT)
    return worklist.due(reached, today, worklist.days_ahead(request.user, today))


def _next(request: HttpRequest, patient: Patient, today: date) -> tuple[UUID, str] | None:
    """Who follows on today's list."""
    found = _list(request, today)
    following = worklist.next_after(found, patient, today) if found is not None else None
    return (following.uuid, following.name) if following else None


def _saved(request: HttpRequest, patient: Patient, saved: Recorded, policy: CarePolicy) -> HttpResponse:
    text = saved_words(patient, saved, policy, timezone.localdate())
    messages.success(request, text if saved.created else f"这张表之前已经保存过，没有重复记录。{text}")
    wanted = request.POST.get("then", "")
    if not wanted:
        return redirect("followup:visit", visit=saved.visit.root.uuid)
    following = _promised(request, patient, wanted) or _next(request, patient, timezone.localdate())
    if following:
        return redirect("followup:visit_new", patient=following[0])
    messages.info(request, "今天的随访都做完了。")
    return redirect("followup:worklist")


def _promised(request: HttpRequest, patient: Patient, wanted: str) -> tuple[UUID, str] | None:
    """The person whom the button named, while still on the list."""
    try:
        uuid = UUID(wanted)
    except ValueError:
        return None
    found = _list(request, timezone.localdate())
    if found is None or uuid == patient.uuid or not found.filter(uuid=uuid).exists():
        return None
    return uuid, ""


@requires(Permission.RECORD_VISIT)
@require_POST
def visit_judge(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The live summary: the server's verdict on what stands in the form. Writes nothing, shows nothing of the file."""
    found, root = patient_of_form(request.user, patient, request.POST.get("root", ""))
    today = timezone.localdate()
    policy = care_policy(found.duty_county, today)
    form = VisitEntry(request.POST, setting=_setting(found, today), policy=policy, judging=True)
    form.is_valid()
    about = Judging.of(found, policy, today, request.user, but_root=root)
    return render(request, "followup/_visit_verdict.html", {"sum": summary(form, about), "form": form})


@requires(Permission.CORRECT_VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_correct(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The same form over a stored record. A second person who saves meets both texts (409)."""
    found = access_visit(request.user, visit, Permission.CORRECT_VISIT, purpose=Purpose.FOLLOW_UP)
    today = timezone.localdate()
    policy = care_policy(found.patient.duty_county, today)
    form = VisitEntry(
        request.POST or None, setting=_setting(found.patient, today), policy=policy, initial=_stored(found)
    )
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = correct_visit(
                root=found.root,
                version=form.cleaned_data.get("version") or 0,
                facts=form.facts(),
                choice=form.choice(),
                by=request.user,
                basis_from=policy.alert_from_level,
            )
        except VisitConflict as refusal:
            conflict = refusal
        except VisitRefused as refusal:
            form.refuse(refusal.problems)
        else:
            words = "已保存更正，原来的内容仍可查看。" if saved.created else "内容没有变化，没有新增版本。"
            messages.success(request, words)
            return redirect("followup:visit", visit=found.root.uuid)
    about = Judging.of(found.patient, policy, today, request.user, but_root=found.root_id)
    context = form_context(form, None, about, stored=found) | head(found.patient, found, today)
    context |= {
        "visit": found,
        "root": found.root.uuid,
        "judge_url": reverse("followup:visit_judge", args=[found.patient.uuid]),
        "was_odd": bool(remarks(VisitFacts.of(found))),  # its levels were confirmed when it was saved
    }
    if conflict is not None:
        context |= {"conflict": conflict_rows(conflict, form), "version": conflict.current.version,
                    "other": conflict.current.entered_by.display_name}  # fmt: skip
    status = 409 if conflict else 400 if form.errors else 200
    return render(request, "followup/visit_correct.html", context, status=status)


def _stored(visit: Visit) -> dict[str, Any]:
    choice = choice_of(visit)
    return initial_of(VisitFacts.of(visit)) | {
        "form_id": uuid4(),
        "version": visit.version,
        "stability": choice.stability,
        "next_due_on": choice.next_due_on,
        "deviation_reason": choice.deviation_reason,
    }
