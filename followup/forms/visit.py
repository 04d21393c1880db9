"""The visit form: text to typed facts. It says what is wrong with the text and the shape, and never saves."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from followup.forms.fields import CodeField, CodesField, CountField, DayField, DoseField, TextField, TickField
from followup.forms.questions import ASKED, ASKED_WITH, DANGER_LABELS, LABELS, QUESTIONS, Question
from followup.rules.checks import MOST_DRUGS, Setting, problems, remarks
from followup.rules.choice import Problem
from followup.rules.facts import FACT_FIELDS, Choice, Drug, VisitFacts
from followup.rules.policy import CarePolicy
from followup.terms import Stability

PLAIN_LINES = MOST_DRUGS - 1  # three medicines by the day and one long-acting, as on the paper
DOSES = ("morning", "noon", "evening")


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


def _drug_fields(prefix: str) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for n in range(1, PLAIN_LINES + 1):
        fields[f"{prefix}{n}_name"] = TextField(max_length=60, label=f"药物 {n}")
        fields |= {f"{prefix}{n}_{dose}": DoseField(label=f"药物 {n}") for dose in DOSES}
    fields[f"{prefix}_long_name"] = TextField(max_length=60, label="长效药")
    fields |= {f"{prefix}_long_{part}": DoseField(label="长效药") for part in ("every_weeks", "each")}
    return fields


def drug_values(prefix: str, drugs: tuple[Drug, ...]) -> dict[str, str]:
    """Form values of stored medicines: those by the day first, one long-acting line."""
    values: dict[str, str] = {}
    plain = [drug for drug in drugs if not drug.every_weeks][:PLAIN_LINES]
    for n, drug in enumerate(plain, start=1):
        values |= {f"{prefix}{n}_{part}": getattr(drug, part) for part in ("name", *DOSES)}
    for drug in [drug for drug in drugs if drug.every_weeks][:1]:
        values |= {f"{prefix}_long_{part}": getattr(drug, part) for part in ("name", "every_weeks", "each")}
    return values


class VisitEntry(forms.Form):
    """Every field of 表1-8 (2018), three ticks of our own, and the doctor's choice."""

    form_id = forms.UUIDField(
        widget=forms.HiddenInput, required=False, error_messages={"invalid": "表单号不对，请重新打开这一页。"}
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    confirmed = TickField(label="级别已核对")
    stability = CodeField(Stability, label="本次随访分类")
    next_due_on = DayField(ahead=True, label="下次随访日期")
    deviation_reason = TextField(max_length=200, label="偏离原因")
    suggested_stability = CodeField(Stability, widget=forms.HiddenInput)
    suggested_next = DayField(widget=forms.HiddenInput)
    doctor_name = TextField(max_length=60, label="随访医生")
    guidance_same = TickField(label="用药指导与用药相同")

    def __init__(self, *args: Any, setting: Setting, policy: CarePolicy, judging: bool = False, **kwargs: Any) -> None:
        self.setting, self.policy, self.judging = setting, policy, judging
        self._facts: VisitFacts | None = None
        super().__init__(*args, **kwargs)
        for question in QUESTIONS.values():
            if question.kind not in ("counts", "drugs"):
                self.fields[question.name] = _field(question)
        for name, label in DANGER_LABELS.items():
            self.fields[name] = CountField(label=label)
        self.fields |= _drug_fields("drug") | _drug_fields("guide")
        order = [name for name in (*FACT_FIELDS, "stability", "next_due_on") if name in self.fields]
        self.order_fields(order)

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
        lines = {"drugs": "drug1_name", "guidance": "guide1_name"}
        name = lines.get(problem.field, problem.field)
        return name if name in self.fields else None

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
        values = {name: data[name] for name in FACT_FIELDS if data.get(name) is not None}
        values["form"] = data.get("form") or ""
        values["drugs"] = self._drugs(data, "drug")
        values["guidance"] = values["drugs"] if data.get("guidance_same") else self._drugs(data, "guide")
        return VisitFacts(**values)

    @staticmethod
    def _drugs(data: dict[str, Any], prefix: str) -> tuple[Drug, ...]:
        lines = [
            {part: data.get(f"{prefix}{n}_{part}") for part in ("name", *DOSES)} for n in range(1, PLAIN_LINES + 1)
        ]
        lines.append({part: data.get(f"{prefix}_long_{part}") for part in ("name", "every_weeks", "each")})
        return tuple(Drug.of(line) for line in lines if any(line.values()))


def initial_of(facts: VisitFacts) -> dict[str, Any]:
    """Form values of facts (a record to correct, or the carried answers)."""
    values: dict[str, Any] = {name: getattr(facts, name) for name in FACT_FIELDS if name not in ("drugs", "guidance")}
    values |= drug_values("drug", facts.drugs)
    values["guidance_same"] = facts.guidance in ((), facts.drugs)
    if not values["guidance_same"]:
        values |= drug_values("guide", facts.guidance)
    return values


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
