"""An office's address for notices: text to facts."""

from typing import Any

from django import forms

from exchange.forms.joint import Words
from exchange.rules.notices import LONGEST_ADDRESS
from exchange.terms import ChannelKind


class ChannelForm(forms.Form):
    agency = forms.ChoiceField(
        label="单位",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "请选择单位。", "invalid_choice": "请从列出的单位里选择。"},
    )
    kind = forms.ChoiceField(
        label="方式",
        choices=[("", "请选择"), *ChannelKind.choices],
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "请选择通知方式。", "invalid_choice": "请从列出的方式里选择。"},
    )
    address = Words(
        label="地址", longest=LONGEST_ADDRESS, error_messages={"required": "请填写邮箱或接口地址。"},
        help_text="邮箱，或 https:// 开头的接口地址。通知里只有编号和链接，没有姓名。",
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", "请选择"), *offices]  # type: ignore[attr-defined]
