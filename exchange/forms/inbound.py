"""Forms of lists from other agencies and of the differences: text to facts; they never save."""

from typing import Any
from uuid import UUID

from django import forms

from accounts.form_parts import WholeNumberField, asked_by_rules
from exchange.forms.joint import Words
from exchange.rules.differences import Finding
from exchange.services.inbound import Handed
from exchange.terms import Conclusion, Evidence

LONGEST_SIGNATURE = 4_096
_SELECT = forms.Select(attrs={"class": "select"})


class HandInForm(forms.Form):
    """报送名册. `what` names office and kind together, so that no impossible pair can be chosen."""

    what = forms.ChoiceField(label="名册", widget=_SELECT)
    period = forms.ChoiceField(label="所属期", widget=_SELECT)
    number = WholeNumberField(
        label="第几份", lowest=1, highest=9999,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric", "autocomplete": "off"}),
        help_text="同一种名册从 1 起连续编号；更正已报的内容也用下一个号。",
        error_messages={"required": "请填写份号。"},
    )  # fmt: skip
    file = forms.FileField(
        label="文件", help_text="第一行是列名的 .xlsx 或 .csv，也可以是按本县公钥加密的 .age 文件，最多 10 MB。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )  # fmt: skip
    signature = asked_by_rules(forms.FileField(
        label="签名文件", required=False, max_length=200, error_messages={"empty": "签名文件是空的。"},
        help_text="代收的，交报送单位签的 .minisig 文件，签名里写明所属期和份号，如 2026Q4-3。",
    ))  # fmt: skip
    gap_because = Words(label="缺号的原因", required=False, help_text="只有中间的份号没有报送时才填。")

    def __init__(
        self, *args: Any, offered: list[tuple[str, str]], periods: list[tuple[str, str]], carries: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not carries:
            del self.fields["signature"]
        self.fields["what"].choices = offered  # type: ignore[attr-defined]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]

    def signed(self) -> bytes:
        """The signature file; of anything longer only its beginning, which then is none."""
        upload = self.cleaned_data.get("signature")
        return upload.read(LONGEST_SIGNATURE) if upload else b""

    def handed(self) -> Handed:
        said = self.cleaned_data
        agency, _, kind = said["what"].partition("|")
        return Handed(agency, kind, said["number"], said["period"], said["gap_because"])


class FindingForm(forms.Form):
    """结论、证据、说明."""

    conclusion = forms.ChoiceField(label="结论", widget=forms.RadioSelect, error_messages={"required": "请选择结论。"})
    evidence = forms.ChoiceField(
        label="证据", choices=Evidence, widget=forms.RadioSelect, error_messages={"required": "请选择怎样核实的。"}
    )
    words = asked_by_rules(
        Words(
            label="说明",
            required=False,
            rows=3,
            longest=300,
            help_text="“暂时无法核实”“本人健在”“已在册或已建档”和证据选“其他”的，要写明情况。",
        )
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conclusion"].choices = offered  # type: ignore[attr-defined]

    def finding(self) -> Finding:
        said = self.cleaned_data
        return Finding(Conclusion(said["conclusion"]), Evidence(said["evidence"]), said["words"])


class TogetherForm(FindingForm):
    """One finding for everybody who is ticked; nobody is ticked beforehand."""

    row = forms.MultipleChoiceField(
        label="哪些人", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选要一起答复的人。"}
    )
    field_order = ("row", "conclusion", "evidence", "words")

    def __init__(
        self, *args: Any, offered: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        self.fields["row"].choices = people  # type: ignore[attr-defined]

    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["row"]]


class WhoForm(forms.Form):
    """认人: one of the candidates, or nobody."""

    patient = forms.ChoiceField(
        label="名册上的人是谁", widget=forms.RadioSelect, error_messages={"required": "请选择。"}
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patient"].choices = [*offered, ("none", "都不是，册上没有这个人")]  # type: ignore[attr-defined]

    def chosen(self) -> UUID | None:
        said = self.cleaned_data["patient"]
        return None if said == "none" else UUID(said)


class ReturnForm(forms.Form):
    because = Words(label="退回的原因", rows=3, error_messages={"required": "请写明退回的原因。"})


class PlaceForm(forms.Form):
    township = forms.ChoiceField(label="分派到", widget=_SELECT, error_messages={"required": "请选择乡镇（街道）。"})

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = offered  # type: ignore[attr-defined]
