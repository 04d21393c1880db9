"""建档 from a paper that came in: everything is filled in beforehand, the sealed numbers stay out of the page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from registry.forms.patient import PatientForm
from registry.rules.id_number import IdRefused, read_id_number
from registry.rules.masking import mask_id, mask_phone
from registry.rules.person import PersonFacts

SEALED = ("id_number", "phone", "guardian_phone")


class IntakeForm(PatientForm):
    """`kept`: numbers of the paper. They are shown masked; an empty answer takes them as they are."""

    def __init__(self, *args: Any, kept: Mapping[str, str], today: date, **kwargs: Any) -> None:
        self.kept = {name: kept[name] for name in SEALED if kept.get(name)}
        self.today = today
        super().__init__(*args, **kwargs)
        for name, value in self.kept.items():
            mask = mask_id(value) if name == "id_number" else mask_phone(value)
            self.fields[name].required = False
            self.fields[name].help_text = f"来件上是 {mask}；留空就采用它。"

    def _ask_for_number(self) -> None:
        if self._has_number():
            self.fields["id_number"].required = False
        else:
            super()._ask_for_number()

    def _has_number(self) -> bool:
        return bool(self.kept.get("id_number"))

    def facts(self) -> PersonFacts:
        said = super().facts()
        missing = {name: value for name, value in self.kept.items() if getattr(said, name) is None}
        number = missing.pop("id_number", None)
        if number is not None:
            try:
                read = read_id_number(number, today=self.today)
            except IdRefused:  # another kind of document: the register takes citizens' numbers only
                return replace(said, **missing)
            missing |= {"id_number": read.number, "sex": read.sex}
            return replace(said, birth_on=read.birth_on, **missing)
        return replace(said, **missing)
