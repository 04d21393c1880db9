"""The names of a platform's columns in one county: text to facts; nothing here saves."""

from datetime import date
from typing import Any

from django import forms

from exchange.forms.joint import Words
from exchange.rules.inbound_kinds import Kind


class HeadersForm(forms.Form):
    """One field for each column; an empty one keeps the name that ships."""

    starts_on = forms.DateField(
        label="启用日期", input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": "请填写启用日期。", "invalid": "请写成 2026-12-07。"},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: Kind, shipped: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in kind.columns:
            self.fields[item.value] = Words(
                label=str(item.label), required=False, longest=60, help_text=f"系统自带的列名：{shipped.header(item)}",
                initial=kind.header(item) if kind.header(item) != shipped.header(item) else "",
            )  # fmt: skip

    def headers(self) -> dict[str, str]:
        return {name: said for name, said in self.cleaned_data.items() if name != "starts_on" and said}

    def starts(self) -> date:
        found: date = self.cleaned_data["starts_on"]
        return found
