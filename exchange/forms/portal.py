"""Forms of the urgent question, its answer, and the lifting of a stop: text to facts; they never save."""

from django import forms
from django.utils import timezone

from accounts.form_parts import asked_by_rules
from exchange.forms.joint import Words
from exchange.terms import Advice, EmergencyAnswer
from registry.rules.id_number import IdRefused, read_id_number
from registry.rules.phone import PhoneRefused, read_phone

_INPUT = {"class": "input", "autocomplete": "off"}


class AskForm(forms.Form):
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    number = forms.CharField(
        label="证件号", max_length=40, widget=forms.TextInput(attrs={**_INPUT, "inputmode": "text"}),
        help_text="18 位，照证件填写；不能按姓名查。", error_messages={"required": "请填写证件号。"},
    )  # fmt: skip
    scene = Words(
        label="现场情况", longest=200, rows=3, help_text="在哪里、正在发生什么、有没有人受伤。",
        error_messages={"required": "请写现场情况，医生据此判断。"},
    )  # fmt: skip
    phone = Words(label="回电号码", longest=20, error_messages={"required": "请留回电号码，医生用电话答复。"})

    def clean_number(self) -> str:
        """The service reads it again; here its fault is said together with those of the other fields."""
        typed: str = self.cleaned_data["number"]
        try:
            read_id_number(typed, today=timezone.localdate())
        except IdRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return typed

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        try:
            read_phone(typed)
        except PhoneRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return typed


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="答复", choices=[(EmergencyAnswer.PHONED, "已用电话答复"), (EmergencyAnswer.NOTHING, "没有可以提供的信息")],
        widget=forms.RadioSelect, error_messages={"required": "请选择怎样答复。"},
    )  # fmt: skip
    advice = asked_by_rules(forms.MultipleChoiceField(
        label="电话里说了什么", choices=Advice.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text="只说现场用得上的；不说诊断、用药和病史。没有可以提供的信息时不选。",
    ))  # fmt: skip


class LiftForm(forms.Form):
    because = Words(
        label="核查的结果和解除的理由",
        longest=200,
        rows=3,
        error_messages={"required": "请写明核查的结果和解除的理由。"},
    )
