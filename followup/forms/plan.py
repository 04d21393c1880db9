"""Forms of a plan and of a case team: text to facts; they never save."""

from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules
from followup import terms
from followup.forms.fields import DayField
from followup.forms.incident import PaperForm
from followup.forms.moments import OneField, WordsField
from followup.rules.plans import PlanFacts

_DAY = {"class": "input", "placeholder": "年-月-日", "autocomplete": "off"}
SEATS = 6


def _day(label: str, needed: str, *, ahead: bool = False, **more: Any) -> DayField:
    field = DayField(ahead=ahead, label=label, widget=forms.TextInput(attrs=_DAY), **more)
    field.required, field.error_messages["required"] = True, needed
    return field


class _PlanForm(PaperForm):
    """What both kinds share."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    responsible = WordsField(label="责任人", max_length=40, needed="请写责任人。")
    responsible_phone = WordsField(label="责任人电话", max_length=30)
    starts_on = _day("从哪天起执行", "请填写开始日期。")
    review_on = _day("复评日期", "请填写复评日期。", ahead=True)
    because = asked_by_rules(WordsField(label="复评结论或修订原因", max_length=200))

    def __init__(self, *args: Any, revising: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not revising:
            del self.fields["because"]

    def facts(self) -> PlanFacts:
        data = self.cleaned_data
        return PlanFacts(**{name: data[name] for name in PlanFacts.__dataclass_fields__ if name in data})


class IndividualForm(_PlanForm):
    treatment = asked_by_rules(
        WordsField(label="救治服务措施", lines=True, max_length=1000, help_text="随访频次、用药、送医、住院安排")
    )
    guarding = asked_by_rules(
        WordsField(label="看护管理措施", lines=True, max_length=1000, help_text="谁看护、谁协助、谁联系、遇事怎么办")
    )

    panels = (
        ("措施", ("treatment", "guarding")),
        ("责任人和日期", ("responsible", "responsible_phone", "starts_on", "review_on", "because")),
    )


class CaseForm(_PlanForm):
    assessment = asked_by_rules(WordsField(label="评估（病情、社会功能）", lines=True, max_length=1000))
    needs = asked_by_rules(WordsField(label="问题", lines=True, max_length=600))
    goals = asked_by_rules(WordsField(label="目标", lines=True, max_length=600))
    treatment = asked_by_rules(WordsField(label="措施（医疗、康复、生活职业）", lines=True, max_length=1000))

    panels = (
        ("评估", ("assessment", "needs")),
        ("计划", ("goals", "treatment")),
        ("责任人和日期", ("responsible", "responsible_phone", "starts_on", "review_on", "because")),
    )


FORMS = {terms.PlanKind.INDIVIDUAL: IndividualForm, terms.PlanKind.CASE: CaseForm}


class TeamForm(forms.Form):
    """Up to six people from a day on; an empty line is nobody."""

    starts_on = _day("从哪天起", "请填写开始日期。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, SEATS + 1):
            self.fields[f"role{number}"] = OneField(terms.TeamRole, label="职责", listed=True)
            self.fields[f"name{number}"] = WordsField(label="姓名", max_length=30)
            self.fields[f"phone{number}"] = WordsField(label="电话", max_length=30)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(1, SEATS + 1):
            role, name = data.get(f"role{number}"), data.get(f"name{number}")
            if name and not role:
                self.add_error(f"role{number}", "请选择职责。")
            elif role and not name:
                self.add_error(f"name{number}", "请写姓名。")
        return data

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """One panel a seat, as `components/form_panels.html` takes them; only the day must be there."""
        seats = [
            (f"第 {n} 人", [self[f"{key}{n}"] for key in ("role", "name", "phone")], True) for n in range(1, SEATS + 1)
        ]
        return [("从哪天起", [self["starts_on"]], False), *seats]

    def members(self) -> list[dict[str, str]]:
        data = self.cleaned_data
        return [
            {"role": data[f"role{n}"], "name": data[f"name{n}"], "phone": data[f"phone{n}"]}
            for n in range(1, SEATS + 1)
            if data[f"name{n}"]
        ]


def team_initial(members: list[dict[str, str]]) -> dict[str, str]:
    return {
        f"{key}{n}": one.get(key, "") for n, one in enumerate(members[:SEATS], 1) for key in ("role", "name", "phone")
    }
