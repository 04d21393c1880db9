"""Forms of 单人告知: text to facts; they never save."""

from typing import Any
from uuid import UUID, uuid4

from django import forms

from exchange.forms.joint import Words


class PersonNoticeForm(forms.Form):
    """`offered`: (uuid, name) of each office that is to be told. A correction goes to all of them."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    agencies = forms.MultipleChoiceField(
        label="告知哪些单位", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个单位。", "invalid_choice": "请从列出的单位里选择。"},
    )  # fmt: skip
    because = Words(
        label="为什么告知", longest=200, rows=3, help_text="留在本系统备查，接收单位看不到。",
        error_messages={"required": "请写明为什么告知。"},
    )  # fmt: skip

    def __init__(self, *args: Any, offered: list[tuple[str, str]], is_correction: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].choices = offered  # type: ignore[attr-defined]
        self.offered = [UUID(key) for key, _name in offered]
        self.is_correction = is_correction
        if is_correction:
            del self.fields["agencies"]

    def clean_form_id(self) -> UUID:
        return self.cleaned_data["form_id"] or uuid4()

    @property
    def chosen(self) -> list[UUID]:
        if self.is_correction:
            return self.offered
        return [UUID(key) for key in self.cleaned_data["agencies"]]
