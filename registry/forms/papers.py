"""Forms of the four papers: the consent record, the text that is signed, and the two sheets."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.form_parts import WholeNumberField, asked_by_rules, asked_when
from registry.forms.fields import CodeField, DateField, PlainField
from registry.rules.sheets import QUESTIONS, SheetQuestion
from registry.terms import ConsentPath, Relation, Signer

ACCEPT = "application/pdf,image/jpeg,image/png"


class ScanField(forms.FileField):
    """The content is judged by the service; here only the chooser is narrowed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.FileInput(attrs={"accept": ACCEPT}), required=False, allow_empty_file=True,
            help_text="PDF、JPEG 或 PNG，不超过 5 MB。加密保存，只作为附件下载，每次下载都有记录。", **kwargs,
        )  # fmt: skip


SIGNED = (ConsentPath.AGREED, ConsentPath.REFUSED, ConsentPath.WITHDRAWN)  # informed by law needs no signature


class ConsentForm(forms.Form):
    path = CodeField(label="办理方式", codes=ConsentPath.choices)
    on = DateField(label="签字或告知日期")
    signer = asked_when(
        "path", SIGNED, CodeField(label="由谁签字", codes=[(s.value, s.label) for s in Signer if s.value], required=False),
        needed=True,
    )  # fmt: skip
    relation = asked_when(
        "signer", [Signer.GUARDIAN, Signer.BOTH],
        CodeField(label="与患者关系", codes=Relation.choices, required=False, help_text="监护人签字时必填。"), needed=True,
    )  # fmt: skip
    reason = asked_when(
        "path", [ConsentPath.REFUSED, ConsentPath.WITHDRAWN, ConsentPath.INFORMED],
        PlainField(
            label="原因或告知内容", max_length=200, required=False,
            help_text="不同意、撤回或依法告知时必填。依法告知的写明告知了谁、符合哪种情形。",
        ),
        needed=True,
    )  # fmt: skip
    doctor = PlainField(label="谈话医生", max_length=40, required=False)
    scan = ScanField(label="扫描件")


class ConsentTextForm(forms.Form):
    version = PlainField(label="版本号", max_length=20, help_text="例如 2027-1。用过的版本号不能再用。")
    starts_on = DateField(label="启用日期")
    body = forms.CharField(label="正文", max_length=4000, widget=forms.Textarea(attrs={"rows": 16}))

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").strip()


class CodesField(forms.MultipleChoiceField):
    """Several codes, shown with their digit as on the paper."""

    def __init__(self, *, codes: Any, **kwargs: Any) -> None:
        choices = [(code, f"{code} {label}") for code, label in codes]
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class SheetAnswersForm(forms.Form):
    """Every question of one sheet. Nothing is required: an unfinished sheet is kept and says what it lacks."""

    on = DateField(label="填表日期")

    def __init__(self, *args: Any, sheet: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for question in QUESTIONS[sheet]:
            for name, field in _fields(question):
                self.fields[name] = field

    def answers(self) -> dict[str, Any]:
        """Only what was said."""
        found: dict[str, Any] = {}
        for question in QUESTIONS[self.sheet]:
            if question.kind == "counts":
                counts = {code: self.cleaned_data.get(f"{question.key}_{code}") for code, _label in question.options}
                found[question.key] = {code: number for code, number in counts.items() if number}
                continue
            value = self.cleaned_data.get(question.key)
            if value:
                found[question.key] = value.isoformat() if question.kind == "day" else value
        return found


def _fields(question: SheetQuestion) -> list[tuple[str, forms.Field]]:
    fields = _plain_fields(question)
    return (
        [(name, asked_by_rules(field)) for name, field in fields]
        if question.needed and question.kind != "counts"
        else fields
    )


def _plain_fields(question: SheetQuestion) -> list[tuple[str, forms.Field]]:
    label, key = question.label, question.key
    if question.kind == "one":
        return [(key, CodeField(label=label, codes=question.options, digits=True, required=False))]
    if question.kind == "many":
        return [(key, CodesField(label=label, codes=question.options, required=False))]
    if question.kind == "counts":
        return [
            (f"{key}_{code}", WholeNumberField(label=f"{words}（次）", lowest=0, highest=999, required=False))
            for code, words in question.options
        ]
    if question.kind == "day":
        return [(key, DateField(label=label, required=False))]
    return [(key, PlainField(label=label, max_length=200, required=False))]


def initial_of(sheet: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as the form shows them."""
    found: dict[str, Any] = {}
    for question in QUESTIONS[sheet]:
        value = answers.get(question.key)
        if question.kind == "counts":
            found |= {f"{question.key}_{code}": number for code, number in (value or {}).items()}
        elif value:
            found[question.key] = value
    return found
