"""The hospital's sheets 表1-3 and 表1-4, filled; and every sheet of this room without a person, for the pen."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import can, requires
from accounts.refusals import NotHere
from accounts.terms import Permission
from registry.forms.hospital import DRUG_ROWS, CardForm, DischargeForm, HospitalForm
from registry.models import ReportCard
from registry.models.card import AnyPaper
from registry.views.discharges import access_discharge
from registry.views.drawn_papers import DRAWN, PAPERS, drawn_sheet
from registry.views.paper_words import form_of
from registry.views.papers import Line, Sheet, checklist, lines_of, survey_sheet
from registry.views.report_cards import access_card
from registry.views.who import me

TITLES = {"1-3": "严重精神障碍患者报告卡", "1-4": "严重精神障碍患者出院信息单"}
DRUGS = {"用药": "drug", "出院用药指导": "advice"}
PARTS = {
    "name": "药名 ", "spec": "规格 ", "unit": "单位 ", "morning": "早 ", "noon": "中 ", "night": "晚 ",
    "every": "长效每几周一次 ", "dose": "每次剂量 ",
}  # fmt: skip
BLANKS = "______"
FOOT = "填写后由责任报告单位录入；没有网络条件的送县级精防机构。"


def drug_lines(title: str, prefix: str, said: Mapping[str, Any]) -> list[Line]:
    """A drug a row, as on the paper; without one the row waits for the pen."""
    found = []
    for n in range(1, DRUG_ROWS + 1):
        parts = []
        for part, words in PARTS.items():
            value = said.get(f"{prefix}{n}_{part}") or ""
            parts.append(f"{words}{value or BLANKS}")
        is_long = said.get(f"{prefix}{n}_long") == "1"
        found.append(Line(f"{title} {n}{'（长效）' if is_long else ''}", text="，".join(parts)))
    return found


def hospital_sheet(form: HospitalForm, number: str, paper: AnyPaper | None) -> Sheet:
    """The form's sections one after the other, as the paper has them."""
    said = form.shown(paper.said) if paper else {}
    lines = [
        Line("报告单位", text=paper.hospital.name if paper else ""),
        Line("卡片编号" if number == "1-3" else "编号", text=paper.number if paper else ""),
        Line("报告地区", text=f"{paper.county.name}{paper.township.name if paper.township else ''}" if paper else ""),
    ]
    for title, fields in form.sections():
        if title in DRUGS:
            lines += drug_lines(title, DRUGS[title], said)
        else:
            lines += lines_of({field.name: field.field for field in fields}, said, ["residence_code", "unit"])
    return Sheet(f"表{number}", TITLES[number], lines, FOOT if number == "1-3" else "")


@requires(Permission.VIEW_CARD)
@never_cache
@require_safe
def card_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _printed(request, access_card(request, uuid, Permission.VIEW_CARD))


@requires(Permission.VIEW_CARD)
@never_cache
@require_safe
def discharge_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _printed(request, access_discharge(request, uuid, Permission.VIEW_CARD))


def _printed(request: HttpRequest, paper: AnyPaper) -> HttpResponse:
    is_card = isinstance(paper, ReportCard)
    sheet = hospital_sheet(form_of(paper), "1-3" if is_card else "1-4", paper)
    back = "registry:card" if is_card else "registry:discharge"
    return render(request, "registry/paper.html", {"sheets": [sheet], "back": back, "uuid": paper.uuid})


FIGURES = ("1-13", "1-14")  # filled from the figures, by the floor above
BLANK: dict[str, Callable[[], Sheet]] = {
    "1-1": lambda: checklist(None),
    "1-2": lambda: survey_sheet(None),
    "1-3": lambda: hospital_sheet(CardForm(places=[]), "1-3", None),
    "1-4": lambda: hospital_sheet(DischargeForm(places=[]), "1-4", None),
    **{number: partial(drawn_sheet, number) for number in DRAWN},
}


@requires(Permission.SEE_OWN_PAGE)
@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    """表1-1 to 表1-14: which can be printed blank, and where the filled ones are."""
    rows = [(number, title, where, number in BLANK, number in FIGURES) for number, (title, where) in PAPERS.items()]
    fills = can(me(request), Permission.EDIT_PATIENT)
    return render(request, "registry/paper_list.html", {"rows": rows, "fills": fills})


@requires(Permission.SEE_OWN_PAGE)
@require_safe
def paper_blank(request: HttpRequest, paper: str) -> HttpResponse:
    """A sheet for the pen; nobody's data is in it."""
    if paper not in BLANK:
        raise NotHere
    return render(request, "registry/paper.html", {"sheets": [BLANK[paper]()], "is_blank": True})
