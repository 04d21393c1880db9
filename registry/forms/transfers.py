"""Proposing a transfer, and answering one."""

from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules
from registry.forms.fields import CodeField, DateField, PlaceField, PlainField
from registry.rules.transfers import NO_PLACE
from registry.terms import TransferReason


class TransferForm(forms.Form):
    to = asked_by_rules(
        PlaceField(label="接收的乡镇（街道）", required=False, help_text="不在列表里的地方，请填下一项。")
    )
    outside = PlainField(
        label="迁往本系统以外", required=False, max_length=100, help_text="写明地方和接收单位，例如某省某县某镇卫生院。"
    )
    reason = CodeField(label="移交原因", codes=TransferReason.choices)
    address = PlainField(label="新的现住详址", required=False, help_text="接收方按它找人，尽量写到门牌。")
    words = PlainField(label="给接收方的话", required=False, max_length=200, help_text="不要写诊断和用药。")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(places)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Said with whatever else is wrong, not after it."""
        found = super().clean() or {}
        if not found.get("to") and not found.get("outside") and not {"to", "outside"} & set(self.errors):
            self.add_error("to", NO_PLACE)
        return found


class AnswerForm(forms.Form):
    """Only the answers that this side may give now; fields that none of them needs are left out."""

    answer = forms.ChoiceField(label="怎么办", widget=forms.RadioSelect)
    village = PlaceField(label="现住村（社区）", required=False, help_text="接收时选；不清楚可以先不选。")
    on = DateField(label="对方接收日期", required=False)
    reason = PlainField(label="原因或说明", required=False, max_length=200, help_text="接收以外都要写，对方会看到。")

    def __init__(
        self, *args: Any, offered: list[tuple[str, str]], villages: list[tuple[str, str]], outside: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        answer.choices = offered
        if villages:
            self.fields["village"].offer(villages)  # type: ignore[attr-defined]
        else:
            del self.fields["village"]
        if not outside:
            del self.fields["on"]
