"""Form fields that read text the same way as an import does."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_name, clean_text, parse_date
from registry.rules.id_number import IdNumber, read_id_number
from registry.rules.phone import read_phone

_TEXT = {"autocomplete": "off"}
UNSEEN = "含有看不见的控制字符，请删去后重新输入。"


def _clean(read: Any, value: Any) -> Any:
    try:
        return read(value)
    except TextRefused as refusal:
        raise ValidationError(str(refusal), code="shape") from None


class PlainField(forms.CharField):
    """A text; empty means not said (None)."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        self.longest = max_length
        kwargs.setdefault("widget", forms.TextInput(attrs={**_TEXT, "maxlength": max_length}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return _clean(lambda raw: clean_text(raw, max_length=self.longest), value) or ""

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


class NameField(PlainField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=50, **kwargs)

    def to_python(self, value: Any) -> str:
        return _clean(clean_name, value) or ""


class DateField(forms.CharField):
    """A day as people type it (2026-12-07, 12-7, 1207, full-width digits), never one to come."""

    default_error_messages = {"required": "请填写日期，例如 2026-03-09。", "null_characters_not_allowed": UNSEEN}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**_TEXT, "inputmode": "numeric", "placeholder": "2026-03-09", "maxlength": 20}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        today = timezone.localdate()
        day: date = _clean(lambda raw: parse_date(raw, today), text)
        if day > today:
            raise ValidationError("不能晚于今天。请核对日期。", code="future")
        return day


class ComingDateField(DateField):
    """A day that may lie ahead, as people type it."""

    default_error_messages = {"required": "请填写日期，例如 2026-12-07。"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["placeholder"] = "2026-12-07"

    def clean(self, value: Any) -> date | None:
        text = forms.CharField.clean(self, value)
        return _clean(lambda raw: parse_date(raw, timezone.localdate()), text) if text else None


class IdField(forms.CharField):
    """Answers an IdNumber, so that birth date and sex need not be typed."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**_TEXT, "maxlength": 40, "inputmode": "text", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> IdNumber | None:
        text = super().clean(value)
        if not text:
            return None
        cleaned = _clean(lambda raw: clean_text(raw, max_length=60), text)
        return _clean(lambda raw: read_id_number(raw, today=timezone.localdate()), cleaned)


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={**_TEXT, "inputmode": "tel", "maxlength": 30}), **kwargs)

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        return _clean(read_phone, text) if text else None


class CodeField(forms.ChoiceField):
    """One of a list of codes; empty means not said (None). Few answers are shown with their digit, as on the paper.

    `coded`: a list whose answers begin with their code, so that a keyboard finds them.
    """

    def __init__(self, *, codes: Any, digits: bool = False, coded: bool = False, **kwargs: Any) -> None:
        pairs = [(str(code), f"{code} {label}" if coded else str(label)) for code, label in codes]
        if digits:
            choices = [(code, f"{code} {label}") for code, label in pairs]
            super().__init__(choices=choices, widget=forms.RadioSelect, **kwargs)
        else:
            super().__init__(choices=[("", "请选择"), *pairs], **kwargs)

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


class PlaceField(CodeField):
    """A village or township by code, from those the person answers for (set by the form)."""

    default_error_messages = {"invalid_choice": "请从列表中选择。"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(codes=(), **kwargs)

    def offer(self, places: list[tuple[str, str]]) -> None:
        self.choices = [("", "请选择"), *places]
