"""Forms about the schemes of a county: a shipped one or the county's own file, from a day on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.form_parts import asked_by_rules
from subsidy.forms.fields import DayField, WordsField
from subsidy.queries.presets import preset_ids, preset_text, preset_title
from subsidy.services.schemes import LONGEST_TEXT


class AdoptForm(forms.Form):
    preset = asked_by_rules(forms.ChoiceField(label="以哪份办法为准", required=False, help_text="有本县文件的不用选。"))
    file = forms.FileField(
        label="本县的办法文件", required=False, allow_empty_file=True, help_text="TOML 文件。选了文件，就不看上面选的。",
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )  # fmt: skip
    starts_on = DayField(label="从哪天起", ahead=True)
    basis = WordsField(label="依据", needed="请写明依据，例如文号。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one, preset_title(one)) for one in preset_ids()]
        self.fields["preset"].choices = [("", "请选择"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("file") and not said.get("preset") and "preset" not in self.errors:
            self.add_error("preset", "请选一份办法，或选本县的文件。")
        return said

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if not file:
            return ""
        try:
            text = file.read(LONGEST_TEXT * 4 + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError("文件不是 UTF-8 文字。请另存为 UTF-8 再选。") from None
        if "\x00" in text or not text.strip():
            raise ValidationError("文件是空的，或含有看不见的字符。请核对后重新选择。")
        return text  # type: ignore[no-any-return]

    def text(self) -> str:
        said = self.cleaned_data
        return said["file"] or preset_text(said["preset"])


class StopForm(forms.Form):
    because = WordsField(label="停用的原因", needed="请写明停用的原因。")
