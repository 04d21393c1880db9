"""复核: what a psychiatrist decides, and why."""

from django import forms

from accounts.rules.text import TextRefused, clean_text
from exchange.terms import Verdict

LONGEST_REASON = 200


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label="复核结论", choices=Verdict, widget=forms.RadioSelect)
    level = forms.TypedChoiceField(label="确认的等级", coerce=int, empty_value=None, required=False)
    because = forms.CharField(
        label="依据",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": LONGEST_REASON}),
        help_text="例如：12-07 面诊，症状缓解，无冲动行为。写入审计，不发给其他单位。",
    )

    def __init__(self, *args: object, from_level: int, highest: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        level = self.fields["level"]
        assert isinstance(level, forms.TypedChoiceField)  # noqa: S101 - declared above
        level.choices = [(n, f"{n} 级") for n in range(from_level, highest + 1)]
        level.help_text = "只有确认等级时要选。"
        self.fields["verdict"].error_messages |= {
            "required": "请选择复核结论。",
            "invalid_choice": "请选两项之一。",
        }
        level.error_messages["invalid_choice"] = f"等级只有 {from_level} 到 {highest} 级。"
        self.fields["because"].error_messages["required"] = "请写明依据。"

    def clean_because(self) -> str:
        try:
            return clean_text(self.cleaned_data["because"], max_length=LONGEST_REASON)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Verdict.CONFIRM and cleaned.get("level") is None and "level" not in self.errors:
            self.add_error("level", "请选择确认的等级。")
        return cleaned
