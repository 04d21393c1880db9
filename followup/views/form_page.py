"""What the form page, the correction and the conflict show around the questions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.rules.day_words import short_day
from followup.forms.questions import QUESTIONS
from followup.forms.visit import VisitEntry, label_of
from followup.models import Visit
from followup.rules.facts import FACT_FIELDS, Choice, VisitFacts
from followup.services.corrections import VisitConflict, choice_of
from followup.terms import Stability
from followup.views.questions import contact_words, drug_lines, panels, said_of
from followup.views.summary import Judging, class_options, summary, summary_of
from followup.views.words import about, class_chip, due_words, weekday
from registry.models import Patient

HELD = ("form_id", "version", "deviation_reason", "doctor_name")


def head(patient: Patient, last: Visit | None, today: date) -> dict[str, Any]:
    """Who it is, what the last record said, and how late one is."""
    due, due_class = due_words(patient.next_due_on, today)
    facts = {
        "patient": patient,
        "name": patient.name,
        "about": about(patient.sex, patient.birth_on, today),
        "village": patient.village.usual_name if patient.village else "",
        "due": f"{short_day(patient.next_due_on, today)} 前" if patient.next_due_on and not patient.closed_on else "",
        "due_late": due if not patient.closed_on else "",
        "due_class": due_class,
        "last_words": "",
    }
    if last is not None:
        chip = class_chip(last.stability)
        level = "住院中" if last.level is None else f"{last.level} 级"
        said = "，".join(part for part in (level, chip.text if chip else "") if part)
        facts["last_words"] = f"上次 {short_day(last.visited_on, today)} {contact_words(VisitFacts.of(last))}：{said}"
    return facts


def form_context(
    form: VisitEntry, last: VisitFacts | None, about: Judging, *, stored: Visit | None = None
) -> dict[str, Any]:
    """`stored`: the record that is being corrected; its own class and date stand until something changes."""
    today = about.today
    since = f"{short_day(last.visited_on, today)} 至 {short_day(today, today)}" if last else ""
    risk = "按上次随访到今天的情况评"
    if last is not None and last.level is not None:
        risk += f"；不沿用上次（{last.level} 级）"
    if stored is not None and not form.is_bound:
        found = summary_of(VisitFacts.of(stored), choice_of(stored), about)
    else:
        found = summary(form, about)
    same = form["guidance_same"].value() in (True, "on", "1", "True", "true")
    return {
        "form": form,
        "panels": panels(form, last, {2: risk, 5: since}),
        "drugs": drug_lines(form, "drugs", last),
        "guides": drug_lines(form, "guidance", last),
        "guidance_same": same,
        "drug_errors": [*form["drugs"].errors, *form["guidance"].errors],
        "classes": class_options(form, found.suggested),
        "sum": found,
        "today_words": f"今天 {weekday(today)}",
        "carried": last is not None,
        "values": {name: form[name].value() or "" for name in HELD},
        "next_value": _next_value(form, found.next_on),
        "confirm": "level" in form.errors and form.has_facts,
        "stability_errors": form["stability"].errors,
        "next_errors": form["next_due_on"].errors,
        "deviation_errors": form["deviation_reason"].errors,
    }  # fmt: skip


def _next_value(form: VisitEntry, next_on: str) -> object:
    """The date as typed; one that had only been suggested follows the new suggestion."""
    typed = form["next_due_on"].value()
    if form.is_bound and typed == form["suggested_next"].value():
        return next_on
    return typed.isoformat() if isinstance(typed, date) else typed or next_on


@dataclass(frozen=True)
class Differing:
    label: str
    theirs: str
    mine: str


def conflict_rows(conflict: VisitConflict, form: VisitEntry) -> list[Differing]:
    """Every answer on which the two texts differ, in the order of the paper."""
    theirs, mine = VisitFacts.of(conflict.current), form.facts()
    rows = [
        Differing(label_of(name), _said(name, theirs), _said(name, mine))
        for name in FACT_FIELDS
        if getattr(theirs, name) != getattr(mine, name)
    ]
    saved, chosen = choice_of(conflict.current), form.choice()
    for name in ("stability", "next_due_on", "deviation_reason"):
        if getattr(saved, name) != getattr(chosen, name) and getattr(chosen, name):
            rows.append(Differing(label_of(name), _choice_word(saved, name), _choice_word(chosen, name)))
    return rows


def _said(name: str, facts: VisitFacts) -> str:
    question = QUESTIONS.get(name)
    return (said_of(question, facts) if question else str(getattr(facts, name) or "")) or "没有填"


def _choice_word(choice: Choice, name: str) -> str:
    value = getattr(choice, name)
    if name == "stability" and value:
        return str(Stability(value).label)
    return str(value or "没有填")
