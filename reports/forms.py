"""Text from the reported-value and report pages, turned into facts. Nothing is saved here."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_text, parse_date
from reports.rules.cut import FIRST_DAY
from reports.rules.pack import Pack, Row
from reports.rules.spans import Span
from reports.terms import FreezeKind, Rung, Supervisor

LARGEST = Decimal("999999999999.99")


class TextField(forms.CharField):
    """Normalised text; what cannot be text says why."""

    def clean(self, value: Any) -> str:
        try:
            text = clean_text(value, max_length=self.max_length or 200)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal), code="text") from refusal
        return str(super().clean(text))


class DayField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text, timezone.localdate())
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal), code="day") from refusal
        if day < FIRST_DAY:
            raise forms.ValidationError("年份太早。请核对日期。", code="early")
        return day


class AmountField(forms.CharField):
    """A number with at most two decimals; thousands commas and full-width digits are understood."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = Decimal(clean_text(text, max_length=30).replace(",", "").replace("，", ""))
        except (TextRefused, InvalidOperation) as error:
            raise forms.ValidationError("不是一个数。请只写数字，例如 138 或 852640。", code="number") from error
        if not number.is_finite() or abs(number) > LARGEST or number != round(number, 2):
            raise forms.ValidationError("这个数太大，或小数超过两位。", code="number")
        return number


class ReportedValueForm(forms.Form):
    """One value of one row; what the fields ask depends on the row."""

    period_to = DayField(label="数据截至", max_length=20, help_text="从当年 1 月 1 日算到这一天。")
    numerator = AmountField(label="数量", max_length=30)
    denominator = AmountField(label="分母", max_length=30)
    evidence = TextField(
        label="依据",
        max_length=200,
        required=False,
        help_text="文件名称、文号或统计表，便于核对。不写的请上传依据文件。",
    )
    file = forms.FileField(
        label="依据文件",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        help_text="PDF、JPEG 或 PNG，不超过 5 MB。只放统计数，不要上传有患者姓名的名单。",
    )

    def __init__(self, *args: Any, row: Row, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.unit.is_fraction:
            self.fields["numerator"].label, self.fields["denominator"].label = row.numerator, row.denominator
        else:
            self.fields["numerator"].label = f"{row.name}（{row.unit_word}）"
            del self.fields["denominator"]
        self.fields["numerator"].widget.attrs["inputmode"] = "decimal"

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "period_to": said["period_to"],
            "numerator": said["numerator"],
            "denominator": said.get("denominator"),
            "evidence": said["evidence"],
            "file": said["file"],
        }


class ReturnForm(forms.Form):
    because = TextField(label="退回理由", max_length=200, help_text="写清楚要改什么，填报人会看到。")


