"""Forms of the person's own print and of an objection: text to facts; they never save."""

from django import forms

from accounts.form_parts import asked_by_rules
from exchange.forms.joint import Words
from exchange.forms.templates import Day
from registry.terms import ObjectionAbout, ObjectionBy


class AskedForm(forms.Form):
    who = forms.ChoiceField(
        label="谁来查询", choices=ObjectionBy.choices, widget=forms.RadioSelect,
        help_text="先核对来人的证件和与患者的关系。",
        error_messages={"required": "请选择是谁来查询。", "invalid_choice": "请从列出的人里选择。"},
    )  # fmt: skip


class ObjectionForm(forms.Form):
    who = forms.ChoiceField(
        label="谁提出",
        choices=ObjectionBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是谁提出。"},
    )
    about = forms.ChoiceField(
        label="对什么有异议", choices=ObjectionAbout.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择对什么有异议。"},
    )  # fmt: skip
    on = Day(label="提出日期", error_messages={"required": "请填写提出日期。"})
    words = asked_by_rules(
        Words(
            label="怎样说的",
            longest=400,
            rows=4,
            required=False,
            help_text="照来人的意思写，不写病情。对内容或某个单位有异议的，写明是哪一项、哪个单位。",
        )
    )


class WithdrawForm(forms.Form):
    who = forms.ChoiceField(
        label="谁撤回",
        choices=ObjectionBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是谁撤回。"},
    )
    on = Day(label="撤回日期", error_messages={"required": "请填写撤回日期。"})
    words = Words(
        label="为什么撤回", longest=400, rows=4, help_text="照来人的意思写，不写病情。另一个人凭这些话核对。",
        error_messages={"required": "请写明来人为什么撤回。"},
    )  # fmt: skip
