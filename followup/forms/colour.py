"""Forms of 动态分色: the county's table as one sheet, an assessment, an approval. Text to facts; they never save."""

from collections.abc import Iterator
from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules
from followup.forms.fields import DayField
from followup.forms.moments import NumberField, WordsField
from followup.rules.colour_table import OFFICES, RANKED, Days, Table
from followup.terms import Aside, Criterion, FallState
from registry.terms import Colour

_DAY = {"class": "input", "placeholder": "年-月-日", "autocomplete": "off", "inputmode": "numeric"}
NONE = ("", "不列")
KEPT = [*RANKED, Colour.GREY]


class TableForm(forms.Form):
    """Colours with their days, then each criterion with the colour it speaks for."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    starts_on = DayField(ahead=True, label="生效日期", widget=forms.TextInput(attrs=_DAY))
    basis = WordsField(label="依据", max_length=200, needed="请写明依据，例如文号。", help_text="文号或会议。")
    incident_months = NumberField(label="“近几个月内有事件”是几个月")
    aside_when = forms.MultipleChoiceField(
        label="列为灰色的情况（不在社区，不参加升降）", required=False, choices=Aside.choices,
        widget=forms.CheckboxSelectMultiple, error_messages={"invalid_choice": "没有这个选项，请重新选择。"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].required = True
        self.fields["starts_on"].error_messages["required"] = "请填写生效日期。"
        for colour in KEPT:
            self.fields[f"use_{colour}"] = forms.BooleanField(label=f"使用{colour.label}", required=False)
            for office, name in OFFICES.items():
                self.fields[f"{colour}_{office}"] = NumberField(label=f"{name}：每几天一次")
        for one in Criterion:
            self.fields[one.value] = forms.ChoiceField(
                label=one.label, required=False, choices=[NONE, *((c.value, c.label) for c in RANKED)],
                widget=forms.Select(attrs={"class": "input"}),
                error_messages={"invalid_choice": "没有这种颜色，请重新选择。"},
            )  # fmt: skip

    @property
    def colour_panels(self) -> Iterator[tuple[str, forms.BoundField, list[forms.BoundField]]]:
        for colour in KEPT:
            yield str(colour.label), self[f"use_{colour}"], [self[f"{colour}_{office}"] for office in OFFICES]

    @property
    def criteria(self) -> list[forms.BoundField]:
        return [self[one.value] for one in Criterion]

    def _days(self, colour: Colour) -> Days:
        return Days(**{office: self.cleaned_data[f"{colour}_{office}"] for office in OFFICES})

    def table(self) -> Table:
        data = self.cleaned_data
        return Table(
            colours={one.value: self._days(one) for one in RANKED if data[f"use_{one}"]},
            criteria={one: data[one.value] for one in Criterion if data[one.value]},
            incident_months=data["incident_months"],
            aside=self._days(Colour.GREY) if data["use_grey"] else None,
            aside_when=frozenset(Aside(one) for one in data["aside_when"]) if data["use_grey"] else frozenset(),
        )


def table_initial(table: Table) -> dict[str, Any]:
    """What a form shows of a table."""
    values: dict[str, Any] = {"incident_months": table.incident_months, "aside_when": list(table.aside_when)}
    rows = {**table.colours, **({"grey": table.aside} if table.aside else {})}
    for colour, days in rows.items():
        values[f"use_{colour}"] = True
        values |= {f"{colour}_{office}": getattr(days, office) for office in OFFICES}
    return values | {one.value: colour for one, colour in table.criteria.items()}


def _answers(*codes: FallState) -> list[tuple[str, str]]:
    labels = {
        FallState.ASSESSED: "可以降级", FallState.KEPT: "维持现在的颜色",
        FallState.APPROVED: "批准降级", FallState.REFUSED: "不同意降级",
    }  # fmt: skip
    return [(code.value, labels[code]) for code in codes]


class AssessForm(forms.Form):
    to = forms.ChoiceField(
        label="评估结论", choices=_answers(FallState.ASSESSED, FallState.KEPT), widget=forms.RadioSelect,
        error_messages={"required": "请选择评估结论。", "invalid_choice": "请选择评估结论。"},
    )  # fmt: skip
    words = WordsField(
        label="评估的情况和理由", lines=True, max_length=600, needed="请写评估的情况和理由。",
        help_text="病情变化、治疗服药、监管看护和现实表现",
    )  # fmt: skip


class SettleForm(forms.Form):
    to = forms.ChoiceField(
        label="审批意见", choices=_answers(FallState.APPROVED, FallState.REFUSED), widget=forms.RadioSelect,
        error_messages={"required": "请选择审批意见。", "invalid_choice": "请选择审批意见。"},
    )  # fmt: skip
    because = asked_by_rules(
        WordsField(label="意见", lines=True, max_length=600, help_text="不同意的必填；同意的可以不填。")
    )


class StopForm(forms.Form):
    because = WordsField(label="原因", max_length=200, needed="请写明原因。")