class ReportForm(forms.Form):
    pack = forms.ChoiceField(label="计划")
    as_of = DayField(label="截止日期", max_length=20, help_text="含当日；可以写 2026-09-30 或 0930。")
    document_number = TextField(
        label="发文字号",
        max_length=60,
        required=False,
        help_text="只有正式发文才填，例如 某某卫健〔2026〕8号；不填就没有红头。",
    )

    def __init__(self, *args: Any, packs: tuple[Pack, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = [(pack.id, f"{pack.title}（{pack.document_number}）") for pack in packs]  # type: ignore[attr-defined]

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError("截止日期不能晚于今天。", code="future")
        return day


class OutlineForm(forms.Form):
    file = forms.FileField(
        label="轮廓文件",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json,application/json"}),
        help_text="GeoJSON，不超过 4 MB，经纬度坐标；每个乡镇（街道）一个要素，properties 里有 code（9 位区划代码）。",
        error_messages={"required": "请选择轮廓文件。"},
    )
    source = TextField(label="来源", max_length=200, help_text="边界从哪里来，例如 县自然资源局 2025 年行政区划图。")


class SpanForm(forms.Form):
    """Which year, half year or quarter a printed document is asked for."""

    span = forms.ChoiceField(label="时段", error_messages={"invalid_choice": "没有这个时段，请从列表里选一个。"})

    def __init__(self, *args: Any, spans: list[Span], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["span"].choices = [(span.name, span.label) for span in spans]  # type: ignore[attr-defined]
        self.spans = {span.name: span for span in spans}

    def chosen(self, otherwise: Span) -> Span:
        """What the page shows: also where what was asked for does not exist."""
        name = self.cleaned_data.get("span", "") if self.is_valid() else ""
        return self.spans.get(name, otherwise)


class FreezeForm(forms.Form):
    kind = forms.ChoiceField(label="关什么", choices=FreezeKind.choices, widget=forms.RadioSelect)
    as_of = DayField(label="截止日期", max_length=20, help_text="含当日；季度关账填季度的最后一天。")
    pack = forms.ChoiceField(label="计划", required=False, help_text="评估才选；季度关账不选。")
    note = TextField(label="说明", max_length=200, required=False, help_text="例如 会议名称、文号。不要写患者姓名。")

    def __init__(self, *args: Any, packs: tuple[Pack, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(pack.id, f"{pack.title}（{pack.document_number}）") for pack in packs]
        self.fields["pack"].choices = [("", "不选"), *named]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"kind": FreezeKind(said["kind"]), "as_of": said["as_of"], "pack_id": said["pack"], "note": said["note"]}


class CheckForm(forms.Form):
    code = TextField(label="核验码", max_length=20, help_text="报告页脚上的 8 位字母和数字。")


class LinesField(TextField):
    """Text of several lines."""

    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        try:
            text = clean_text(value, max_length=self.max_length or 500, lines=True)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal), code="text") from refusal
        return str(forms.CharField.clean(self, text))


class ProgressForm(forms.Form):
    """进展, or that the task is done."""

    on = DayField(label="日期", max_length=20, help_text="哪天做的；可以写 2026-09-30 或 0930。")
    words = LinesField(
        label="做了什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="各部门都能看到，不写患者姓名。",
    )
    evidence = TextField(
        label="依据", max_length=200, required=False, help_text="文件名称、文号或照片编号；报完成时要写。"
    )
    done = forms.BooleanField(label="办完了，请卫生健康委确认", required=False)


class BecauseForm(forms.Form):
    because = TextField(label="理由", max_length=200, help_text="写进办理记录，相关单位都会看到。")


class GiveForm(forms.Form):
    places = forms.MultipleChoiceField(label="交给哪些地方", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = places  # type: ignore[attr-defined]


class NamePersonForm(forms.Form):
    person = forms.ChoiceField(label="办理的人", required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "不指定"), *people]  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    held_on = DayField(label="开会日期", max_length=20, help_text="年月日写全，例如 2026-12-18；已经开过的也可以补登。")
    chair = TextField(label="主持", max_length=60, help_text="姓名或职务。")
    place = TextField(label="地点", max_length=80, required=False)
    agenda = LinesField(label="议题", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), help_text="一行一个。")
    departments = forms.MultipleChoiceField(label="请哪些单位参加", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = [(name, name) for name, _ in departments]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "departments": tuple(self.cleaned_data["departments"])}


class MinutesForm(forms.Form):
    """The minutes, and of each department asked whether it came and who."""

    minutes = LinesField(
        label="纪要",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="登记以后不能改；各部门都能看到。",
    )

    def __init__(self, *args: Any, seats: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for key, name in seats:
            self.fields[f"came_{key}"] = forms.BooleanField(label=f"{name}到会", required=False)
            self.fields[f"who_{key}"] = TextField(label=f"{name}出席人", max_length=60, required=False)

    def attendance(self) -> list[tuple[int, bool, str]]:
        return [(key, self.cleaned_data[f"came_{key}"], self.cleaned_data[f"who_{key}"]) for key, _ in self.seats]

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"came_{key}"], self[f"who_{key}"]) for key, _ in self.seats]


class ResolutionForm(forms.Form):
    name = TextField(label="要办的事", max_length=120, help_text="一句话写清楚要做到什么。")
    lead = forms.MultipleChoiceField(label="牵头单位", widget=forms.CheckboxSelectMultiple)
    support = forms.MultipleChoiceField(label="配合单位", widget=forms.CheckboxSelectMultiple, required=False)
    due_on = DayField(
        label="期限", max_length=20, required=False, help_text="年月日写全，例如 2026-12-31；不填就是长期。"
    )

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in ("lead", "support"):
            self.fields[key].choices = [(name, name) for name, _ in departments]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, "lead": tuple(said["lead"]), "support": tuple(said["support"])}


NOBODY = "只写工作和单位，不写患者的姓名、证件号码和住址。"


