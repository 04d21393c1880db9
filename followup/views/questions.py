"""The questions of the form as the page shows them: answers, what was answered last time, and what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from followup.forms.drugs import PREFIX, LineKey, drug_values, shown_lines
from followup.forms.questions import DANGER_LABELS, PANELS, Panel, Question
from followup.forms.visit import ASKED, VisitEntry
from followup.rules.carry import CARRIED
from followup.rules.facts import VisitFacts
from followup.terms import Contact

CLINIC_KEYS = {"10": "0", "11": "-", "12": "="}  # the keys of the answers beyond nine


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Line:
    """A text, day or count of its own inside a question."""

    name: str
    label: str
    value: str
    errors: tuple[str, ...] = ()
    last: str = ""  # what was carried forward


@dataclass(frozen=True)
class Shown:
    name: str
    label: str
    kind: str
    hint: str
    ours: bool
    options: tuple[Option, ...] = ()
    value: str = ""
    lines: tuple[Line, ...] = ()
    errors: tuple[str, ...] = ()
    state: str = "is-today"
    was: str = ""
    last: str | None = None  # codes answered last time, for the script's marks
    when: str = ""  # the answer of the question above that brings this one
    follow: tuple["Shown", ...] = field(default=())

    @property
    def is_multi(self) -> bool:
        return self.kind == "many"

    @property
    def control(self) -> str:
        return "checkbox" if self.kind in ("many", "tick") else "radio"


@dataclass(frozen=True)
class ShownPanel:
    number: int
    title: str
    hint: str
    questions: tuple[Shown, ...]
    folded: tuple[Shown, ...] = ()
    fold_open: bool = False


FOLDED = ("lost_reason", "lost_text", "died_on", "death_cause")


def panels(form: VisitEntry, last: VisitFacts | None, hints: dict[int, str]) -> list[ShownPanel]:
    return [_panel(panel, form, last, hints.get(panel.number, "")) for panel in PANELS]


def _panel(panel: Panel, form: VisitEntry, last: VisitFacts | None, hint: str) -> ShownPanel:
    top = [q for q in panel.questions if not q.when[0] and q.kind != "drugs"]
    shown = [_shown(q, panel, form, last) for q in top]
    folded = tuple(q for q in shown if q.name in FOLDED)
    opened = any(q.errors or q.value or any(o.checked for o in q.options) for q in folded)
    return ShownPanel(
        panel.number, panel.title, hint, tuple(q for q in shown if q.name not in FOLDED), folded, bool(opened)
    )


def _shown(question: Question, panel: Panel, form: VisitEntry, last: VisitFacts | None) -> Shown:
    follow = tuple(_shown(q, panel, form, last) for q in panel.questions if q.when[0] == question.name)
    common: dict[str, Any] = {
        "name": question.name,
        "label": question.label,
        "kind": question.kind,
        "hint": question.hint,
        "ours": question.ours,
        "when": question.when[1],
        "follow": follow,
    }
    if question.kind == "counts":
        return Shown(**common, lines=_counts(form))
    bound = form[question.name]
    values = _values(bound.value())
    common["errors"] = tuple(bound.errors)
    if question.kind == "tick":
        checked = bound.value() in (True, "on", "1", "True", "true")
        common["options"] = (Option("1", "是", checked),)
        values = ("1",) if checked else ()
    elif question.codes is not None:
        common["options"] = tuple(
            Option(str(code), str(label), str(code) in values) for code, label in question.codes.choices
        )
    else:
        common["value"] = values[0] if values else ""
    state, was, codes = _mark(question, values, last)
    return Shown(**common, state=state, was=was, last=codes)


def _values(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(v) for v in value)
    return (str(value),)


def _mark(question: Question, values: tuple[str, ...], last: VisitFacts | None) -> tuple[str, str, str | None]:
    """上次 / 已改 / 未填. A question that is never carried is simply today's."""
    if question.kind == "text":
        return _mark_text(question, values, last)
    if last is None or question.name not in CARRIED:
        unanswered = question.name in ASKED and not values
        return ("is-missing" if unanswered else "is-today"), "", None
    before = _values(getattr(last, question.name))
    if question.kind == "tick":
        before = ("1",) if getattr(last, question.name) else ()
    if not before and question.kind == "one":
        return ("is-today" if values else "is-missing"), "", None
    if before == values:
        return "is-carried", "", ",".join(before)
    return "is-changed", words_of(question, before), ",".join(before)


def _mark_text(question: Question, values: tuple[str, ...], last: VisitFacts | None) -> tuple[str, str, str | None]:
    before = str(getattr(last, question.name) or "") if last is not None and question.name in CARRIED else ""
    if not before:
        return "is-today", "", None
    return ("is-carried" if values == (before,) else "is-changed"), before, before


def words_of(question: Question, codes: tuple[str, ...]) -> str:
    labels = {str(code): str(label) for code, label in question.codes.choices} if question.codes else {"1": "是"}
    return "、".join(labels.get(code, code) for code in codes) or "无"


def _counts(form: VisitEntry) -> tuple[Line, ...]:
    return tuple(
        Line(name, label, str(form[name].value() or 0), tuple(form[name].errors))
        for name, label in DANGER_LABELS.items()
    )


@dataclass(frozen=True)
class DrugLine:
    label: str
    long: bool
    name: Line
    doses: tuple[Line, ...]
    carried: bool
    changed: bool
    was: str


def drug_lines(form: VisitEntry, field: str, last: VisitFacts | None) -> list[DrugLine]:
    """The paper's lines as typed, carried or empty."""
    prefix = PREFIX[field]
    before = drug_values(prefix, getattr(last, field)) if last else {}
    values = form[field].value() or {}
    return [_drug_line(line, values, before) for line in shown_lines(prefix, values)]


def _drug_line(line: LineKey, values: dict[str, str], before: dict[str, str]) -> DrugLine:
    names = [f"{line.key}_{part}" for part in ("name", *line.parts)]
    held = [
        Line(name, label, values.get(name, ""), last=before.get(name, ""))
        for name, label in zip(names, (line.label, *line.parts.values()), strict=True)
    ]
    was = " ".join(one.last for one in held if one.last)
    same = all(one.value == one.last for one in held)
    return DrugLine(line.label, line.is_long, held[0], tuple(held[1:]), bool(was) and same, bool(was) and not same, was)


def answered(facts: VisitFacts) -> Iterator[tuple[str, str, str]]:
    """(name, label, words) of every answered question of the paper, in its order: for the view and the print."""
    for panel in PANELS:
        for question in panel.questions:
            if question.kind == "counts":
                said = [f"{label} {n} 次" for name, label in DANGER_LABELS.items() if (n := getattr(facts, name))]
                yield question.name, question.label, "，".join(said) or "无"
            elif words := said_of(question, facts):
                yield question.name, question.label, words


def said_of(question: Question, facts: VisitFacts) -> str:
    value = getattr(facts, question.name)
    if question.kind == "drugs":
        return "；".join(drug.words for drug in value)
    if question.kind == "tick":
        return "是" if value else ""
    if question.kind == "levels":
        return "" if value is None else f"{value} 级：{words_of(question, (str(value),))}"
    if question.codes is not None:
        values = _values(value)
        return words_of(question, values) if values else ""
    return str(value or "")


def contact_words(facts: VisitFacts) -> str:
    """家庭访视，见到本人"""
    met = "见到本人" if facts.met_patient else "未见到本人" if facts.form in ("1", "2") else "电话联系"
    label = Contact(facts.form).label if facts.form in Contact.values else ""
    return label if facts.form == Contact.PHONE else f"{label}，{met}"
