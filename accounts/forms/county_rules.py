"""Forms of the county office: one dated setting, one day of the calendar."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.accounts import DayField
from accounts.rules.policy_keys import PLANNED, POLICY_KEYS, ValueRefused
from accounts.rules.text import TextRefused, clean_text


class PolicyForm(forms.Form):
    key = forms.ChoiceField(
        label="项目",
        choices=[("", "请选择"), *((key, facts.label) for key, facts in POLICY_KEYS.items() if key not in PLANNED)],
    )
    value = forms.CharField(label="新的值", max_length=10, help_text="数字，或“是”“否”。")
    starts_on = DayField(label="生效日期", help_text="从这一天起按新的值，以前的日子仍按原来的值。")
    basis = forms.CharField(label="依据", max_length=200, help_text="文号或会议，例如“酉阳卫发〔2026〕12号”。")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].today = today

    def clean_basis(self) -> str:
        return _cleaned(self.cleaned_data["basis"], 200)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "key" in said and "value" in said:
            try:
                said["value"] = POLICY_KEYS[said["key"]].read(_cleaned(said["value"], 10))
            except ValueRefused as refusal:
                self.add_error("value", str(refusal))
        return said


class CalendarDayForm(forms.Form):
    day = DayField(label="日期")
    is_working = forms.ChoiceField(
        label="这一天", choices=[("1", "上班"), ("0", "休息")], widget=forms.RadioSelect, initial="0"
    )
    note = forms.CharField(label="说明", max_length=60, help_text="例如“春节调休上班”。")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].today = today

    def clean_note(self) -> str:
        return _cleaned(self.cleaned_data["note"], 60)


def _cleaned(text: str, longest: int) -> str:
    try:
        return clean_text(text, max_length=longest)
    except TextRefused as refusal:
        raise ValidationError(str(refusal), code="text") from None
