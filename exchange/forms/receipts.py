"""Forms of 回执: text to facts; they never save."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from exchange.forms.joint import Words
from exchange.rules.receipts import LONGEST_NOTE
from exchange.terms import Found, RefusedBecause, RowVerdict, Settled

_SELECT = {"class": "input"}


class ReceiptFileForm(forms.Form):
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="填好的回执表",
        help_text=".xlsx 或 .csv，用下载的回执表填，填表编号一列不要改；没有填结果的行不动；也可以加密成 .age 再交。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )  # fmt: skip


class RowsForm(forms.Form):
    """One page of rows: for each a verdict, a reason, a note. What is left alone stays as it is."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, serials: Iterable[tuple[int, str]], said: Mapping[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.serials = list(serials)
        for number, label in self.serials:
            now = said.get(number)
            self.fields[f"verdict_{number}"] = forms.ChoiceField(
                label=f"{label} 结果", required=False, choices=[("", "待核对"), *RowVerdict.choices],
                initial=now.verdict if now else "", widget=forms.Select(attrs=_SELECT),
            )  # fmt: skip
            self.fields[f"because_{number}"] = forms.ChoiceField(
                label=f"{label} 退回原因", required=False, choices=[("", "—"), *RefusedBecause.choices],
                initial=now.because if now else "", widget=forms.Select(attrs=_SELECT),
            )  # fmt: skip
            self.fields[f"note_{number}"] = Words(label=f"{label} 说明", longest=LONGEST_NOTE, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        names = ("verdict", "because", "note")
        return [
            {"number": number, "label": label, **{name: self[f"{name}_{number}"] for name in names}}
            for number, label in self.serials
        ]

    def lines(self) -> list[tuple[int, dict[str, str]]]:
        """What was changed on this page, as lines of a receipt."""
        found = []
        for number, label in self.serials:
            cells = {name: str(self.cleaned_data[f"{name}_{number}"]) for name in ("verdict", "because", "note")}
            same = (
                cells["verdict"] == self[f"verdict_{number}"].initial
                and cells["because"] == self[f"because_{number}"].initial
            )
            if cells["note"] or not same:
                found.append((number, {"serial": label, **cells}))
        return found


class FoundForm(forms.Form):
    found = forms.ChoiceField(
        label="核实结果", choices=Found.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择核实结果。", "invalid_choice": "请从列出的结果里选择。"},
    )  # fmt: skip


class SettleForm(forms.Form):
    settled = forms.ChoiceField(
        label="怎样处理", choices=[one for one in Settled.choices if one[0] != Settled.BY_OFFICE],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样处理。", "invalid_choice": "请从列出的办法里选择。"},
    )  # fmt: skip


class CloseForm(forms.Form):
    because = Words(label="回执不齐而办结的原因", longest=200, required=False, help_text="回执已齐的不填。")
