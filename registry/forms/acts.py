"""Small forms: moving a file, its status, its end, and the purpose of seeing a number."""

from typing import Any

from django import forms

from registry.forms.fields import CodeField, DateField, PlaceField, PlainField
from registry.queries.head import REVEAL_PURPOSES
from registry.terms import ENDING, CareStatus, DeathCause

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
    reason = PlainField(label="原因", max_length=200, required=False)


class CloseForm(forms.Form):
    value = CodeField(
        label="结案类别",
        codes=[(s.value, s.label) for s in (CareStatus.DEAD, CareStatus.MOVED_OUT, CareStatus.EXCLUDED)],
    )
    on = DateField(label="日期", help_text="死亡、迁出或排除的日期；从这一天起不再在册。")
    death_cause = CodeField(label="死亡原因", codes=DeathCause.choices, required=False, help_text="死亡时必填。")
    reason = PlainField(label="说明和依据", max_length=200)


class ReopenForm(forms.Form):
    on = DateField(label="恢复日期", help_text="填结案那一天，表示那次结案是误操作。")
    reason = PlainField(label="恢复原因", max_length=200)


class RevealForm(forms.Form):
    what = CodeField(label="内容", codes=REVEALED)
    purpose = CodeField(label="用途", codes=REVEAL_PURPOSES)
