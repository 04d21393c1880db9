"""Forms of joint visits: text to facts; they never save."""

from typing import Any
from uuid import UUID, uuid4

from django import forms

from accounts.rules.text import TextRefused, clean_text

MOMENT = "%Y-%m-%d %H:%M"
_INPUT = {"class": "input", "autocomplete": "off"}


class Words(forms.CharField):
    def __init__(self, *, longest: int = 200, rows: int = 0, **kwargs: Any) -> None:
        attrs = {**_INPUT, "maxlength": longest, **({"rows": rows} if rows else {})}
        widget = forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs)
        self.longest, self.lines = longest, bool(rows)
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return clean_text(value, max_length=self.longest, lines=self.lines)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class JointForm(forms.Form):
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    planned_at = forms.DateTimeField(
        label="什么时候去",
        input_formats=[MOMENT, "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={**_INPUT, "placeholder": "2026-11-24 15:30"}),
        error_messages={"required": "请填写日期和时间。", "invalid": "请写成日期和时间，例如 2026-11-24 15:30。"},
    )
    meet = Words(label="在哪里会合", longest=80, error_messages={"required": "请写会合地点。"})
    bring = Words(label="带什么", longest=120, required=False)
    warning = Words(label="注意安全", longest=300, rows=3, required=False, help_text="同去的人能看到，不写病情。")
    members = forms.MultipleChoiceField(
        label="请谁同去",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选同去的人。", "invalid_choice": "请从列出的人里选择。"},
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = offered  # type: ignore[attr-defined]

    def clean_form_id(self) -> UUID:
        return self.cleaned_data["form_id"] or uuid4()


class DidForm(forms.Form):
    did = Words(label="我做了什么", longest=300, rows=3, error_messages={"required": "请写做了什么。"})


class CancelForm(forms.Form):
    because = Words(label="原因", longest=200, error_messages={"required": "请写明取消的原因。"})
