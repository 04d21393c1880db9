"""The visit form: text to typed facts. It says what is wrong with the text and the shape, and never saves."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from followup.forms.drugs import PREFIX, DrugsField, drug_values
from followup.forms.fields import CodeField, CodesField, CountField, DayField, TextField, TickField
from followup.forms.questions import ASKED, ASKED_WITH, DANGER_LABELS, LABELS, QUESTIONS, Question
from followup.rules.carry import CARRIED
from followup.rules.checks import Setting, problems, remarks
from followup.rules.choice import Problem
from followup.rules.facts import FACT_FIELDS, Choice, VisitFacts
from followup.rules.policy import CarePolicy
from followup.terms import Stability


def _field(question: Question) -> forms.Field:
    if question.kind in ("one", "levels"):
        return CodeField(question.codes, number=question.number, label=question.label)
    if question.kind == "many":
        return CodesField(question.codes, number=question.number, label=question.label)
    if question.kind == "tick":
        return TickField(label=question.label)
    if question.kind == "day":
        return DayField(label=question.label)
    return TextField(lines=question.kind == "lines", max_length=question.most, label=question.label)


class _Shared(dict[str, forms.Field]):
    """Eighty fields, none of which any form changes: they are shared where Django would copy them for every form."""

    def __deepcopy__(self, memo: Any) -> dict[str, forms.Field]:
        return dict(self)


def _all_fields() -> _Shared:
    fields: dict[str, forms.Field] = {
        "form_id": forms.UUIDField(
            widget=forms.HiddenInput, required=False, error_messages={"invalid": "表单号不对，请重新打开这一页。"}
        ),
        "version": forms.IntegerField(widget=forms.HiddenInput, required=False),
        "confirmed": TickField(label="级别已核对"),
        "stability": CodeField(Stability, label="本次随访分类"),
        "next_due_on": DayField(ahead=True, label="下次随访日期"),
        "deviation_reason": TextField(max_length=200, label="偏离原因"),
        "suggested_stability": CodeField(Stability, widget=forms.HiddenInput),
        "suggested_next": DayField(widget=forms.HiddenInput),
        "doctor_name": TextField(max_length=60, label="随访医生"),
        "guidance_same": TickField(label="用药指导与用药相同"),
        **{name: DrugsField(prefix=prefix, label=LABELS[name]) for name, prefix in PREFIX.items()},
        **{name: CountField(label=label) for name, label in DANGER_LABELS.items()},
        **{name: _field(q) for name, q in QUESTIONS.items() if q.kind not in ("counts", "drugs")},
    }
    order = [name for name in (*FACT_FIELDS, "stability", "next_due_on") if name in fields]
    return _Shared({name: fields[name] for name in dict.fromkeys([*order, *fields])})


class VisitEntry(forms.Form):
    """Every field of 表1-8 (2018), three ticks of our own, and the doctor's choice."""

    def __init__(self, *args: Any, setting: Setting, policy: CarePolicy, judging: bool = False, **kwargs: Any) -> None:
        self.setting, self.policy, self.judging = setting, policy, judging
        self._facts: VisitFacts | None = None
        super().__init__(*args, **kwargs)

    def clean_form_id(self) -> Any:
        return self.cleaned_data["form_id"] or uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for error in self.errors.get("form_id", []):  # the field is hidden: its sentence belongs on top
            self.add_error(None, error)
        if not data.get("visited_on"):
            if "visited_on" not in self.errors and not self.judging:
                self.add_error("visited_on", "请填随访日期。")
            return data
        self._facts = self._read(data)
        if self.judging:
            return data
        basis_from = self.policy.alert_from_level
        self.refuse(problems(self._facts, self.setting, basis_from=basis_from))
        odd = remarks(self._facts)
        if odd and not data.get("confirmed"):
            self.refuse([replace(problem, message=f"{problem.message}确认无误请勾选“级别已核对”。") for problem in odd])
        return data

    def refuse(self, found: Any) -> None:
        """Show problems at their fields; a field that cannot be read keeps its own sentence."""
        for problem in found:
            field = self._at(problem)
            if field is None or field not in self.errors:
                self.add_error(field, ValidationError(problem.message))

    def _at(self, problem: Problem) -> str | None:
        return problem.field if problem.field in self.fields else None

    @property
    def has_facts(self) -> bool:
        return self._facts is not None

    def facts(self) -> VisitFacts:
        """What was written. Only after a valid form (or, while judging, with a day)."""
        assert self._facts is not None  # noqa: S101  (the caller asked is_valid() or has_facts)
        return self._facts

    def choice(self) -> Choice:
        """A class or day left as the system suggested is no choice of its own: the rule judges again on saving."""
        data = self.cleaned_data
        stability, due = data.get("stability"), data.get("next_due_on")
        if stability is not None and stability == data.get("suggested_stability"):
            stability = None
        if due is not None and due == data.get("suggested_next"):
            due = None
        return Choice(stability, due, data.get("deviation_reason") or "")

    def _read(self, data: dict[str, Any]) -> VisitFacts:
        values = {name: data[name] for name in FACT_FIELDS if data.get(name) is not None and _is_asked(name, data)}
        if _is_a_note(data):
            values = {name: value for name, value in values.items() if name not in CARRIED}
        values["form"] = data.get("form") or ""
        if data.get("guidance_same") and "drugs" in values:
            values["guidance"] = values.get("drugs", ())
        return VisitFacts(**values)


def _is_a_note(data: dict[str, Any]) -> bool:
    """A loss or a death without an assessment: what the form had taken over from the last record was seen by nobody."""
    return data.get("level") is None and bool(data.get("lost_reason") or data.get("died_on"))


def _is_asked(name: str, data: dict[str, Any]) -> bool:
    """A follow-up question whose first answer does not call for it stands nowhere on the page: what it still holds
    (taken over from the last record, or typed before the first answer changed) is no answer."""
    asks, code = QUESTIONS[name].when if name in QUESTIONS else ("", "")
    if not asks:
        return True
    given = data.get(asks)
    return code in map(str, given if isinstance(given, list | tuple) else [given])


VisitEntry.base_fields = _all_fields()


def initial_of(facts: VisitFacts) -> dict[str, Any]:
    """Form values of facts (a record to correct, or the carried answers)."""
    values: dict[str, Any] = {name: getattr(facts, name) for name in FACT_FIELDS if name not in PREFIX}
    same = facts.guidance in ((), facts.drugs)
    return values | {
        "drugs": drug_values("drug", facts.drugs),
        "guidance": {} if same else drug_values("guide", facts.guidance),
        "guidance_same": same,
    }


def missing(facts: VisitFacts) -> list[str]:
    """Questions of the paper that are still unanswered, by name. A stay in hospital may leave them open."""
    if facts.in_hospital or facts.is_lost or facts.died_on:
        return []
    found = [name for name in ("form", "seen", "level") if not getattr(facts, name) and getattr(facts, name) != 0]
    found += [name for name in ASKED if getattr(facts, name) is None]
    found += [
        name
        for name, (other, value) in ASKED_WITH.items()
        if getattr(facts, other) == value and not getattr(facts, name)
    ]
    return found


def label_of(name: str) -> str:
    return LABELS.get(name, name)
