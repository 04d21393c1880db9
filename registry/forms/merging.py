"""Choosing between two files, and the reasons of each step."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules
from registry.forms.fields import PlainField
from registry.rules.merging import KEPT, OTHER, PARTS, Question
from registry.rules.saying import say_all


class MergeForm(forms.Form):
    """One row for every difference; the reason is written once."""

    def __init__(self, *args: Any, asked: list[Question], places: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked:
            parts = PARTS.get(one.name, (one.name,))
            field = forms.ChoiceField(
                label=one.label,
                choices=[(KEPT, say_all(parts, one.kept, places)), (OTHER, say_all(parts, one.other, places))],
                widget=forms.RadioSelect,
                initial=one.usual,
                required=False,
            )
            self.fields[one.name] = asked_by_rules(field)
        self.fields["reason"] = asked_by_rules(PlainField(label="怎样核对的", max_length=200, required=False))

    def choices(self) -> dict[str, str]:
        return {one.name: self.cleaned_data.get(one.name) or one.usual for one in self.asked}

    def differences(self) -> list[forms.BoundField]:
        return [self[one.name] for one in self.asked]


class StepForm(forms.Form):
    """The answer to a proposal or the reason of an undoing."""

    reason = asked_by_rules(PlainField(label="理由", max_length=200, required=False, help_text="不同意或撤销时必填。"))


class AnswerForm(forms.Form):
    answer = asked_by_rules(PlainField(label="怎样办理", max_length=200, required=False))
