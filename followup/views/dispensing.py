"""Free dispensing: write a hand-out down, correct one, print a patient's list; strike a record of medication."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import requires
from accounts.terms import Permission, Purpose
from followup.doors import MEDICINE_GROUPS, access_done
from followup.forms.medicine import DispensingCorrectForm, DispensingForm, StrikeForm
from followup.models import Dispensing
from followup.queries.medicine_tab import dispensings_of
from followup.queries.medicines import offered
from followup.queries.prescriptions import running_lines
from followup.rules.supplies import collection_words
from followup.services.dispensing import correct_dispensing, dispense
from followup.services.striking import strike
from followup.views.medicine_page import form_page
from registry.doors import access_patient
from registry.models import Patient

P = Permission.RECORD_MEDICINE
KINDS = {"injection": "注射记录", "dispensing": "发药记录", "checkup": "检查记录"}


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispensing_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, P, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS)
    today = timezone.localdate()
    form = DispensingForm(request.POST or None, initial=_begin(person, request.user.display_name, today))

    def act() -> str:
        row = dispense(patient=person, facts=form.facts(), form_id=form.cleaned_data["form_id"], by=request.user)
        return f"已登记发药。{collection_words(row.next_on, today)}。"

    return form_page(
        request, patient=person, form=form, act=act, title="登记免费发药", verb="保存发药记录",
        drugs=offered(person.duty_county, today), lead="每种药登记一次，写清批号和谁领的。",
    )  # fmt: skip


def _begin(person: Patient, me: str, today: date) -> dict[str, Any]:
    """The last hand-out's drug and pack stand ready, or the first prescribed one; never amount, batch or receiver."""
    last = next((row for row in dispensings_of(person) if row.struck_at is None), None)
    begin: dict[str, Any] = {"form_id": uuid4(), "handed_on": today, "handed_by": me}
    if last is not None:
        return begin | {"name": last.name, "pack": last.pack, "days": last.days}
    lines = [drug for drug in running_lines(person) if not drug.every_weeks]
    return begin | ({"name": lines[0].name} if lines else {})


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispensing_correct(request: HttpRequest, dispensing: UUID) -> HttpResponse:
    row = access_done(request.user, "dispensing", dispensing, P, purpose=Purpose.FOLLOW_UP)
    assert isinstance(row, Dispensing)  # noqa: S101  (the door was asked for one)
    today = timezone.localdate()
    form = DispensingCorrectForm(request.POST or None, initial=_as_typed(row))

    def act() -> str:
        data = form.cleaned_data
        new = correct_dispensing(
            dispensing=row, facts=form.facts(), because=data["because"], form_id=data["form_id"], by=request.user
        )
        return f"已更正，原来的记录保留并注明作废。{collection_words(new.next_on, today)}。"

    return form_page(
        request, patient=row.patient, form=form, act=act, title="更正发药记录", verb="保存更正",
        drugs=offered(row.patient.duty_county, today), lead="原来的记录不会删除：注明作废和原因，按下面的内容另记一条。",
    )  # fmt: skip


def _as_typed(row: Dispensing) -> dict[str, Any]:
    words: Any = row.words or {}
    names = ("name", "handed_on", "pack", "batch", "days", "receiver", "handed_by")
    return {
        "form_id": uuid4(), "amount": f"{row.amount.normalize():f}", "receiver_name": words.get("name", ""),
        "receiver_relation": words.get("relation", ""), "note": words.get("note", ""),
        **{name: getattr(row, name) for name in names},
    }  # fmt: skip


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def dispensing_print(request: HttpRequest, patient: UUID) -> HttpResponse:
    """发放登记表 of one patient, oldest first, with room for the signature."""
    person = access_patient(
        request.user, patient, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS
    )
    rows = [row for row in reversed(dispensings_of(person)) if row.struck_at is None]
    shown = [(row, f"{row.amount.normalize():f} {row.get_pack_display()}", _receiver(row)) for row in rows]
    return render(request, "followup/dispensing_print.html", {"patient": person, "rows": shown})


def _receiver(row: Dispensing) -> str:
    words: Any = row.words or {}
    return "，".join(word for word in (row.get_receiver_display(), words.get("name"), words.get("relation")) if word)


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def medicine_strike(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponse:
    row = access_done(request.user, kind, uuid, P, purpose=Purpose.FOLLOW_UP)
    form = StrikeForm(request.POST or None)

    def act() -> str:
        strike(row, because=form.cleaned_data["because"], by=request.user)
        return "已作废，记录保留。"

    return form_page(
        request, patient=row.patient, form=form, act=act, template="followup/medicine_confirm.html",
        heading=f"作废{KINDS[kind]}", verb="作废", lead=f"{row}。记录不会删除，作废后不再计算。",
    )  # fmt: skip
