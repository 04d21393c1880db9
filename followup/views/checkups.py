"""Laboratory and yearly examination: write results down; who is due, per township."""

from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.doors import can, requires
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission, Purpose
from followup.doors import MEDICINE_GROUPS
from followup.forms.checkup import CheckupForm
from followup.queries import exams
from followup.rules.checkups import still_missing
from followup.services.checkups import record_checkup
from followup.terms import CheckupKind, CheckupOutcome, ExamState
from followup.views.medicine_page import form_page
from registry.doors import access_patient, patients_for

P = Permission.RECORD_MEDICINE
PAGE = 50
SHOWS = {
    "wanted": ("待体检", exams.WANTED),
    "excused": ("今年不能体检", (ExamState.EXCUSED,)),
    "not_asked": ("未同意参加管理", (ExamState.NOT_ASKED,)),
    "done": ("今年已体检", (ExamState.DONE,)),
}
LEADS = {
    CheckupKind.LAB: "只填做了的项目。系统只核对数字是否可能，不判断是否正常。",
    CheckupKind.YEARLY: "每年至少一次，征得监护人或本人同意。只填做了的项目；不能体检的写明原因，今年就不再提醒。",
}


@requires(P)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkup_new(request: HttpRequest, patient: UUID, checkup: str) -> HttpResponse:
    person = access_patient(request.user, patient, P, purpose=Purpose.FOLLOW_UP, groups=MEDICINE_GROUPS)
    kind = checkup
    if kind not in CheckupKind.values:
        raise NotHere
    label = str(CheckupKind(kind).label)
    begin = {"form_id": uuid4(), "checked_on": timezone.localdate(), "outcome": CheckupOutcome.DONE}
    form = CheckupForm(request.POST or None, initial=begin, kind=kind)

    def act() -> str:
        facts = form.facts()
        record_checkup(patient=person, facts=facts, form_id=form.cleaned_data["form_id"], by=request.user)
        lacks = "、".join(still_missing(facts))
        return f"已登记{label}。{f'规范要求的项目还缺：{lacks}。' if lacks else ''}"

    return form_page(
        request,
        patient=person,
        form=form,
        act=act,
        title=f"登记{label}",
        verb="保存结果",
        lead=LEADS[CheckupKind(kind)],
    )


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def exam_list(request: HttpRequest) -> HttpResponse:
    """年度健康体检: each township's numbers, the people below, those who have waited longest first."""
    today = timezone.localdate()
    rows = exams.people(patients_for(request.user, Permission.VIEW_VISIT), today)
    tallies = exams.tallies(rows)
    asked = request.GET.get("township", "")
    township = next((tally for tally in tallies if str(tally.key) == asked), None)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else "wanted"
    wanted = [row for row in rows if row.state in SHOWS[show][1] and (township is None or row.township == township.key)]
    page: Any = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    saw([row.uuid for row in page], (FieldGroup.IDENTITY, FieldGroup.CLINICAL), Purpose.LIST)
    context = {
        "year": today.year,
        "tallies": tallies,
        "township": township,
        "show": show,
        "shows": [(key, label, key == show) for key, (label, _states) in SHOWS.items()],
        "page": page,
        "rows": [(row, row.state == ExamState.LATE) for row in page],
        "may": can(request.user, P),
    }
    return render(request, "followup/exam_list.html", context)
