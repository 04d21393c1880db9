"""Taking somebody off the list, and deciding that somebody is lost: text to facts, nothing saved."""

from django import forms

from followup.forms.fields import DayField, TextField
from followup.terms import GIVEN_EXCUSES, Contact, LostReason


class OffListForm(forms.Form):
    reason = forms.ChoiceField(
        label="原因",
        widget=forms.RadioSelect,
        choices=[(e.value, e.label) for e in GIVEN_EXCUSES],
        error_messages={"required": "请选择移出名单的原因。"},
    )
    words = TextField(label="说明", help_text="原因选“其他”时必填。")
    again_on = DayField(
        label="再次联系的日期",
        ahead=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "2026-12-07"}),
    )


class LossForm(forms.Form):
    reason = forms.ChoiceField(
        label="失访原因",
        widget=forms.RadioSelect,
        choices=LostReason.choices,
        error_messages={"required": "请选择失访原因。"},
    )
    words = TextField(label="说明", max_length=100, help_text="原因选“其他”时必填。")
    form = forms.ChoiceField(
        label="最近一次怎样查找", widget=forms.RadioSelect, choices=Contact.choices, initial=Contact.HOME.value
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
