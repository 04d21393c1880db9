"""Registering that somebody is away, and writing back from the destination."""

from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules, asked_when
from registry.forms.fields import ComingDateField, DateField, PlaceField, PlainField


class AwayForm(forms.Form):
    on = DateField(label="外出日期")
    until = ComingDateField(label="预计返回", required=False, help_text="不知道就不填，按一个月以上办理。")
    to = asked_by_rules(
        PlaceField(label="去向的乡镇（街道）", required=False, help_text="不在列表里的地方，请填下一项。")
    )
    outside = asked_when(
        "to", [""], PlainField(label="县外去向", required=False, max_length=100, help_text="例如某省某市某区。")
    )
    address = PlainField(label="在那里的住址", required=False, help_text="流入地按它找人，尽量写到门牌。")
    words = PlainField(label="给流入地的话", required=False, max_length=200, help_text="不要写诊断和用药。")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(places)  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    words = PlainField(label="告诉经常居住地", max_length=200, help_text="例如已见面、情况如何。不要写诊断和用药。")
