"""A day with its hour, as people type it; longer texts; answers that must be given."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_text, parse_date
from followup.forms.fields import CodeField, CodesField, CountField, TextField

_TIME = re.compile(r"^(\d{1,2})[:：时]?(\d{2})分?$")
_INPUT = {"class": "input", "autocomplete": "off"}


class MomentField(forms.Field):
    """2026-11-24 15:30, 11-24 1530, 11-24 15时30分. A day alone is not enough."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**_INPUT, "placeholder": "2026-11-24 15:30", "maxlength": 30}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)
        self.error_messages["required"] = "请填写日期和时间，例如 2026-11-24 15:30。"

    def prepare_value(self, value: Any) -> Any:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        try:
            text = clean_text(value, max_length=30).replace("T", " ")
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None
        if not text:
            return None
        day, _, hour = text.rpartition(" ")
        found = _TIME.match(hour)
        wrong = ValidationError("请写成日期和时间，例如 2026-11-24 15:30。")
        if not day or found is None:
            raise wrong
        try:
            date = parse_date(day, timezone.localdate())
            at = time(int(found[1]), int(found[2]))
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None
        except ValueError:
            raise wrong from None
        return timezone.make_aware(datetime.combine(date, at))


class WordsField(TextField):
    """A text; `lines` makes it a larger one."""

    def __init__(self, *, lines: bool = False, needed: str = "", max_length: int = 200, **kwargs: Any) -> None:
        attrs = {**_INPUT, "maxlength": max_length, **({"rows": 3} if lines else {})}
        widget = forms.Textarea(attrs=attrs) if lines else forms.TextInput(attrs=attrs)
        super().__init__(lines=lines, max_length=max_length, widget=widget, **kwargs)
        if needed:
            self.required, self.error_messages["required"] = True, needed


class OneField(CodeField):
    """One answer, as a row of choices or (`listed`) a list to open."""

    def __init__(self, codes: Any, *, needed: str = "", listed: bool = False, **kwargs: Any) -> None:
        widget = forms.Select(attrs={"class": "input"}) if listed else forms.RadioSelect
        super().__init__(codes, number=False, widget=widget, **kwargs)
        self.choices = [*([("", "请选择")] if listed else []), *codes.choices]
        if needed:
            self.required, self.error_messages["required"] = True, needed


class SeveralField(CodesField):
    def __init__(self, codes: Any, **kwargs: Any) -> None:
        super().__init__(codes, number=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class NumberField(CountField):
    """How many; empty is 0."""

    wrong = "请填数字，没有的不用填。"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**_INPUT, "inputmode": "numeric", "maxlength": 10}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "" if value in (0, None) else value
