"""Small forms about the people around a patient."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.form_parts import DecimalNumberField, asked_when
from accounts.terms import AgencyKind
from registry.forms.fields import CodeField, DateField, NameField, PhoneField, PlainField
from registry.terms import HELPERS, GuardianshipState, Relation, SocialKind

YES_NO = (("1", "有"), ("0", "没有（取消）"))


class GuardianForm(forms.Form):
    name = NameField(label="监护人姓名")
    relation = CodeField(label="与患者关系", codes=Relation.choices)
    phone = PhoneField(label="电话", required=False)
    address = PlainField(label="监护人住址", required=False)
    duty = PlainField(
        label="监护职责", max_length=100, required=False, help_text="例如：照料生活、督促服药、陪同就诊。"
    )
    payee = forms.BooleanField(label="监护补助由此人领取", required=False)
    on = DateField(label="从哪天起", help_text="同一天再填是更正；另一天是换人，原来的人保留在记录里。")


class EndForm(forms.Form):
    on = DateField(label="从哪天起不再担任")


class AssistantForm(forms.Form):
    name = NameField(label="协助监护人姓名")
    relation = CodeField(label="与患者关系", codes=Relation.choices, required=False)
    phone = PhoneField(label="电话", required=False)
    duty = PlainField(label="职责", max_length=100, required=False)
    payee = forms.BooleanField(label="监护补助由此人领取", required=False)
    on = DateField(label="从哪天起")


class HelperForm(forms.Form):
    role = CodeField(label="身份", codes=[(role.value, role.label) for role in HELPERS])
    name = NameField(label="姓名")
    phone = PhoneField(label="电话", required=False)
    duty = PlainField(label="职责", max_length=100, required=False)
    on = DateField(label="从哪天起", help_text="每种身份同一时间一人；填新的人，原来的人自这一天起不再担任。")


class CompanionEndForm(forms.Form):
    slot = CodeField(label="谁", codes=())
    on = DateField(label="从哪天起不再担任")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]


class GuardianshipForm(forms.Form):
    state = CodeField(label="监护状态", codes=GuardianshipState.choices)
    note = PlainField(label="说明", required=False)
    on = DateField(label="从哪天起")


class SocialForm(forms.Form):
    kind = CodeField(label="项目", codes=SocialKind.choices)
    holds = CodeField(label="有没有", codes=YES_NO, digits=False)
    on = DateField(label="认定日期")
    source = CodeField(label="来源单位", codes=AgencyKind.choices)
    grade = asked_when(
        "kind", [SocialKind.DISABILITY],
        CodeField(
            label="残疾等级", codes=[("1", "一级"), ("2", "二级"), ("3", "三级"), ("4", "四级")], required=False,
            help_text="只在残疾人证时填。",
        ),
    )  # fmt: skip
    number = asked_when(
        "kind", [SocialKind.DISABILITY],
        PlainField(label="残疾证号", max_length=20, required=False, help_text="加密保存。"),
    )  # fmt: skip
    note = PlainField(label="说明", max_length=100, required=False)


class TrainingForm(forms.Form):
    on = DateField(label="培训日期")
    topic = PlainField(label="内容", max_length=100)
    hours = DecimalNumberField(label="学时", lowest=Decimal("0.5"), highest=Decimal("24"), places=1)
    attended = NameField(label="参加人")
