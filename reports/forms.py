"""Text from the reported-value and report pages, turned into facts. Nothing is saved here."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_text, parse_date
from reports.rules.cut import FIRST_DAY
from reports.rules.pack import Pack, Row
from reports.terms import FreezeKind

LARGEST = Decimal("999999999999.99")


class TextField(forms.CharField):
    """Normalised text; what cannot be text says why."""

    def clean(self, value: Any) -> str:
        try:
            text = clean_text(value, max_length=self.max_length or 200)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal), code="text") from refusal
        return str(super().clean(text))


class DayField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text, timezone.localdate())
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal), code="day") from refusal
        if day < FIRST_DAY:
            raise forms.ValidationError("年份太早。请核对日期。", code="early")
        return day


class AmountField(forms.CharField):
    """A number with at most two decimals; thousands commas and full-width digits are understood."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = Decimal(clean_text(text, max_length=30).replace(",", "").replace("，", ""))
        except (TextRefused, InvalidOperation) as error:
            raise forms.ValidationError("不是一个数。请只写数字，例如 138 或 852640。", code="number") from error
        if not number.is_finite() or abs(number) > LARGEST or number != round(number, 2):
            raise forms.ValidationError("这个数太大，或小数超过两位。", code="number")
        return number


class ReportedValueForm(forms.Form):
    """One value of one row; what the fields ask depends on the row."""

    period_to = DayField(label="数据截至", max_length=20, help_text="从当年 1 月 1 日算到这一天。")
    numerator = AmountField(label="数量", max_length=30)
    denominator = AmountField(label="分母", max_length=30)
    evidence = TextField(label="依据", max_length=200, help_text="文件名称、文号或统计表，便于核对。")

    def __init__(self, *args: Any, row: Row, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.unit.is_fraction:
            self.fields["numerator"].label, self.fields["denominator"].label = row.numerator, row.denominator
        else:
            self.fields["numerator"].label = f"{row.name}（{row.unit_word}）"
            del self.fields["denominator"]
        self.fields["numerator"].widget.attrs["inputmode"] = "decimal"

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "period_to": said["period_to"],
            "numerator": said["numerator"],
            "denominator": said.get("denominator"),
            "evidence": said["evidence"],
        }


class ReturnForm(forms.Form):
    because = TextField(label="退回理由", max_length=200, help_text="写清楚要改什么，填报人会看到。")


class ReportForm(forms.Form):
    pack = forms.ChoiceField(label="计划")
    as_of = DayField(label="截止日期", max_length=20, help_text="含当日；可以写 2026-09-30 或 0930。")
    document_number = TextField(
        label="发文字号",
        max_length=60,
        required=False,
        help_text="只有正式发文才填，例如 某某卫健〔2026〕8号；不填就没有红头。",
    )

    def __init__(self, *args: Any, packs: tuple[Pack, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = [(pack.id, f"{pack.title}（{pack.document_number}）") for pack in packs]  # type: ignore[attr-defined]

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError("截止日期不能晚于今天。", code="future")
        return day


class FreezeForm(forms.Form):
    kind = forms.ChoiceField(label="关什么", choices=FreezeKind.choices, widget=forms.RadioSelect)
    as_of = DayField(label="截止日期", max_length=20, help_text="含当日；季度关账填季度的最后一天。")
    pack = forms.ChoiceField(label="计划", required=False, help_text="评估才选；季度关账不选。")
    note = TextField(label="说明", max_length=200, required=False, help_text="例如 会议名称、文号。不要写患者姓名。")

    def __init__(self, *args: Any, packs: tuple[Pack, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(pack.id, f"{pack.title}（{pack.document_number}）") for pack in packs]
        self.fields["pack"].choices = [("", "不选"), *named]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"kind": FreezeKind(said["kind"]), "as_of": said["as_of"], "pack_id": said["pack"], "note": said["note"]}


class CheckForm(forms.Form):
    code = TextField(label="核验码", max_length=20, help_text="报告页脚上的 8 位字母和数字。")
