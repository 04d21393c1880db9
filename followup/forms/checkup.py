"""Results of laboratory and of the yearly examination, as they are typed."""

from typing import Any

from accounts.form_parts import asked_when
from followup import terms
from followup.forms.incident import PaperForm
from followup.forms.medicine import DoseField, day, must
from followup.forms.moments import OneField, WordsField
from followup.rules.checkups import ITEMS, CheckupFacts
from followup.terms import CheckupKind, CheckupOutcome


def _groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = dict.fromkeys(item.group for item in ITEMS)
    return tuple((name, tuple(item.code for item in ITEMS if item.group == name)) for name in names)


class CheckupForm(PaperForm):
    """One form for both kinds; only the yearly one asks whether it could be done."""

    outcome = OneField(CheckupOutcome, label="今年的体检", needed="请选择今年有没有体检。")
    reason = asked_when(
        "outcome", [one for one in CheckupOutcome if one != CheckupOutcome.DONE],
        WordsField(label="没有体检的原因", max_length=200), needed=True,
    )  # fmt: skip
    checked_on = must(day("检查日期"), "请填检查日期。")
    place = WordsField(label="检查机构", max_length=80)
    ecg = OneField(terms.Ecg, label="心电图")
    ecg_text = WordsField(label="心电图所见", max_length=200)
    summary = WordsField(label="其他所见、医师意见", lines=True, max_length=500)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        first: tuple[str, ...] = ("outcome", "reason", "checked_on", "place")
        if kind != CheckupKind.YEARLY:
            del self.fields["outcome"], self.fields["reason"]
            first = ("checked_on", "place")
        groups = [(name, codes) for name, codes in _groups()]
        self.panels = (("检查", first), *groups, ("心电图和所见", ("ecg", "ecg_text", "summary")))

    def facts(self) -> CheckupFacts:
        data = self.cleaned_data
        texts = {name: data.get(name, "") for name in ("ecg", "ecg_text", "place", "summary", "reason")}
        return CheckupFacts(
            kind=self.kind, checked_on=data["checked_on"], outcome=data.get("outcome") or CheckupOutcome.DONE,
            values={item.code: data[item.code] for item in ITEMS if data[item.code]}, **texts,
        )  # fmt: skip


CheckupForm.base_fields |= {item.code: DoseField(label=f"{item.label}（{item.unit}）") for item in ITEMS}
