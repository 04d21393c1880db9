"""The form on which a person agrees, or does not, that a kind of office is told of the person."""

from django import forms

from accounts.form_parts import asked_when
from accounts.terms import AgencyKind
from exchange.forms.joint import Words
from exchange.forms.templates import Day
from exchange.queries.templates import presets
from registry.terms import Relation, Signer

SAYS = (("yes", "同意提供"), ("no", "不同意，或撤回以前的同意"))


def kinds() -> list[tuple[str, str]]:
    """Those for whom a template ships: nobody else can be told anything. None is chosen beforehand."""
    known = {preset.agency for preset in presets().values()}
    return [("", "请选择"), *((kind.value, str(kind.label)) for kind in AgencyKind if kind.value in known)]


class SharingForm(forms.Form):
    agency_kind = forms.ChoiceField(
        label="提供给哪类单位", choices=kinds, widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "请选择提供给哪类单位。", "invalid_choice": "请从列出的单位里选择。"},
    )  # fmt: skip
    says = forms.ChoiceField(
        label="怎样说的", choices=SAYS, widget=forms.RadioSelect, error_messages={"required": "请选择同意还是不同意。"}
    )
    on = Day(label="签字日期", error_messages={"required": "请填写签字日期。"})
    signer = forms.ChoiceField(
        label="由谁签字", choices=[(one.value, one.label) for one in Signer if one.value], widget=forms.RadioSelect,
        help_text="不满 14 周岁的，同意要由监护人签字。", error_messages={"required": "请选择由谁签字。"},
    )  # fmt: skip
    relation = asked_when(
        "signer", [Signer.GUARDIAN, Signer.BOTH],
        forms.ChoiceField(
            label="与患者关系", choices=[("", "请选择"), *Relation.choices], required=False,
            widget=forms.Select(attrs={"class": "input"}), error_messages={"invalid_choice": "请从列出的关系里选择。"},
        ),
        needed=True,
    )  # fmt: skip
    words = Words(label="说明", longest=400, rows=3, required=False, help_text="例如告知了哪些内容、给谁、用来做什么。")
    scan = forms.FileField(
        label="扫描件", required=False, allow_empty_file=True, help_text="PDF、JPEG 或 PNG，不超过 5 MB。加密保存。",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip
