"""Uploading a file, deciding what it said otherwise, asking for a list."""

from typing import Any

from django import forms

from registry.forms.fields import CodeField, PlaceField, PlainField
from registry.terms import ExportKind


class UploadForm(forms.Form):
    file = forms.FileField(
        label="患者表", help_text="第一行是列名的 .xlsx 或 .csv，最多 10 MB、5000 行。上传后先检查，不会马上写入。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )  # fmt: skip


class ExportForm(forms.Form):
    kind = CodeField(label="种类", codes=ExportKind.choices, digits=False)
    place = PlaceField(label="范围")
    purpose = PlainField(label="用途", max_length=200)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].offer(places)  # type: ignore[attr-defined]
