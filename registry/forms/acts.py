"""Small forms: moving a file, its status, its end, and the purpose of seeing a number."""

from typing import Any

from django import forms

from accounts.form_parts import SelectWhen, asked_when
from registry.forms.fields import CodeField, ComingDateField, DateField, PlaceField, PlainField
from registry.queries.head import REVEAL_PURPOSES
from registry.rules.status_details import REASONS, StatusDetails
from registry.terms import ENDING, CareStatus, DeathCause, StatusReason

REVEALED = [("id_number", "身份证号"), ("phone", "联系电话"), ("guardian_phone", "监护人电话")]


class MoveForm(forms.Form):
    to = PlaceField(label="应由哪里管理")
    on = DateField(label="从哪天起")
    address = PlainField(label="新的现住详址", required=False)
    reason = PlainField(label="原因", max_length=200)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(places)  # type: ignore[attr-defined]


class StatusForm(forms.Form):
    value = CodeField(label="新的状态", codes=[(s.value, s.label) for s in CareStatus if s not in ENDING])
    on = DateField(label="开始日期")
    reason_code = asked_when(
        "value", REASONS,
        CodeField(
            label="原因类别", codes=StatusReason.choices, required=False, help_text="失访、拒访、羁押要选，其他状态留空。",
            widget=SelectWhen("value", {code: status for status, codes in REASONS.items() for code in codes}),
        ), needed=True,
    )  # fmt: skip
    reason = PlainField(label="原因", max_length=200, required=False)
    place = asked_when(
        "value", [CareStatus.DETAINED],
        PlainField(label="羁押或强制医疗的场所", max_length=100, required=False), needed=True,
    )  # fmt: skip
    unit = asked_when(
        "value", [CareStatus.DETAINED, CareStatus.ADMITTED],
        PlainField(label="治疗单位", max_length=100, required=False, help_text="强制医疗要写。"),
    )  # fmt: skip
    until = asked_when(
        "value", [s for s in CareStatus if s not in {CareStatus.MANAGED, *ENDING}],
        ComingDateField(label="预计结束", required=False),
    )  # fmt: skip
    evidence = PlainField(label="依据", max_length=200, required=False, help_text="例如谁告知、什么文书。")
    scan = forms.FileField(label="依据的扫描件", required=False, help_text="PDF、JPEG 或 PNG，不超过 5 MB。")

    def details(self) -> StatusDetails:
        said = self.cleaned_data
        return StatusDetails(said["reason_code"] or "", said["place"] or "", said["unit"] or "", said["until"])


class ExpectedEndForm(forms.Form):
    until = ComingDateField(label="新的预计结束日期")
    because = PlainField(label="为什么改", max_length=200, help_text="例如谁告知、什么文书。")


class CorrectStatusForm(forms.Form):
    reason = PlainField(label="为什么是误登记", max_length=200)


class CloseForm(forms.Form):
    value = CodeField(
        label="结案类别",
        codes=[(s.value, s.label) for s in (CareStatus.DEAD, CareStatus.MOVED_OUT, CareStatus.EXCLUDED)],
    )
    on = DateField(label="日期", help_text="死亡、迁出或排除的日期；从这一天起不再在册。")
    death_cause = asked_when(
        "value", [CareStatus.DEAD],
        CodeField(label="死亡原因", codes=DeathCause.choices, required=False, help_text="死亡时必填。"), needed=True,
    )  # fmt: skip
    reason = PlainField(label="说明和依据", max_length=200)


class ReopenForm(forms.Form):
    on = DateField(label="恢复日期", help_text="填结案那一天，表示那次结案是误操作。")
    reason = PlainField(label="恢复原因", max_length=200)


class RevealForm(forms.Form):
    what = CodeField(label="内容", codes=REVEALED)
    purpose = CodeField(label="用途", codes=REVEAL_PURPOSES)
