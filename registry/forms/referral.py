"""Forms of stays, referrals, the emergency channel and help with admission: text into facts, never a save."""

from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules
from registry.forms.fields import CodeField, DateField, NameField, PlainField
from registry.rules.referral import RETURN, SLIP
from registry.terms import (
    AdmissionKind,
    DestinationCategory,
    DischargeKind,
    Ground,
    GuardianAble,
    HelpDirection,
    OpinionResult,
    ReferralReason,
    SentBy,
)

YES_NO = [("1", "同意"), ("0", "不同意")]
_LONG = {"present", "past", "treatment", "checks", "advice"}


def _said(choices: Any) -> list[tuple[str, str]]:
    return [(code, label) for code, label in choices if code]


class HospitalForm(forms.Form):
    """A hospital of the list, or the name of another one."""

    hospital = asked_by_rules(CodeField(label="医院", codes=(), required=False))
    hospital_name = asked_by_rules(
        PlainField(label="其他医院名称", max_length=100, required=False, help_text="列表里没有时填写。")
    )

    def __init__(self, *args: Any, hospitals: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hospital"].choices = [("", "请选择"), *hospitals]  # type: ignore[attr-defined]


class AdmitForm(HospitalForm):
    admitted_on = DateField(label="入院日期")
    kind = CodeField(label="入院方式", codes=_said(AdmissionKind.choices), required=False)


class PastStayForm(AdmitForm):
    discharged_on = DateField(label="出院日期")
    discharge_kind = CodeField(label="出院方式", codes=_said(DischargeKind.choices), required=False)


class DischargeForm(forms.Form):
    discharged_on = DateField(label="出院日期")
    kind = CodeField(label="出院方式", codes=_said(DischargeKind.choices)[:4], required=False)


class SlipForm(forms.Form):
    """The slip's own fields, in paper order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.slip_fields:
            widget = forms.Textarea(attrs={"rows": 3}) if name in _LONG else None
            wanted = {"widget": widget} if widget else {}
            self.fields[name] = PlainField(
                label=label, max_length=500 if name in _LONG else 100, required=name in self.needed, **wanted
            )

    slip_fields: tuple[tuple[str, str], ...] = ()
    needed: frozenset[str] = frozenset()

    def slip(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] or "" for name, _ in self.slip_fields}


class ReferralForm(SlipForm):
    slip_fields, needed = SLIP, frozenset({"impression", "present"})
    category = CodeField(
        label="患者类别", codes=DestinationCategory.choices, help_text="系统按县级收治表提示去哪家医院，可以另选。"
    )
    to = asked_by_rules(CodeField(label="转入医院", codes=(), required=False))
    to_name = asked_by_rules(
        PlainField(label="其他医院名称", max_length=100, required=False, help_text="列表里没有时填写。")
    )
    on = DateField(label="转诊日期")
    reason = CodeField(label="转出主要原因", codes=ReferralReason.choices)
    urgent = forms.BooleanField(label="应急处置绿色通道", required=False)

    def __init__(self, *args: Any, hospitals: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "按患者类别"), *hospitals]  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    admitted_on = DateField(label="收住院日期", required=False, help_text="门诊处理、没有收住院的不填。")
    kind = CodeField(label="入院方式", codes=_said(AdmissionKind.choices), required=False)


class BecauseForm(forms.Form):
    because = PlainField(label="原因", max_length=200)


class ReturnForm(SlipForm):
    slip_fields, needed = RETURN, frozenset({"diagnosis", "advice"})
    discharged_on = DateField(label="出院日期", required=False, help_text="没有住院的不填。")


class PassageForm(forms.Form):
    hospital_name = PlainField(label="送往医院", max_length=100)
    sent_by = CodeField(label="送诊主体", codes=SentBy.choices)
    sent_by_name = PlainField(label="送诊人或单位", max_length=100, required=False)
    arrived_on = DateField(label="送达日期")
    ground = CodeField(label="医院告知的依据（第三十条）", codes=Ground.choices, required=False)
    guardian_agrees = CodeField(label="监护人对住院的意见", codes=YES_NO, required=False)
    concluded_on = DateField(label="收到诊断结论日期", required=False)
    first_doctor = NameField(label="初次诊断医师", required=False)
    second_asked_on = DateField(label="要求再次诊断日期", required=False)
    second_doctors = PlainField(label="再次诊断的两名医师", max_length=100, required=False)
    second_on = DateField(label="再次诊断日期", required=False)
    second_result = CodeField(label="再次诊断结论", codes=OpinionResult.choices, required=False)
    appraisal_asked_on = DateField(label="委托鉴定日期", required=False)
    appraisal_body = PlainField(label="鉴定机构", max_length=100, required=False)
    appraisal_on = DateField(label="鉴定报告日期", required=False)
    appraisal_result = CodeField(label="鉴定结论", codes=OpinionResult.choices, required=False)

    def values(self) -> dict[str, Any]:
        """As the columns hold them."""
        said = dict(self.cleaned_data)
        for name in ("ground", "second_result", "appraisal_body", "appraisal_result"):
            said[name] = said[name] or ""
        agrees = said["guardian_agrees"]
        return said | {"guardian_agrees": None if agrees is None else agrees == "1"}


class HelpForm(forms.Form):
    direction = CodeField(label="事项", codes=HelpDirection.choices)
    guardian = CodeField(label="监护人情况", codes=GuardianAble.choices)
    asked_on = DateField(label="提出日期")
    asked_by = PlainField(label="由谁提出", max_length=100, required=False, help_text="监护人、医院或村（居）委会。")


class HelpStepForm(forms.Form):
    after = CodeField(label="办到哪一步", codes=[("arranged", "已安排护送"), ("done", "已办结"), ("cancelled", "取消")])
    on = DateField(label="日期")
    escorts = PlainField(label="护送人员", max_length=200, required=False, help_text="村干部、民警、精防人员等。")
    signed_by = PlainField(label="手续由谁签字", max_length=100, required=False)
    note = PlainField(label="办理情况或取消原因", max_length=200, required=False)


class DestinationForm(HospitalForm):
    category = CodeField(label="患者类别", codes=DestinationCategory.choices)
    starts_on = DateField(label="开始日期")
    basis = PlainField(label="依据", max_length=100, required=False)
