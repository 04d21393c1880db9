"""Forms of 接收模板: text to facts; they never save."""

from datetime import date
from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules
from accounts.rules.text import TextRefused, clean_text
from exchange.forms.joint import Words
from exchange.rules.items import header, is_empty
from exchange.rules.presets import Preset, Section
from exchange.rules.recipient_templates import FIXED, TemplateFacts
from exchange.terms import Basis

WRONG_DAY = "请写成日期，例如 2026-12-07。"


class Day(forms.CharField):
    """A day in full, also one ahead."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "input", "autocomplete": "off", "inputmode": "numeric", "placeholder": "年-月-日"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> date:
        text = super().clean(value)
        try:
            plain = clean_text(text, max_length=20)
            return date.fromisoformat("-".join(plain.replace("/", "-").replace(".", "-").split("-")))
        except (TextRefused, ValueError):
            raise forms.ValidationError(WRONG_DAY) from None


class TemplateForm(forms.Form):
    """The legal side, then a box of columns for each list; a list without a tick is left out."""

    edits = forms.IntegerField(widget=forms.HiddenInput, required=False)
    basis = forms.ChoiceField(
        label="依据类别",
        choices=Basis.choices,
        widget=forms.Select(attrs={"class": "input"}),
        help_text="选“本人同意”的，只告知已登记同意向这类单位提供信息的人。",
        error_messages={"required": "请选择依据类别。", "invalid_choice": "请从列出的依据里选择。"},
    )
    citation = Words(label="依据的法律或文件及条款", longest=120, error_messages={"required": "请写明依据。"})
    agreement = Words(label="与接收单位的协议编号", longest=60, error_messages={"required": "请写明协议编号。"})
    assessment = Words(
        label="个人信息保护影响评估编号", longest=60, error_messages={"required": "请写明影响评估的编号。"}
    )
    assessed_on = Day(
        label="评估日期", help_text="满 3 年要重新评估。", error_messages={"required": "请填写评估日期。"}
    )
    starts_on = Day(label="启用日期", error_messages={"required": "请填写启用日期。"})

    def __init__(self, *args: Any, preset: Preset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset = preset
        if preset.situation in FIXED:
            return
        for section in preset.sections:
            ticks = forms.MultipleChoiceField(
                label=section.kind.label,
                required=False,
                choices=[(item.value, header(item) + ("（空列）" if is_empty(item) else "")) for item in section.items],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "请从列出的栏目里选择。"},
            )
            self.fields[f"list_{section.kind.value}"] = asked_by_rules(ticks)

    @property
    def lists(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("list_")]

    @property
    def plain(self) -> list[forms.BoundField]:
        names = ("basis", "citation", "agreement", "assessment", "assessed_on", "starts_on")
        return [self[name] for name in names]

    def facts(self) -> TemplateFacts:
        data = self.cleaned_data
        return TemplateFacts(
            sections=self._sections(), basis=data["basis"], citation=data["citation"], agreement=data["agreement"],
            assessment=data["assessment"], assessed_on=data["assessed_on"], starts_on=data["starts_on"],
        )  # fmt: skip

    def _sections(self) -> tuple[Section, ...]:
        if self.preset.situation in FIXED:
            return self.preset.sections
        found = []
        for section in self.preset.sections:
            ticked = set(self.cleaned_data[f"list_{section.kind.value}"])
            items = tuple(item for item in section.items if item.value in ticked)
            if items:
                found.append(Section(section.kind, items))
        return tuple(found)


def initial_of(facts: TemplateFacts | None, preset: Preset, today: date) -> dict[str, Any]:
    """What the form shows first: the version before it, or the shipped one with its basis."""
    sections = facts.sections if facts else preset.sections
    ticks = {f"list_{section.kind.value}": [item.value for item in section.items] for section in sections}
    if facts is None:
        return {**ticks, "basis": preset.basis.value, "citation": preset.citation, "starts_on": f"{today}"}
    return {
        **ticks, "basis": facts.basis, "citation": facts.citation, "agreement": facts.agreement,
        "assessment": facts.assessment, "assessed_on": f"{facts.assessed_on}",
        "starts_on": f"{max(facts.starts_on, today)}",
    }  # fmt: skip


class BecauseForm(forms.Form):
    because = Words(label="原因", longest=200, error_messages={"required": "请写明原因。"})
