"""Printing the three forms that are signed or filled in on paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import can, requires, where
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.models import Consent, EconomicStatus, Patient
from registry.queries.consents import text_on, text_version
from registry.queries.person import newest
from registry.queries.sheets import sheet_of
from registry.queries.teams import towns_in
from registry.rules.papers import PAPER_NAMES, PAPER_NUMBERS, PaperKind
from registry.views.cards import number_of
from registry.views.printed import basics_rows, consent_rows, sheet_rows, supplement_rows
from registry.views.who import me

GROUPS = (FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.CLINICAL, FieldGroup.CONSENT)


def _kind(sheet: str) -> PaperKind:
    known = [kind for kind in PAPER_NUMBERS if kind == sheet]
    if not known:
        raise Http404
    return known[0]


def _page(request: HttpRequest, kind: PaperKind, facts: dict[str, Any]) -> HttpResponse:
    name, number = PAPER_NAMES[kind], PAPER_NUMBERS[kind]
    title = f"严重精神障碍患者社区管理治疗服务{name}" if kind == PaperKind.CONSENT else name
    return render(request, "registry/paper_print.html", {"title": title, "form_number": number, **facts})


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_safe
def paper_print(request: HttpRequest, uuid: UUID, sheet: str) -> HttpResponse:
    kind = _kind(sheet)
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER, groups=GROUPS)
    facts = {"uuid": person.uuid, "name": person.name, "number": number_of(person)}
    return _page(request, kind, facts | _filled(person, kind, can(me(request), Permission.VIEW_ASSISTANCE, person)))


def _filled(person: Patient, kind: PaperKind, assistance: bool) -> dict[str, Any]:
    today = timezone.localdate()
    if kind == PaperKind.CONSENT:
        row = newest(Consent, [person.pk]).get(person.pk)
        text = text_version(person.duty_county, row.text_version) if row and row.text_version else None
        shown = text or text_on(person.duty_county, row.starts_on if row else today)
        return {"text": shown.body, "version": shown.version, "rows": consent_rows(row)}
    kept = sheet_of(person, kind, today)
    answers: dict[str, Any] = kept.answers if kept else {}  # type: ignore[assignment]
    economy = newest(EconomicStatus, [person.pk]).get(person.pk)
    own = (
        basics_rows(person)
        if kind == PaperKind.BASICS
        else supplement_rows(person, economy.poor if economy and assistance else None)
    )
    return {
        "rows": [*own, *sheet_rows(kind, answers)],
        "filled_on": kept.starts_on.isoformat() if kept else "",
        "filled_by": kept.filled_by.display_name if kept else "",
    }


@requires(Permission.VIEW_PATIENT)
@require_safe
def sheet_blank(request: HttpRequest, sheet: str) -> HttpResponse:
    """The same paper for the pen."""
    kind = _kind(sheet)
    if kind == PaperKind.CONSENT:
        towns = towns_in(where(me(request), Permission.VIEW_PATIENT))
        text = text_on(towns[0].parent_id or 0 if towns else 0, timezone.localdate())
        return _page(request, kind, {"text": text.body, "version": text.version, "rows": consent_rows(None)})
    own = basics_rows(None) if kind == PaperKind.BASICS else supplement_rows(None)
    return _page(request, kind, {"rows": [*own, *sheet_rows(kind, {})]})
