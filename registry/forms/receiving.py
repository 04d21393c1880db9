"""Small forms of those who receive a report card or a discharge notice, and of the hospital that corrects one."""

from typing import Any

from django import forms

from accounts.form_parts import asked_when
from registry.forms.fields import CodeField, DateField, PlaceField, PlainField
from registry.terms import Held


class HoldForm(forms.Form):
    because = CodeField(
        label="退回原因", codes=[(Held.ADDRESS.value, Held.ADDRESS.label), (Held.KNOWN.value, Held.KNOWN.label)]
    )
    reason = PlainField(label="说明", max_length=200, help_text="例如：已请派出所协查，仍找不到这个地址。")


class AddressForm(forms.Form):
    act = CodeField(label="怎样办理", codes=(), digits=True)
    to = asked_when("act", ["send"], PlaceField(label="改派到", required=False), needed=True)
    reason = asked_when(
        "act", ["elsewhere"],
        PlainField(
            label="说明", max_length=200, required=False, help_text="外县在册时必填：已转告哪个县、哪一天。"
        ),
        needed=True,
    )  # fmt: skip

    def __init__(self, *args: Any, towns: list[tuple[str, str]], acts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(towns)  # type: ignore[attr-defined]
        self.fields["act"].choices = acts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("act") == "send" and not said.get("to"):
            self.add_error("to", "请选择乡镇（街道）。")
        return said


class CorrectForm(forms.Form):
    on = DateField(label="更正日期")
    reason = PlainField(label="更正原因", max_length=200)
    evidence = PlainField(
        label="依据", max_length=140, required=False, help_text="再次诊断或鉴定的机构、日期和结论；已接收的卡必填。"
    )


class SettleForm(forms.Form):
    on = DateField(label="排除日期", help_text="从这一天起不再在册。")
