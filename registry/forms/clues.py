"""表1-1 and 表1-2 as forms: the report with its nine questions, the survey, and the result."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.form_parts import WholeNumberField, asked_when
from accounts.rules.text import TextRefused, parse_date
from registry.forms.fields import CodeField, DateField, IdField, NameField, PhoneField, PlaceField, PlainField
from registry.models.clue import TOLD
from registry.rules.clues import OUTCOMES, QUESTIONS, ClueEntry, Outcome
from registry.terms import ClueSource, ClueState, DiagnosisCode, Sex

ANSWERS = [("1", "有"), ("0", "没有")]


class ComingField(DateField):
    """A day that may lie ahead; without a year the next such day."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        try:
            return parse_date(text, timezone.localdate())
        except TextRefused as refusal:
            raise ValidationError(str(refusal), code="shape") from None


class WordsField(PlainField):
    """Some lines of text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}), max_length=500, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(" ".join((value or "").split()))


class Questions(forms.Form):
    """The nine questions as on the paper; asked afresh in every form that needs them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, words in QUESTIONS.items():
            field = CodeField(label=f"{number} {words}", codes=ANSWERS, digits=True, required=False)
            field.choices = ANSWERS
            self.fields[f"q{number}"] = field

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[f"q{number}"] for number in QUESTIONS]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if not field.name.startswith("q")]

    def items(self) -> tuple[int, ...]:
        return tuple(number for number in QUESTIONS if self.cleaned_data.get(f"q{number}") == "1")


class ClueForm(Questions):
    """报告线索. What is sealed is `told`; nothing here saves."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    name = NameField(label="姓名", required=False, help_text="不知道姓名的，在补充说明里写明怎样找到本人。")
    sex = CodeField(label="性别", codes=Sex.choices, digits=True, required=False)
    age = WholeNumberField(
        label="年龄（岁）", lowest=0, highest=130, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
    )  # fmt: skip
    id_number = IdField(label="身份证号", required=False)
    phone = PhoneField(label="本人电话", required=False)
    place = PlaceField(label="住在哪里")
    address = PlainField(label="详细地址", required=False)
    contact = NameField(label="监护人或知情人", required=False)
    contact_phone = PhoneField(label="监护人或知情人电话", required=False)
    source = CodeField(label="线索来源", codes=ClueSource.choices)
    found_on = DateField(label="发现日期")
    remark = WordsField(label="补充说明", required=False, help_text="只写与识别有关的情况，不写与此无关的他人信息。")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        first = {"form_id": uuid4(), "found_on": timezone.localdate().isoformat()}
        super().__init__(*args, initial={**first, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["place"].offer(places)  # type: ignore[attr-defined]

    def entry(self, township: int, village: int | None) -> ClueEntry:
        said = self.cleaned_data
        number = said.get("id_number")
        told = {name: said.get(name) for name in TOLD} | {"id_number": number.number if number else None}
        if number:
            told["sex"] = number.sex
        return ClueEntry(township, village, said["source"], self.items(), said["found_on"], told)


class AssignForm(forms.Form):
    to = CodeField(label="由谁去核实", codes=())

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "请选择"), *workers]  # type: ignore[attr-defined]


class SurveyForm(Questions):
    on = DateField(label="核实日期")
    surveyor = NameField(label="调查人", required=False)
    advice = CodeField(label="是否建议就诊", codes=[("1", "建议"), ("0", "不建议")], digits=True, required=False)
    found = WordsField(label="核实情况", required=False)


class SendForm(forms.Form):
    on = DateField(label="送诊日期")
    hospital = PlainField(label="诊断医院", max_length=100)


SEEN = (ClueState.CONFIRMED, ClueState.OTHER, ClueState.EXCLUDED, ClueState.WATCHED)  # by a psychiatrist


class OutcomeForm(forms.Form):
    state = CodeField(label="结果", codes=())
    on = DateField(label="得出结果的日期")
    diagnosis = asked_when(
        "state", [ClueState.CONFIRMED],
        CodeField(label="诊断", codes=DiagnosisCode.choices, required=False, help_text="确诊时必填。"), needed=True,
    )  # fmt: skip
    icd10 = asked_when(
        "state", [ClueState.CONFIRMED, ClueState.OTHER], PlainField(label="ICD-10", max_length=60, required=False)
    )
    hospital = asked_when(
        "state",
        SEEN,
        PlainField(label="诊断医院", max_length=100, required=False, help_text="确诊时必填。"),
        needed=True,
    )
    doctor = asked_when(
        "state", SEEN, NameField(label="诊断医师", required=False, help_text="确诊时必填。"), needed=True
    )
    again_on = asked_when(
        "state", [ClueState.WATCHED, ClueState.DECLINED],
        ComingField(
            label="再次核实日期", required=False, help_text="观察的线索必填，例如 2027-02-24；拒绝诊断的可约下次。"
        ),
        needed=True,
    )  # fmt: skip
    reason = asked_when(
        "state", [ClueState.EXCLUDED, ClueState.DECLINED],
        PlainField(label="原因", max_length=200, required=False, help_text="排除、拒绝诊断时必填。"), needed=True,
    )  # fmt: skip

    def __init__(self, *args: Any, ways: list[ClueState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(way.value, way.label) for way in OUTCOMES if way in ways]
        self.fields["state"].choices = [("", "请选择"), *offered]  # type: ignore[attr-defined]
        if ClueState.CONFIRMED in ways:
            return
        if ClueState.OTHER in ways:  # a 确诊 is corrected: every correction says why
            del self.fields["diagnosis"]
            reason = self.fields["reason"]
            asked_when("state", [ClueState.OTHER, ClueState.EXCLUDED], reason, needed=True)
            reason.help_text = "必填：为什么更正。"
            return
        for name in ("diagnosis", "icd10", "hospital", "doctor"):  # nobody has been diagnosed yet
            del self.fields[name]

    def outcome(self) -> Outcome:
        said = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return Outcome(state=ClueState(said.pop("state")), **said)
