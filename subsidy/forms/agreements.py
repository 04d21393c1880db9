"""Forms of an agreement and of a word on duty: text to facts; they never save."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.form_parts import asked_by_rules, asked_when
from subsidy.forms.fields import SCAN, DayField, WordsField
from subsidy.rules.agreements import AgreementFacts
from subsidy.rules.spans import Span
from subsidy.services.agreements import BY_HAND
from subsidy.services.duty import DutyFacts
from subsidy.terms import AgreementEnd, DutyFailure, DutyResult, NamedBy

FOUND_OUT = (("", "还没有核实"), ("1", "是"), ("0", "否"))
SAID = {"1": True, "0": False}


class AgreementForm(forms.Form):
    named_by = forms.ChoiceField(
        label="监护人由谁确定", choices=NamedBy.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选监护人由谁确定。"},
    )  # fmt: skip
    namer = asked_when(
        "named_by", [NamedBy.VILLAGE, NamedBy.WORK_UNIT],
        WordsField(label="指定的村（居）或单位", max_length=60), needed=True,
    )  # fmt: skip
    lives_together = forms.ChoiceField(label="与患者共同居住", choices=FOUND_OUT, required=False)
    is_able = forms.ChoiceField(label="有能力并实际履行监护", choices=FOUND_OUT, required=False)
    starts_on = DayField(label="从哪天起", ahead=True)
    ends_on = DayField(label="到哪天止", ahead=True, help_text="这一天也算在内。一份协议最长 3 年。")
    signed_on = DayField(label="签字日期")
    duties_read = asked_by_rules(forms.BooleanField(label="监护人已读过监护职责并签字", required=False))
    scan = forms.FileField(
        label="协议扫描件", required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": SCAN}),
        help_text="PDF、JPEG 或 PNG，不超过 5 MB。加密保存。",
    )  # fmt: skip

    def facts(self) -> AgreementFacts:
        said = self.cleaned_data
        named_by = NamedBy(said["named_by"])
        return AgreementFacts(
            starts_on=said["starts_on"], ends_on=said["ends_on"], signed_on=said["signed_on"], named_by=named_by,
            namer="" if named_by is NamedBy.FAMILY else said["namer"], duties_read=said["duties_read"],
            lives_together=SAID.get(said["lives_together"]), is_able=SAID.get(said["is_able"]),
        )  # fmt: skip


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label="原因", choices=[(one.value, one.label) for one in BY_HAND], widget=forms.RadioSelect,
        error_messages={"required": "请选终止的原因。"},
    )  # fmt: skip
    on = DayField(label="从哪天起终止", help_text="这一天不再算监护日。登记有误的不看这个日期，整份协议作废。")
    words = WordsField(label="情况", needed="请写明终止的情况。")

    def end(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"on": said["on"], "reason": AgreementEnd(said["reason"]), "words": said["words"]}


class DutyForm(forms.Form):
    days = forms.ChoiceField(label="哪一段", error_messages={"required": "请选认定的日期。"})
    result = forms.ChoiceField(
        label="认定",
        choices=DutyResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选合格或不合格。"},
    )
    failures = asked_when(
        "result", [DutyResult.FAILED],
        forms.MultipleChoiceField(
            label="不合格的原因", choices=DutyFailure.choices, widget=forms.CheckboxSelectMultiple, required=False
        ),
        needed=True,
    )  # fmt: skip
    note = WordsField(label="说明", lines=True, max_length=300)
    signers = WordsField(label="签字人", needed="请写签字的人，至少一人。", help_text="几个人的用顿号隔开。")
    said_on = DayField(label="认定日期")

    def __init__(self, *args: Any, periods: Sequence[Span], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {f"{one.first}_{one.last}": one for one in periods}
        self.fields["days"].choices = [(key, one.words) for key, one in self.periods.items()]  # type: ignore[attr-defined]

    def facts(self) -> DutyFacts:
        said = self.cleaned_data
        result = DutyResult(said["result"])
        failures = [DutyFailure(one) for one in said["failures"]] if result is DutyResult.FAILED else []
        signers = [name for part in said["signers"].replace("，", "、").split("、") if (name := part.strip())]
        return DutyFacts(
            days=self.periods[said["days"]], result=result, said_on=said["said_on"], failures=failures,
            note=said["note"], signers=tuple(signers),
        )  # fmt: skip
