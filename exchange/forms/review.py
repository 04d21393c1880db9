"""复核: what a psychiatrist decides, and why."""

from typing import Any

from django import forms

from accounts.rules.text import TextRefused, clean_text

LONGEST_REASON = 200
FALL = "fall"


class ReviewForm(forms.Form):
    """One question: the level that stands, or that it has fallen below what is told to offices."""

    verdict = forms.ChoiceField(label="复核结论", widget=forms.RadioSelect)
    because = forms.CharField(
        label="依据",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": LONGEST_REASON}),
        help_text="例如：12-07 面诊，症状缓解，无冲动行为。只写入审计记录，不发给其他单位。",
    )

    def __init__(self, *args: Any, from_level: int, highest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict = self.fields["verdict"]
        levels = [(str(level), f"确认 {level} 级") for level in range(from_level, highest + 1)]
        verdict.choices = [*levels, (FALL, f"确认已降到 {from_level} 级以下，解除预警")]  # type: ignore[attr-defined]
        verdict.error_messages |= {"required": "请选择复核结论。", "invalid_choice": "请在列出的结论里选一项。"}
        self.fields["because"].error_messages["required"] = "请写明依据。"

    def clean_because(self) -> str:
        try:
            return clean_text(self.cleaned_data["because"], max_length=LONGEST_REASON, lines=True)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    @property
    def level(self) -> int | None:
        """The confirmed level; None when the verdict is a fall."""
        said = self.cleaned_data["verdict"]
        return None if said == FALL else int(said)
