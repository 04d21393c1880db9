"""An agency's public key: text to facts. Whether it is one, the service says."""

from typing import Any

from django import forms

from exchange.rules.agency_keys import is_private

LONGEST = 400  # room for a whole line of age-keygen's output


class KeyForm(forms.Form):
    public_key = forms.CharField(
        label="公钥",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text="以 age1 开头的一行。私钥留在自己手里，不要发给任何人。",
        error_messages={"required": "请填公钥，以 age1 开头。", "max_length": "太长了。请只填以 age1 开头的一行。"},
    )

    def clean(self) -> dict[str, Any]:
        """A private key that was pasted here by mistake does not come back into the page, its history and its cache."""
        typed = self.data.get("public_key", "")
        if is_private(typed):
            self.data = {name: value for name, value in self.data.items() if name != "public_key"}
        return super().clean() or {}


class AgencyKeyForm(KeyForm):
    """Of either purpose: what it is for shows in how it begins."""

    agency = forms.ChoiceField(
        label="接收单位",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "请选择接收单位。", "invalid_choice": "请从列出的单位里选择。"},
    )
    field_order = ("agency", "public_key")

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", "请选择"), *agencies]  # type: ignore[attr-defined]
