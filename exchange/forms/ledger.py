"""What lines of 披露台账 are wanted: text to facts."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from accounts.rules.text import TextRefused, clean_text
from exchange.forms.templates import WRONG_DAY
from exchange.queries.county_ledger import Wanted
from exchange.terms import LedgerAct

WRONG_ACT = "请从列出的办理里选择。"
WRONG_OFFICE = "没有这个接收单位，请从列出的单位里选择。"
WRONG_NUMBER = "编号和校验码只有字母、数字和“-”，请照通报、告知或交换函上的填写。"
NUMBER = re.compile(r"[0-9A-Za-z-]{1,64}")
INPUT = {"class": "input", "autocomplete": "off"}


class OpenDay(forms.CharField):
    """A day, or none: then there is no limit on that side."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**INPUT, "inputmode": "numeric", "placeholder": "年-月-日"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = date.fromisoformat(clean_text(text, max_length=20).replace("/", "-").replace(".", "-"))
        except (TextRefused, ValueError):
            raise forms.ValidationError(WRONG_DAY) from None
        if not 2000 <= day.year <= 2200:
            raise forms.ValidationError(WRONG_DAY)
        return day


class LedgerForm(forms.Form):
    since = OpenDay(label="从")
    until = OpenDay(label="到")
    office = forms.UUIDField(
        label="接收单位", required=False, widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid": WRONG_OFFICE},
    )  # fmt: skip
    act = forms.ChoiceField(
        label="办理", required=False, choices=[("", "全部"), *LedgerAct.choices],
        widget=forms.Select(attrs={"class": "input"}), error_messages={"invalid_choice": WRONG_ACT},
    )  # fmt: skip
    number = forms.CharField(
        label="编号或文件校验码", required=False, max_length=64, widget=forms.TextInput(attrs=INPUT),
        error_messages={"max_length": WRONG_NUMBER, "null_characters_not_allowed": WRONG_NUMBER},
    )  # fmt: skip

    def offer(self, offices: Sequence[tuple[str, str]]) -> None:
        self.fields["office"].widget.choices = [("", "全部"), *offices]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"].strip()
        if typed and not NUMBER.fullmatch(typed):
            raise forms.ValidationError(WRONG_NUMBER)
        return typed

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            self.add_error("until", "“到”不能早于“从”。")
        return said

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        office: UUID | None = said["office"]
        return Wanted(said["since"], said["until"], office, said["act"], said["number"])
