"""Forms of medication: text to typed facts; they never save."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.form_parts import asked_when
from followup import terms
from followup.forms.fields import DayField
from followup.forms.incident import PaperForm
from followup.forms.moments import NumberField, OneField, WordsField
from followup.rules.injections import InjectionFacts
from followup.rules.medicines import Entry
from followup.rules.prescriptions import PrescriptionFacts
from followup.rules.supplies import SupplyFacts

OTHERS = [one.value for one in terms.Receiver if one is not terms.Receiver.SELF]
DAY = {"class": "input", "autocomplete": "off", "placeholder": "年-月-日，今年的可以只写 12-07", "maxlength": 20}


def day(label: str, **kwargs: Any) -> DayField:
    return DayField(label=label, widget=forms.TextInput(attrs=DAY), **kwargs)


def must(field: Any, sentence: str) -> Any:
    """The field has to be filled in; the service asks again."""
    field.required = True
    field.error_messages["required"] = sentence
    return field


class DoseField(WordsField):
    """A number as it is typed; the rule says whether it can be one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"


class DrugNameField(WordsField):
    """Offers the names of the dictionary while typing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.widget.attrs["list"] = "medicines"


class DaysField(NumberField):
    wrong = "请填天数，例如 30。"


class PrescriptionForm(PaperForm):
    name = DrugNameField(label="药名", needed="请填药名。")
    morning = DoseField(label="早")
    noon = DoseField(label="中")
    evening = DoseField(label="晚")
    every_weeks = DoseField(label="每几周一次", help_text="只有长效针剂填")
    each = DoseField(label="每次剂量", help_text="只有长效针剂填")
    unit = OneField(terms.DoseUnit, label="剂量单位", needed="请选择剂量单位。")
    starts_on = must(day("开始日期"), "请填开始日期。")
    prescriber = WordsField(label="开方医师", max_length=60, needed="请填开方医师。")

    panels = (
        ("药品", ("name", "prescriber", "starts_on")),
        ("每天口服的", ("morning", "noon", "evening")),
        ("长效针剂", ("every_weeks", "each")),
        ("单位", ("unit",)),
    )

    def facts(self) -> PrescriptionFacts:
        data = self.cleaned_data
        doses = {name: data[name] for name in ("morning", "noon", "evening", "every_weeks", "each")}
        return PrescriptionFacts(
            name=data["name"], starts_on=data["starts_on"], prescriber=data["prescriber"], unit=data["unit"], **doses
        )


class StopForm(forms.Form):
    reason = forms.ChoiceField(
        label="原因",
        choices=[(str(one), one.label) for one in (terms.StopReason.STOPPED, terms.StopReason.WRONG)],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择停药还是登记有误。", "invalid_choice": "没有这个选项，请重新选择。"},
    )
    ends_on = must(day("从哪天起停"), "请填从哪天起停。")


class InjectionForm(PaperForm):
    prescription = forms.TypedChoiceField(
        label="处方",
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是哪张长效针剂处方。", "invalid_choice": "没有这张处方，请重新选择。"},
    )
    given_on = must(day("注射日期"), "请填注射日期。")
    dose = DoseField(label="剂量", help_text="单位和处方相同", needed="请填剂量。")
    batch = WordsField(label="批号", max_length=40, needed="请填批号，在药盒上。")
    site = OneField(terms.InjectionSite, label="注射部位", needed="请选择注射部位。")
    given_by = WordsField(label="注射人", max_length=60, needed="请填注射人。")
    early_doctor = WordsField(label="提前注射的医嘱：哪位医师", max_length=60)
    early_reason = WordsField(label="提前注射的医嘱：原因", max_length=200, help_text="例如：起始给药第二针")
    note = WordsField(label="备注", lines=True, max_length=300)

    panels = (
        ("注射", ("prescription", "given_on", "dose", "site", "batch", "given_by")),
        ("早于间隔的才填", ("early_doctor", "early_reason")),
        ("备注", ("note",)),
    )

    def __init__(self, *args: Any, prescriptions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prescription"].choices = prescriptions  # type: ignore[attr-defined]

    def facts(self) -> InjectionFacts:
        names = ("given_on", "dose", "batch", "site", "given_by", "early_doctor", "early_reason", "note")
        return InjectionFacts(**{name: self.cleaned_data[name] for name in names})


class AmountField(DoseField):
    """To a Decimal; what is no number is said to be none."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            raise ValidationError("数量：请填数字，例如 2。") from None


class DispensingForm(PaperForm):
    name = DrugNameField(label="药名", needed="请填药名。")
    handed_on = must(day("发放日期"), "请填发放日期。")
    amount = AmountField(label="数量", needed="请填数量。")
    pack = OneField(terms.PackUnit, label="数量的单位", needed="请选择数量的单位。")
    batch = WordsField(label="批号", max_length=40, needed="请填批号，在药盒上。")
    days = must(DaysField(label="够用天数"), "请填够用天数。")
    receiver = OneField(terms.Receiver, label="领药人", needed="请选择领药人。")
    receiver_name = asked_when(
        "receiver", OTHERS, WordsField(label="领药人姓名", max_length=50, help_text="本人领的不用填"), needed=True
    )
    receiver_relation = asked_when("receiver", OTHERS, WordsField(label="与患者的关系", max_length=30))
    handed_by = WordsField(label="发药人", max_length=60, needed="请填发药人。")
    note = WordsField(label="备注", lines=True, max_length=300)

    panels: Any = (
        ("发了什么", ("name", "amount", "pack", "batch", "days", "handed_on")),
        ("谁领的", ("receiver", "receiver_name", "receiver_relation", "handed_by")),
        ("备注", ("note",)),
    )

    def facts(self) -> SupplyFacts:
        data = self.cleaned_data
        return SupplyFacts(**{name: data[name] for name in (
            "name", "handed_on", "amount", "pack", "batch", "days", "receiver", "receiver_name", "receiver_relation",
            "handed_by", "note",
        )})  # fmt: skip


class DispensingCorrectForm(DispensingForm):
    because = WordsField(label="更正的原因", needed="请写明更正的原因。")

    panels = (("更正", ("because",)), *DispensingForm.panels)


class StrikeForm(forms.Form):
    because = WordsField(label="作废的原因", needed="请写明作废的原因。")


class MedicineForm(forms.Form):
    """A drug of the county's own."""

    name = WordsField(label="通用名", max_length=60, needed="请填通用名。")
    kind = OneField(terms.DrugClass, label="类别", needed="请选择类别。", listed=True)
    form = OneField(terms.DoseForm, label="剂型", needed="请选择剂型。")
    unit = OneField(terms.DoseUnit, label="剂量单位", needed="请选择剂量单位。")
    interval_days = DaysField(label="注射间隔（天）", help_text="只有长效针剂填")
    essential = forms.ChoiceField(
        label="基本药物", choices=[("", "未标"), ("1", "是"), ("0", "不是")], widget=forms.RadioSelect, required=False
    )

    def entry(self) -> Entry:
        data = self.cleaned_data
        return Entry(
            code="county", name=data["name"], kind=data["kind"], form=data["form"], unit=data["unit"],
            interval_days=data["interval_days"] or None, essential={"1": True, "0": False}.get(data["essential"]),
        )  # fmt: skip