class SupervisionForm(forms.Form):
    held_on = DayField(label="督导日期", max_length=20, help_text="年月日写全；可以补登。")
    supervisor = forms.ChoiceField(label="督导方", choices=Supervisor.choices)
    unit = forms.ChoiceField(label="被督导单位", help_text="只登记单位。")
    number = TextField(label="文号", max_length=60, required=False, help_text="有督导通知或反馈文件的填写。")
    summary = LinesField(
        label="督导情况",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"看了什么、总的情况。{NOBODY}",
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "请选择"), *units]  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    what = LinesField(
        label="发现的问题", max_length=500, widget=forms.Textarea(attrs={"rows": 4}), help_text=f"一次写一个。{NOBODY}"
    )
    unit = forms.ChoiceField(label="责任单位")
    due_on = DayField(label="整改期限", max_length=20, help_text="年月日写全；这一天还算在期限内。")
    hook = forms.ChoiceField(label="关联的指标或任务", required=False)
    basis = TextField(
        label="检查依据", max_length=200, required=False, help_text="文件、条款或检查方法，用自己的话写。"
    )

    def __init__(
        self, *args: Any, units: list[tuple[str, str]], hooks: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "请选择"), *units]  # type: ignore[attr-defined]
        self.fields["hook"].choices = [("", "不关联"), *hooks]  # type: ignore[attr-defined]


class RectificationForm(forms.Form):
    """进展, or that it is put right."""

    on = DayField(label="日期", max_length=20, help_text="哪天做的；可以写 2026-09-30 或 0930。")
    words = LinesField(
        label="做了什么", max_length=500, widget=forms.Textarea(attrs={"rows": 4}), help_text=f"督导方会看到。{NOBODY}"
    )
    evidence = TextField(
        label="依据", max_length=200, required=False, help_text="文件名称、文号或照片编号；报整改时写明，或上传文件。"
    )
    file = forms.FileField(
        label="依据文件",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        help_text="PDF、JPEG 或 PNG，不超过 5 MB。不要上传有患者姓名的名单。",
    )
    done = forms.BooleanField(label="已经整改到位，请督导方确认", required=False)


class SendBackForm(forms.Form):
    because = TextField(label="退回理由", max_length=200, help_text=f"写清楚还差什么，责任单位会看到。{NOBODY}")
    due_on = DayField(label="新的整改期限", max_length=20, required=False, help_text="不填就按原来的期限。")


class MeasureForm(forms.Form):
    """One step of the ladder; which fields it asks depends on the step."""

    findings = forms.MultipleChoiceField(label="针对哪些问题", widget=forms.CheckboxSelectMultiple)
    on = DayField(label="决定日期", max_length=20, help_text="哪天作出的；要在整改期限过了以后。")
    decided_by = TextField(label="由谁决定", max_length=60, help_text="单位或会议的名称，例如 县精神卫生工作领导小组。")
    number = TextField(label="文号", max_length=60, required=False)
    reason = LinesField(label="理由", max_length=480, widget=forms.Textarea(attrs={"rows": 3}), help_text=NOBODY)
    clause = TextField(label="依据", max_length=120, help_text="文件和条款。")
    spoken_with = forms.ChoiceField(label="约谈了哪个单位", help_text="只登记单位，不登记个人。")
    due_on = DayField(label="限期整改到", max_length=20, help_text="年月日写全；这一天还算在期限内。")
    year = forms.IntegerField(label="哪个年度的考核", help_text="否决到这一年年底自行失效，也可以提前解除。")

    def __init__(
        self, *args: Any, rung: Rung, findings: list[tuple[str, str]], units: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].choices = findings  # type: ignore[attr-defined]
        self.fields["spoken_with"].choices = [(name, name) for name in units]  # type: ignore[attr-defined]
        del self.fields["due_on" if rung is Rung.VETO else "year"]
        if rung is not Rung.INTERVIEW:
            del self.fields["spoken_with"]
        if rung is Rung.LISTING:
            self.fields["due_on"].label = "挂牌督办到"

    def facts(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "findings"}


class EndMeasureForm(forms.Form):
    on = DayField(label="日期", max_length=20)
    because = TextField(label="理由", max_length=200, help_text=f"写进办理记录，相关单位都会看到。{NOBODY}")
