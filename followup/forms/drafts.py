"""What of a visit form is kept as a draft, and how it comes back: as typed, right or wrong."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict

from followup.forms.drugs import PREFIX
from followup.forms.visit import VisitEntry
from followup.rules.drafts import Page

NAMES = frozenset(VisitEntry.base_fields) - {"form_id", "version", "confirmed", *PREFIX}
LINES = tuple(f"{prefix}" for prefix in PREFIX.values())
MOST = 1000  # characters of one answer, as the longest field of the form
MANY = 20  # answers of one question


class PageForm(forms.Form):
    """Which page writes."""

    form_id = forms.UUIDField()
    draft_tab = forms.UUIDField()
    draft_version = forms.IntegerField(min_value=0, max_value=1_000_000)

    def page(self) -> Page:
        data = self.cleaned_data
        return Page(data["form_id"], data["draft_tab"], data["draft_version"])


def answers_of(data: QueryDict) -> dict[str, list[str]]:
    """The form's own answers, nothing else that was sent along."""
    return {
        name: [value[:MOST] for value in data.getlist(name)[:MANY]]
        for name in data
        if name in NAMES or (name.startswith(LINES) and len(name) < 30)
    }


def as_data(answers: Mapping[str, Sequence[str]], form_id: UUID) -> QueryDict:
    """As if the form had just been sent."""
    found = QueryDict(mutable=True)
    for name, values in answers.items():
        found.setlist(name, list(values))
    found["form_id"] = str(form_id)
    return found
