"""Forms of the account administrator. Choices come from what the administrator's area holds."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Division
from accounts.rules.text import TextRefused, clean_name, clean_text, parse_date
from accounts.services.accounts import AssignmentFacts, clean_username
from accounts.terms import AgencyKind, Role

_DATE = {"inputmode": "numeric", "placeholder": "2026-12-07", "autocomplete": "off"}


class DayField(forms.CharField):
    """A day as people type it; today or later may be meant, so a day without a year is this year's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs=_DATE), **kwargs)
        self.today: date | None = None

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text, self.today or date.max)
        except TextRefused as refusal:
            raise ValidationError(str(refusal), code="shape") from None
        has_year = len([sign for sign in text if sign.isdigit()]) > 4
        return day if has_year or self.today is None else day.replace(year=self.today.year)


class PlaceField(forms.CharField):
    """A division by code or by its name, inside the administrator's area."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "places", "autocomplete": "off"}
        super().__init__(max_length=60, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.find: Callable[[str], list[Division]] = lambda text: []

    def clean(self, value: Any) -> Division | None:
        text = super().clean(value)
        if not text:
            return None
        found = self.find(text.split(" ")[0])
        if not found:
            raise ValidationError("您管理的范围里没有这个区划。请输入代码或完整名称。", code="unknown")
        if len(found) > 1:
            codes = "、".join(f"{place.code}（{place.parent}）" for place in found[:4])
            raise ValidationError(f"有 {len(found)} 个同名区划，请改填代码：{codes}。", code="ambiguous")
        return found[0]


class AgencyChoice(forms.ModelChoiceField):
    def label_from_instance(self, agency: Any) -> str:
        return f"{agency.division.name} · {agency.name}"


class AssignmentForm(forms.Form):
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    agency = AgencyChoice(label="单位", queryset=None, empty_label="请选择")
    division = PlaceField(label="负责区划", help_text="村医填村，镇街人员填镇街，县级人员填县。代码或名称都可以。")
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="结束日期（含）", required=False, help_text="其他部门的人员必须填写，到期再续。")

    def __init__(
        self, *args: Any, agencies: Any, find: Callable[[str], list[Division]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["division"].find = find
        for name in ("starts_on", "ends_on"):
            self.fields[name].today = today
        self.fields["starts_on"].initial = today.isoformat()

    def assignment(self) -> AssignmentFacts:
        said = self.cleaned_data
        return AssignmentFacts(Role(said["role"]), said["agency"], said["division"], said["starts_on"], said["ends_on"])


class AccountForm(AssignmentForm):
    username = forms.CharField(label="用户名", max_length=40, help_text="小写字母和数字，3 到 40 位，例如 zhangsan01。")
    display_name = forms.CharField(label="姓名", max_length=40)
    field_order = ("username", "display_name", "role", "agency", "division", "starts_on", "ends_on")

    def clean_username(self) -> str:
        name = clean_username(self.cleaned_data["username"])
        if not (name.isascii() and name.replace("_", "").replace(".", "").isalnum() and len(name) >= 3):
            raise ValidationError("用户名只能用小写字母、数字、点和下划线，至少 3 位。", code="shape")
        return name

    def clean_display_name(self) -> str:
        return _cleaned(lambda text: clean_text(clean_name(text), max_length=40), self.cleaned_data["display_name"])


class EndForm(forms.Form):
    ends_on = DayField(label="最后一天（含）", help_text="要立即停用，请填昨天的日期。")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].today = today
        self.fields["ends_on"].initial = today.isoformat()


class ReasonForm(forms.Form):
    because = forms.CharField(label="原因", max_length=200)

    def clean_because(self) -> str:
        return _cleaned(clean_text, self.cleaned_data["because"])


class ResetForm(forms.Form):
    forget_phone = forms.BooleanField(
        label="手机也换了或丢了：身份验证器一起重设", required=False, help_text="重设后，本人下次登录时要重新扫码。"
    )


class AgencyForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *AgencyKind.choices])
    name = forms.CharField(label="名称", max_length=80)
    division = PlaceField(label="所在区划", help_text="派出所、卫生院填镇街，县级部门填县。")
    duty_phone = forms.CharField(label="值班电话", max_length=20, required=False)

    def __init__(self, *args: Any, find: Callable[[str], list[Division]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].find = find

    def clean_name(self) -> str:
        return _cleaned(clean_text, self.cleaned_data["name"])

    def clean_duty_phone(self) -> str:
        return _cleaned(clean_text, self.cleaned_data["duty_phone"])


def _cleaned(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except TextRefused as refusal:
        raise ValidationError(str(refusal), code="text") from None


def place_options(places: Iterable[Division]) -> list[str]:
    """Suggestions of the place field: code, a space, the name."""
    return [f"{place.code} {place.name}" for place in places]
