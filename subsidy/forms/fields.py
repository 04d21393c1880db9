"""Fields that the forms of the subsidy share: text to values, as people type them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_text, parse_date

SCAN = "application/pdf,image/jpeg,image/png"


class DayField(forms.CharField):
    """A day as people type it; one that may lie ahead is this year's where no year is written."""

    def __init__(self, *, ahead: bool = False, needed: str = "请填写日期，例如 2026-03-09。", **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "placeholder": "2026-03-09", "autocomplete": "off", "maxlength": 20}
        super().__init__(widget=forms.TextInput(attrs=attrs), error_messages={"required": needed}, **kwargs)
        self.ahead = ahead

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        today = timezone.localdate()
        try:
            day = parse_date(text, today)
        except TextRefused as refusal:
            raise ValidationError(str(refusal), code="shape") from None
        if day > today and not self.ahead:
            raise ValidationError("不能晚于今天。请核对日期。", code="future")
        return day


class WordsField(forms.CharField):
    def __init__(self, *, max_length: int = 200, lines: bool = False, needed: str = "", **kwargs: Any) -> None:
        self.longest = max_length
        attrs = {"autocomplete": "off", "maxlength": max_length, **({"rows": 3} if lines else {})}
        widget = forms.Textarea(attrs=attrs) if lines else forms.TextInput(attrs=attrs)
        super().__init__(widget=widget, required=bool(needed), error_messages={"required": needed}, **kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return clean_text(value, max_length=self.longest) or ""
        except TextRefused as refusal:
            raise ValidationError(str(refusal), code="shape") from None
