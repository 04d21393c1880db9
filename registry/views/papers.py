"""Paper forms 表1-1 to 表1-4, blank and filled: the lines come from the forms themselves, so that none is forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import requires
from accounts.terms import Permission
from registry.forms.clues import ClueForm, OutcomeForm, SurveyForm
from registry.models import Clue
from registry.rules.clues import OUTCOMES, QUESTIONS
from registry.views.clues import access_clue

LONGEST_LIST = 12  # longer lists of codes are written in words, not ticked
Options = list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Line:
    """One row of a sheet."""

    label: str
    options: Options = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Sheet:
    number: str  # 表1-2
    title: str
    lines: list[Line]
    foot: str = ""
    wide: bool = False  # the questions themselves need the room


def line_of(name: str, asked: forms.Field, value: Any) -> Line:
    """A field of a form as a row of paper; without a value the row waits for the pen."""
    label = str(asked.label or name)
    values = [str(one) for one in value] if isinstance(value, list | tuple) else [] if value is None else [str(value)]
    choices = [(str(code), str(words)) for code, words in getattr(asked, "choices", []) if code != ""]
    if not choices:
        return Line(label, text="、".join(values))
    if len(choices) > LONGEST_LIST:
        return Line(label, text="、".join(dict(choices).get(one, one) for one in values))
    ticked = isinstance(asked.widget, forms.RadioSelect)  # there the words begin with the code
    said = [(code, words.removeprefix(f"{code} ") if ticked else words) for code, words in choices]
    options = [
        ("" if words.startswith(code) else code, words, code in values) for code, words in said
    ]  # “0 级” says it itself
    return Line(label, options, [one for one in values if len(one) <= 2])


def lines_of(asked: Mapping[str, forms.Field], values: Mapping[str, Any], leave: Iterable[str] = ()) -> list[Line]:
    left = {"form_id", "version", *leave}
    return [line_of(name, one, values.get(name)) for name, one in asked.items() if name not in left]


def checklist(items: Iterable[int] | None) -> Sheet:
    """表1-1: with None nothing is answered yet."""
    ticked = None if items is None else set(items)
    lines = [
        Line(f"{number} {words}", [
            ("有", "有", ticked is not None and number in ticked),
            ("没有", "没有", ticked is not None and number not in ticked),
        ])
        for number, words in QUESTIONS.items()
    ]  # fmt: skip
    return Sheet("表1-1", "精神行为异常识别清单", lines, "有一项为“有”，建议到精神科诊断，并填写表1-2。", wide=True)


def survey_sheet(clue: Clue | None) -> Sheet:
    """表1-2. The state stands for the result."""
    told, learned = (clue.report, clue.survey) if clue else ({}, {})
    home = f"{clue.township.name}{clue.village.usual_name if clue.village else ''}" if clue else ""
    result = {"state": clue.state} if clue else {}
    report = ClueForm(places=[]).fields
    survey = {name: one for name, one in SurveyForm().fields.items() if not name.startswith("q")}
    outcome = OutcomeForm(ways=list(OUTCOMES)).fields
    own = [Line("住址（乡镇、村）", text=home)]
    lines = lines_of(report, {**told, "source": clue.source if clue else None,
                              "found_on": clue.found_on if clue else None}, ["place", *(f"q{n}" for n in QUESTIONS)])  # fmt: skip
    lines[:0] = own
    items = "、".join(str(item) for item in clue.items) if clue else ""
    lines.append(Line("符合清单条目号", text=items))
    lines += lines_of(survey, {**learned, "on": clue.visited_on if clue else None})
    lines += lines_of(outcome, {**learned, **result, "on": learned.get("result_on"),
                                "again_on": clue.again_on if clue else None})  # fmt: skip
    lines.append(Line("是否建档", [("1", "是", bool(clue and clue.patient_id)), ("0", "否", False)]))
    return Sheet("表1-2", "严重精神障碍线索调查登记表", lines)


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_safe
def clue_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    clue = access_clue(request, uuid)
    sheets = [checklist(clue.items if clue.forgotten_at is None else None), survey_sheet(clue)]
    return render(request, "registry/paper.html", {"sheets": sheets, "back": "registry:clue", "uuid": clue.uuid})
