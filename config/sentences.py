"""What a form says where neither its field nor a rule has a sentence of its own.

Django's own sentences (该字段是必填项, 确保该值小于或等于24) speak of fields and variables, not to the person. A field with
limits says them itself: accounts.form_parts.WholeNumberField, DecimalNumberField.
"""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

UNSEEN = "含有看不见的控制字符，请删去后重新输入。"
_LIST = {
    "invalid_choice": "没有这个选项，请从列出的里面选。", "invalid_list": "请从列出的里面重新选。",
    "invalid_pk_value": "没有这个选项，请从列出的里面选。",
}  # fmt: skip
SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {
        "required": "请填写这一项。",
        "min_value": "请填不小于 %(limit_value)s 的数。",
        "max_value": "请填不大于 %(limit_value)s 的数。",
        "max_digits": "数字太长：最多 %(max)s 位。",
        "max_decimal_places": "最多写 %(max)s 位小数。",
        "max_whole_digits": "数字太大：小数点前最多 %(max)s 位。",
        "min_length": "太短：至少 %(limit_value)d 个字，现有 %(show_value)d 个。",
        "max_length": "太长：最多 %(limit_value)d 个字，现有 %(show_value)d 个。",
        "null_characters_not_allowed": UNSEEN,
    },
    forms.IntegerField: {"invalid": "请填整数。"},
    forms.DecimalField: {"invalid": "请填数字。"},
    forms.DateField: {"invalid": "请填日期，例如 2026-12-07。"},
    forms.DateTimeField: {"invalid": "请填日期和时间，例如 2026-11-24 15:30。"},
    forms.UUIDField: {"invalid": "页面已经过期。请刷新页面后重新填写。"},  # hidden: nobody types one
    forms.FileField: {
        "invalid": "请重新选择文件。", "missing": "请选择文件。", "empty": "文件是空的。",
        "max_length": "文件名太长：最多 %(max)d 个字，现有 %(length)d 个。",
    },
    forms.ChoiceField: _LIST,
    forms.MultipleChoiceField: _LIST,
    forms.ModelChoiceField: _LIST,
}  # fmt: skip


def speak() -> None:
    """Before any form is made: a field takes its sentences when it is made."""
    for kind, said in SENTENCES.items():
        known: Any = kind.default_error_messages
        known.update(said)
    ProhibitNullCharactersValidator.message = UNSEEN  # a list of rows asks it before its own sentences are looked at
