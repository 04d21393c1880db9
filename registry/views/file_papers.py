"""The four forms of a file: what lacks, the consent record, the two sheets, and the list of files that lack some."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.doors import requires
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient, patients_for
from registry.forms.papers import ConsentForm, SheetAnswersForm, initial_of
from registry.queries.consents import consents_of, text_on
from registry.queries.head import patient_head, with_papers
from registry.queries.papers import lacking_list, papers_of
from registry.queries.scans import scans_of
from registry.queries.sheets import sheet_of
from registry.rules.papers import PAPER_NAMES, PaperKind
from registry.rules.sheets import QUESTIONS
from registry.services.consents import sign_consent
from registry.services.sheets import fill_sheet
from registry.terms import SheetForm
from registry.views.file_paper_words import consent_lines, lacking_rows, paper_lines
from registry.views.who import me

GROUPS = (FieldGroup.CONSENT, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN)
PAGE = 50


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_safe
def patient_papers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER)
    today = timezone.localdate()
    head = patient_head(person, me(request), today)
    saw([person.uuid], GROUPS, Purpose.REGISTER)
    states = papers_of(person, today)
    facts = {
        "head": with_papers(head, states),
        "tab": "papers",
        "papers": paper_lines(person.uuid, states),
        "consents": consent_lines(consents_of(person)),
        "scans": scans_of(person) if head.rights.reveal else [],
    }
    return render(request, "registry/patient_papers.html", facts)


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER, groups=GROUPS)
    today = timezone.localdate()
    form = ConsentForm(request.POST or None, request.FILES or None, initial=_signing(request, today))
    if request.method == "POST" and form.is_valid():
        said = {name: value or "" for name, value in form.cleaned_data.items() if name not in ("on", "scan")}
        try:
            sign_consent(
                patient=person, on=form.cleaned_data["on"], by=me(request), upload=form.cleaned_data["scan"], **said
            )
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "已记入知情同意。从这一天起按它安排服务，以前的记录都保留。")
            return redirect("registry:patient_papers", person.uuid)
    text = text_on(person.duty_county, today)
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "text": text}
    return render(request, "registry/consent_new.html", facts, status=400 if form.errors else 200)


def _signing(request: HttpRequest, today: Any) -> dict[str, str]:
    return {"on": today.isoformat(), "doctor": me(request).display_name}


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_edit(request: HttpRequest, uuid: UUID, sheet: str) -> HttpResponse:
    if sheet not in QUESTIONS:
        raise Http404
    person = access_patient(
        me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER, groups=[FieldGroup.CLINICAL]
    )
    known = sheet_of(person, sheet, timezone.localdate())
    begin = {"on": timezone.localdate().isoformat(), **initial_of(sheet, known.answers if known else {})}
    form = SheetAnswersForm(request.POST or None, sheet=sheet, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            row = fill_sheet(
                patient=person, form=sheet, on=form.cleaned_data["on"], answers=form.answers(), by=me(request)
            )
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            rest = f"还有 {len(row.open_keys)} 项没有填，可以以后补。" if row.open_keys else "必填项都有了。"
            messages.success(request, f"已保存。{rest}")
            return redirect("registry:patient_papers", person.uuid)
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "title": SheetForm(sheet).label}
    return render(request, "registry/sheet_edit.html", facts, status=400 if form.errors else 200)


@requires(Permission.VIEW_PATIENT)
@require_safe
def lacking(request: HttpRequest) -> HttpResponse:
    """Who lacks which form, counted by township; every count opens into its people."""
    today = timezone.localdate()
    kind = request.GET.get("paper", "")
    place = request.GET.get("place", "")
    kind = kind if kind in tuple(PaperKind) else ""
    found = lacking_list(patients_for(me(request)), today, kind=kind, place=place)
    place = place if place in {town.code for town in found.towns} else ""
    page = Paginator(found.people, PAGE).get_page(request.GET.get("page"))
    saw((patient.uuid for patient, _states in page.object_list), (FieldGroup.IDENTITY,), Purpose.LIST)
    facts = {
        "page": page,
        "rows": lacking_rows(page.object_list),
        "towns": found.towns,
        "kinds": [(k.value, PAPER_NAMES[k]) for k in PaperKind],
        "kind": kind,
        "kind_name": PAPER_NAMES[PaperKind(kind)] if kind else "",
        "place": place,
        "place_name": next((town.name for town in found.towns if town.code == place), ""),
    }
    return render(request, "registry/papers_lacking.html", facts)
