"""反馈: text to facts. The rules say what is wrong with them."""

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from accounts.rules.text import TextRefused, clean_text
from exchange.rules.feedback import LONGEST_NOTE, Answer, problems
from exchange.terms import Action, Met, Result

FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


def read_moment(raw: str) -> datetime | None:
    """A local moment as people write it, full-width digits too; None when it cannot be read."""
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    for pattern in FORMATS:
        try:
            return timezone.make_aware(datetime.strptime(text, pattern))  # noqa: DTZ007 - made aware here
        except ValueError:
            continue
    return None


class FeedbackForm(forms.Form):
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    met = forms.ChoiceField(label="见到人了吗", choices=Met, widget=forms.RadioSelect)
    met_at = forms.CharField(
        label="什么时候",
        max_length=30,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    actions = forms.MultipleChoiceField(
        label="做了什么（可多选）", choices=Action, widget=forms.CheckboxSelectMultiple, required=False
    )
    result = forms.ChoiceField(label="结果", choices=Result, widget=forms.RadioSelect)
    note = forms.CharField(
        label="补充说明",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2, "maxlength": LONGEST_NOTE}),
        help_text="不要写病情和用药。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("met", "result"):
            self.fields[name].error_messages |= {"required": "请选一项。", "invalid_choice": "请在列出的几项里选。"}
        self.fields["actions"].error_messages["invalid_choice"] = "请在列出的几项里选做了什么。"
        self.fields["met_at"].error_messages["required"] = "请填见面或上门的时间，例如 2026-03-09 09:10。"

    @classmethod
    def blank(cls, now: datetime) -> "FeedbackForm":
        return cls(initial={"form_id": uuid4(), "met_at": now.strftime("%Y-%m-%d %H:%M")})

    def clean_met_at(self) -> datetime:
        moment = read_moment(self.cleaned_data["met_at"])
        if moment is None:
            raise forms.ValidationError("时间没有看懂。请按 2026-03-09 09:10 这样填写。")
        return moment

    def clean_note(self) -> str:
        try:
            return clean_text(self.cleaned_data["note"], max_length=LONGEST_NOTE, lines=True)
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """All that lacks is said at once: who answers on a telephone at a scene is not sent back twice."""
        cleaned, now = super().clean() or {}, timezone.localtime()
        answer = Answer(
            cleaned.get("met", ""), cleaned.get("met_at", now), tuple(cleaned.get("actions", ())),
            cleaned.get("result", ""), cleaned.get("note", ""),
        )  # fmt: skip
        for field, sentence in problems(answer, now=now).items():
            if field not in self.errors:
                self.add_error(field, sentence)
        return cleaned

    def answer(self) -> Answer:
        said = self.cleaned_data
        return Answer(said["met"], said["met_at"], tuple(said["actions"]), said["result"], said["note"])

    @property
    def form_number(self) -> UUID:
        number: UUID = self.cleaned_data["form_id"]
        return number
