"""Form fields that read what people type: days in any of their spellings, clean text, counts, doses."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_text, parse_date
from followup.rules.dates import add_months


class TextField(forms.CharField):
    """Normal form of a text; a control character is refused, not a server error."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        self.most = kwargs.pop("max_length", 200)
        super().__init__(required=False, strip=False, **kwargs)
        self.validators = []  # Django's own NUL check has an English-minded sentence; clean_text has ours

    def to_python(self, value: Any) -> str:
        try:
            return clean_text(value, max_length=self.most, lines=self.lines)
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None


class DayField(forms.Field):
    """2026-12-07, 2026/12/7, 20261207, 1207, 12-7, full-width digits. `ahead`: without a year the next such day."""

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        self.ahead = ahead
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        today = timezone.localdate()
        try:
            day = parse_date(text, today)
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None
        has_year = sum(c.isdigit() for c in text) > 4
        if self.ahead and not has_year and day <= today:
            return add_months(day, 12)
        return day


class CountField(forms.Field):
    """How often; empty is 0."""

    wrong = "请填次数，没有填 0。"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> int:
        try:
            text = clean_text(value, max_length=10)
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None
        if not text:
            return 0
        if not (text.isascii() and text.isdecimal()):
            raise ValidationError(self.wrong)
        return int(text)


class CodeField(forms.TypedChoiceField):
    """One answer of the paper: a whole number, or None while unanswered."""

    def __init__(self, codes: Any, *, number: bool = True, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            choices=[("", ""), *((str(v), label) for v, label in codes.choices)],
            coerce=int if number else str,
            empty_value=None if number else "",
            error_messages={"invalid_choice": "没有这个选项，请重新选择。"},
            **kwargs,
        )


class CodesField(forms.TypedMultipleChoiceField):
    """Several answers, in the order of the paper."""

    def __init__(self, codes: Any, *, number: bool = True, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            choices=[(str(v), label) for v, label in codes.choices],
            coerce=int if number else str,
            empty_value=(),
            error_messages={"invalid_choice": "没有这个选项，请重新选择。", "invalid_list": "请重新选择。"},
            **kwargs,
        )

    def clean(self, value: Any) -> tuple[Any, ...]:
        return tuple(sorted(super().clean(value), key=int))


class TickField(forms.BooleanField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
