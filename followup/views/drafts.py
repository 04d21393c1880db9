"""The draft of the visit form: kept by the page itself every few seconds, restored when the form is opened again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.doors import requires
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import Permission, Purpose
from followup.doors import patient_of_form
from followup.forms.drafts import PageForm, answers_of
from followup.models import Draft, Visit
from followup.queries.caution import home_facts
from followup.queries.drafts import begun_by_others, own_draft
from followup.rules.caution import caution
from followup.services.drafts import drop_draft, keep_draft
from followup.terms import Source
from followup.views.words import clock, moment
from registry.doors import access_patient
from registry.models import Patient


@requires(Permission.RECORD_VISIT)
@require_POST
def draft_keep(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Keep what stands in the form and say when. Nothing of the file is shown."""
    found, _root = patient_of_form(request.user, patient, "")
    page = PageForm(request.POST)
    if not page.is_valid():
        return JsonResponse({"state": "refused", "words": "这一页不完整，没有暂存。请重新打开随访表。"}, status=400)
    try:
        kept = keep_draft(patient=found, page=page.page(), answers=answers_of(request.POST), by=request.user)
    except (Denied, NotHere):
        raise
    except Refused as refusal:
        return JsonResponse({"state": refusal.code, "words": refusal.message}, status=refusal.status)
    return JsonResponse({"state": "kept", "version": kept.version, "words": f"已暂存 {clock(kept.at)}"})


@requires(Permission.RECORD_VISIT)
@require_POST
def draft_drop(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Give the draft up and begin with a new form."""
    found = access_patient(request.user, patient, Permission.RECORD_VISIT, purpose=Purpose.FOLLOW_UP)
    if drop_draft(patient=found, by=request.user):
        messages.success(request, "草稿已清除，可以重新填写。")
    return redirect("followup:visit_new", patient=found.uuid)


TYPED = (Source.FORM, Source.API)  # not what an import brought in


@dataclass(frozen=True)
class Notice:
    text: str
    tone: str = "info"
    drop: bool = False  # offers to give the draft up


def held(request: HttpRequest, patient: Patient) -> Draft | None:
    """The person's own draft, where the page has not been sent yet."""
    return own_draft(patient, request.user, timezone.now()) if request.method != "POST" else None


def context(request: HttpRequest, patient: Patient, draft: Draft | None, last: Visit | None) -> dict[str, Any]:
    """What the page needs to keep its draft, and what it says of drafts and of what is already saved."""
    sent = request.POST
    return {
        "draft_tab": sent.get("draft_tab", "") or uuid4(),
        "draft_version": sent.get("draft_version", "") or (draft.version if draft else 0),
        "draft_words": f"已暂存 {moment(draft.saved_at)}" if draft else "",
        "notices": [] if request.method == "POST" else _notices(request, patient, draft, last),
    }


def _notices(request: HttpRequest, patient: Patient, draft: Draft | None, last: Visit | None) -> list[Notice]:
    found, today = [], timezone.localdate()
    warned = caution(home_facts(patient, today), today=today)
    if warned is not None:
        found.append(Notice(f"上门前请注意：{'；'.join(warned.reasons)}。{warned.advice}", "caution"))
    if draft is not None:
        text = f"已恢复您 {moment(draft.saved_at)} 暂存的内容，还没有保存。请接着填，或者清除草稿重新填。"
        found.append(Notice(text, drop=True))
    for name, since in begun_by_others(patient, request.user, timezone.now()):
        text = f"{name} 从 {moment(since)} 起也在填这位患者的随访。各填各的，互相看不到；请先商量由谁保存，以免记两次。"
        found.append(Notice(text, "caution"))
    since = draft.started_at if draft else _morning()
    if last is not None and last.source in TYPED and last.root.entered_at >= since:
        who = "您" if last.entered_by_id == request.user.pk else last.entered_by.display_name
        text = (
            f"{who} {moment(last.root.entered_at)} 已经保存过这位患者 {last.visited_on:%m-%d} 的随访。"
            "要改内容，请打开那次随访点“更正”；再保存同一天的，会先问是否另记一条。"
        )
        found.append(Notice(text, "caution"))
    return found


def _morning() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
