"""Small forms about teams, links and staff of a township."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.form_parts import DecimalNumberField, WholeNumberField
from accounts.terms import AgencyKind
from registry.forms.fields import CodeField, DateField, NameField, PhoneField, PlainField
from registry.terms import Assessment

Choices = list[tuple[str, str]]


class Choosing(forms.Form):
    """Fields whose choices depend on the township: offered by the view."""

    def __init__(self, *args: Any, offers: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offers.items():
            self.fields[name].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]


class MemberForm(Choosing):
    group = CodeField(label="小组", codes=())
    name = NameField(label="姓名")
    agency_kind = CodeField(label="所属部门", codes=AgencyKind.choices)
    post = PlainField(label="职务", max_length=40, required=False)
    phone = PhoneField(label="电话", required=False)
    leads = forms.BooleanField(label="担任组长", required=False)
    on = DateField(label="从哪天起")


class MemberEndForm(Choosing):
    slot = CodeField(label="成员", codes=())
    on = DateField(label="从哪天起不再担任")


class LinkForm(Choosing):
    place = CodeField(label="乡镇（街道）或村（社区）", codes=())
    psychiatrist = CodeField(label="精神科医师", codes=(), required=False, help_text="不选表示结束联系。")
    on = DateField(label="从哪天起")


class StaffForm(Choosing):
    slot = CodeField(label="人员", codes=(), required=False, help_text="不选是新增一人；选已有的人是调整折合比例。")
    name = NameField(label="姓名")
    share = WholeNumberField(label="折合全职（%）", lowest=1, highest=100, help_text="专职填 100，兼一半填 50。")
    post = PlainField(label="岗位或资质", max_length=40, required=False)
    phone = PhoneField(label="电话", required=False)
    on = DateField(label="从哪天起")


class StaffEndForm(Choosing):
    slot = CodeField(label="人员", codes=())
    on = DateField(label="从哪天起离岗")


class StaffYearForm(Choosing):
    slot = CodeField(label="人员", codes=())
    year = WholeNumberField(label="年份", lowest=2010, highest=2100)
    hours = DecimalNumberField(label="培训学时", lowest=Decimal("0"), highest=Decimal("999"), places=1)
    result = CodeField(label="考核", codes=Assessment.choices, required=False)
