"""Forms of incidents and emergency records: text to typed facts; they never save."""

from dataclasses import asdict, fields
from typing import Any
from uuid import uuid4

from django import forms

from accounts.form_parts import asked_by_rules, asked_when, may_stay_empty
from accounts.terms import RiskLevel
from followup import terms
from followup.forms.fields import DayField, TickField
from followup.forms.moments import MomentField, NumberField, OneField, SeveralField, WordsField
from followup.rules.choice import Problem
from followup.rules.emergencies import NEEDED, EmergencyFacts
from followup.rules.incidents import IncidentFacts, remarks

LEVELS = [(str(level.value), f"{level.value} 级：{level.label}") for level in RiskLevel]


class LevelField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=LEVELS, coerce=int, empty_value=None, widget=forms.RadioSelect, **kwargs)
        self.error_messages |= {"required": "请选择等级。", "invalid_choice": "没有这个等级，请重新选择。"}


class PaperForm(forms.Form):
    """Shared: the form's own number, refusals beside their fields, panels for the page."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    panels: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def clean_form_id(self) -> Any:
        return self.cleaned_data["form_id"] or uuid4()

    def refuse(self, found: Any) -> None:
        for problem in found:
            field = problem.field if problem.field in self.fields else None
            if field is None or field not in self.errors:
                self.add_error(field, problem.message)

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """Title and fields of each panel, and whether all of it may stay empty: then that is said once."""
        found = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.panels]
        return [(title, asked, all(may_stay_empty(one.field) for one in asked)) for title, asked in found]


class IncidentForm(PaperForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    happened_at = MomentField(label="发生时间")
    place = WordsField(label="发生地点", needed="请写明发生地点。")
    minor_trouble = NumberField(label="轻度滋事（次）")
    trouble = NumberField(label="肇事（次）")
    crime = NumberField(label="肇祸（次）")
    other_harm = NumberField(label="其他危害行为（次）")
    self_harm = NumberField(label="自伤（次）")
    suicide_attempt = NumberField(label="自杀未遂（次）")
    level = LevelField(label="这次行为的危险性等级")
    confirmed = TickField(label="等级和人数已核对")
    harm = WordsField(label="受害人和后果", lines=True, max_length=500)
    injured = NumberField(label="受伤人数")
    dead = NumberField(label="死亡人数")
    loss_yuan = NumberField(label="财物损失（元）")
    police_case = WordsField(label="公安机关案（事）件编号", max_length=60)
    handling = WordsField(label="处理经过", lines=True, max_length=1000)
    sent_to_hospital = TickField(label="已送医")
    hospital = asked_when("sent_to_hospital", ["on"], WordsField(label="送到哪家医院", max_length=80), needed=True)
    legal_result = OneField(terms.LegalResult, label="法律处理", listed=True)
    legal_text = WordsField(label="法律处理说明")
    meeting_on = DayField(
        label="评估会日期", widget=forms.TextInput(attrs={"class": "input", "placeholder": "年-月-日"})
    )
    meeting_text = WordsField(label="评估会结论", lines=True, max_length=500)

    panels = (
        ("时间和地点", ("happened_at", "place")),
        ("行为和次数（至少一种）", ("minor_trouble", "trouble", "crime", "other_harm", "self_harm", "suicide_attempt")),
        ("危险性", ("level", "confirmed")),
        ("后果", ("harm", "injured", "dead", "loss_yuan")),
        ("处理", ("police_case", "handling", "sent_to_hospital", "hospital")),
        ("后来", ("legal_result", "legal_text", "meeting_on", "meeting_text")),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            odd = remarks(self.facts())
            if odd and not data.get("confirmed"):
                words = "确认无误请勾选“等级和人数已核对”。"
                self.refuse([Problem(one.field, f"{one.message}{words}") for one in odd])
        return data

    def facts(self) -> IncidentFacts:
        data = self.cleaned_data
        values = {f.name: data[f.name] for f in fields(IncidentFacts)}
        return IncidentFacts(**{**values, "legal_result": data["legal_result"] or terms.LegalResult.NONE})


def incident_initial(facts: IncidentFacts, version: int) -> dict[str, Any]:
    return {**asdict(facts), "version": version, "confirmed": True}


class ConfirmForm(forms.Form):
    source = OneField(terms.ConfirmedFrom, label="依据", needed="请选择确认的依据。")


class EndForm(forms.Form):
    because = WordsField(label="原因", needed="请写明原因。")


class EmergencyOpenForm(forms.Form):
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    started_at = MomentField(label="处置开始时间")


class EmergencyForm(PaperForm):
    """表1-9, in its order."""

    report_area = WordsField(label="报告地区", max_length=60)
    report_unit = WordsField(label="报告单位", max_length=80)
    handling_unit = WordsField(label="处置单位", max_length=80)
    first_place = WordsField(label="第一处置地点", max_length=100)
    reporter = WordsField(label="报告人", max_length=40)
    reported_at = MomentField(label="报告时间")
    channel = WordsField(label="报告途径", max_length=40, help_text="例如：电话、上门、110 转来")
    reporter_role = OneField(terms.ReporterRole, label="报告人身份", listed=True)
    reporter_other = asked_when(
        "reporter_role", [terms.ReporterRole.OTHER], WordsField(label="其他身份", max_length=40), needed=True
    )
    started_at = MomentField(label="处置开始时间")
    ended_at = MomentField(label="处置结束时间")
    scene = WordsField(label="现场情况描述", lines=True, max_length=1000)
    police = WordsField(label="公安机关人员", max_length=80)
    police_unit = WordsField(label="所在单位", max_length=80)
    worker = WordsField(label="精防医生", max_length=80)
    psychiatrist = WordsField(label="精神科医师", max_length=80)
    nurse = WordsField(label="精神科护士", max_length=80)
    others = WordsField(label="其他人员", max_length=120)
    reasons = SeveralField(terms.EmergencyReason, label="处置缘由（可多选）")
    reason_other = asked_when(
        "reasons", [terms.EmergencyReason.OTHER], WordsField(label="其他缘由", max_length=100), needed=True
    )
    measures = SeveralField(terms.EmergencyMeasure, label="主要处置措施（可多选）")
    measure_other = asked_when(
        "measures", [terms.EmergencyMeasure.OTHER], WordsField(label="其他措施", max_length=100), needed=True
    )
    diagnosis_sure = OneField(terms.DiagnosisSure, label="诊断")
    diagnosis = WordsField(label="诊断名称", max_length=80)
    effect = OneField(terms.EmergencyEffect, label="处置效果", help_text="选项为本系统所拟，可由县里改定")
    subject = OneField(terms.EmergencySubject, label="处置对象来源", help_text="选项为本系统所拟，可由县里改定")
    injured = NumberField(label="受伤人数")
    dead = NumberField(label="死亡人数")
    loss_yuan = NumberField(label="财物损失（元）")
    nature = WordsField(label="处置性质", max_length=60)
    handed_over = WordsField(label="资料移交", max_length=100, help_text="移交给谁、什么材料")
    payment = WordsField(label="费用支付方式", max_length=60)
    filled_by = WordsField(label="填表人", max_length=40)
    filled_on = DayField(label="填表日期", widget=forms.TextInput(attrs={"class": "input", "placeholder": "年-月-日"}))

    panels = (
        ("报告", ("report_area", "report_unit", "reporter", "reported_at", "channel", "reporter_role",
                "reporter_other")),
        ("处置", ("handling_unit", "first_place", "started_at", "ended_at", "scene")),
        ("到场人员", ("police", "police_unit", "worker", "psychiatrist", "nurse", "others")),
        ("缘由和措施", ("reasons", "reason_other", "measures", "measure_other")),
        ("诊断和效果", ("diagnosis_sure", "diagnosis", "effect", "subject")),
        ("后果和移交", ("injured", "dead", "loss_yuan", "nature", "handed_over", "payment")),
        ("填表", ("filled_by", "filled_on")),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED:
            asked_by_rules(self.fields[name])

    def facts(self) -> EmergencyFacts:
        return EmergencyFacts(**{f.name: self.cleaned_data[f.name] for f in fields(EmergencyFacts)})


class CheckForm(forms.Form):
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    checked_at = MomentField(label="复查时间")
    stable = forms.ChoiceField(
        choices=[("1", "平稳"), ("0", "不平稳")],
        widget=forms.RadioSelect,
        label="情况",
        error_messages={"required": "请选择平稳还是不平稳。"},
    )
    note = WordsField(label="说明", max_length=200)
