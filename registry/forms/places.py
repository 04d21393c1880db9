"""Small forms: a new address, and the confirmation of a person without an identity number."""

from typing import Any

from django import forms

from registry.forms.fields import CodeField, DateField, PlaceField, PlainField
from registry.terms import AddressKind, IdentityState


class AddressForm(forms.Form):
    kind = CodeField(label="哪个住址", codes=AddressKind.choices)
    division = PlaceField(
        label="村（社区）", required=False, help_text="现住地必选；户籍在县外的不选，把地址写全。"
    )  # fmt: skip
    detail = PlainField(label="详址", max_length=200, required=False)
    on = DateField(label="从哪天起")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].offer(places)  # type: ignore[attr-defined]


class IdentityForm(forms.Form):
    to = CodeField(label="办理", codes=IdentityState.choices)
    words = PlainField(
        label="怎样核实的", max_length=200, help_text="例如看过什么证明、问过谁；退回的写明要补什么。",
        error_messages={"required": "请写明怎样核实的，例如看过什么证明、问过谁。"},
    )  # fmt: skip
