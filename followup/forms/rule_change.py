"""A planned rule: which, what, from when, on what ground."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.rules.policy_keys import POLICY_KEYS, ValueRefused
from followup.forms.fields import DayField, TextField
from followup.rules.rule_change import RULE_KEYS


class RuleForm(forms.Form):
    key = forms.ChoiceField(label="规则", choices=[(key, POLICY_KEYS[key].label) for key in RULE_KEYS])
    value = forms.CharField(
        label="新的值", max_length=3, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    starts_on = DayField(
        label="生效日期",
        ahead=True,
        help_text="从这一天的随访起按新的规则；以前的随访，补录的也在内，仍按原来的规则。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "2026-12-07"}),
    )
    basis = TextField(label="依据", help_text="文号或会议。")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("starts_on") is None and "starts_on" not in self.errors:
            self.add_error("starts_on", "请填写生效日期。")
        elif said.get("starts_on") and said["starts_on"] < timezone.localdate():
            self.add_error("starts_on", "生效日期不能早于今天：已经给出的分类和日期不变。")
        if not said.get("basis") and "basis" not in self.errors:
            self.add_error("basis", "请写明依据，例如文号。")
        if "key" in said and "value" in said:
            try:
                said["value"] = int(POLICY_KEYS[said["key"]].read(said["value"].strip()))
            except ValueRefused as refusal:
                self.add_error("value", str(refusal))
        return said
