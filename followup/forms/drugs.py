"""The medicine lines of the form: some by the day, some long-acting, read together as one field."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.rules.text import TextRefused, clean_text
from followup.rules.checks import MOST_DRUGS
from followup.rules.facts import Drug, is_dose

PREFIX = {"drugs": "drug", "guidance": "guide"}
DOSES = {"morning": "早 mg", "noon": "中 mg", "evening": "晚 mg"}
LONG = {"every_weeks": "每几周一次", "each": "每次 mg"}
PLAIN_LINES, LONG_LINES = 3, 1  # as on the paper; more are shown when a record holds more


@dataclass(frozen=True)
class LineKey:
    """One line of the form: how its inputs are called and what they hold."""

    key: str
    label: str
    parts: dict[str, str]

    @property
    def is_long(self) -> bool:
        return self.parts is LONG


def line_keys(prefix: str, plain: int = MOST_DRUGS, long: int = MOST_DRUGS) -> list[LineKey]:
    keys = [LineKey(f"{prefix}{n}", f"药物 {n}", DOSES) for n in range(1, plain + 1)]
    return keys + [
        LineKey(f"{prefix}_long{n if n > 1 else ''}", f"长效药 {n}" if n > 1 else "长效药", LONG)
        for n in range(1, long + 1)
    ]


class DrugLines(forms.Widget):
    """Collects whatever was typed into the lines; an empty line leaves nothing."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        typed = {}
        for line in line_keys(PREFIX[name]):
            for part in ("name", *line.parts):
                if value := data.get(f"{line.key}_{part}"):
                    typed[f"{line.key}_{part}"] = value
        return typed

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class DrugsField(forms.Field):
    """To a tuple of Drug; every wrong number is named with its line."""

    widget = DrugLines

    def __init__(self, *, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> tuple[Drug, ...]:
        found: list[Drug] = []
        wrong: list[str] = []
        for line in line_keys(self.prefix) if value else ():
            typed = {part: value.get(f"{line.key}_{part}", "") for part in ("name", *line.parts)}
            if any(typed.values()):
                said = {part: self._read(line, part, text, wrong) for part, text in typed.items()}
                found.append(Drug.of(said))
        if wrong:
            raise ValidationError(wrong)
        return tuple(found)

    @staticmethod
    def _read(line: LineKey, part: str, text: str, wrong: list[str]) -> str:
        label = "药名" if part == "name" else line.parts[part]
        try:
            said = clean_text(text, max_length=60 if part == "name" else 12)
            if part != "name" and said and not is_dose(Decimal(said)):
                wrong.append(f"{line.label} {label}：要在 0 至 100000 之间，最多三位小数。")
                return ""
        except TextRefused as refusal:
            wrong.append(f"{line.label} {label}：{refusal}")
            return ""
        except InvalidOperation:
            wrong.append(f"{line.label} {label}：请填数字，例如 1.5。")
            return ""
        return said


def drug_values(prefix: str, drugs: tuple[Drug, ...]) -> dict[str, str]:
    """Form values of stored medicines, each on a line of its kind."""
    plain = iter(drug for drug in drugs if not drug.every_weeks)
    long = iter(drug for drug in drugs if drug.every_weeks)
    values: dict[str, str] = {}
    for line in line_keys(prefix):
        drug = next(long if line.is_long else plain, None)
        if drug is not None:
            values |= {f"{line.key}_{part}": getattr(drug, part) for part in ("name", *line.parts)}
    return {name: value for name, value in values.items() if value}


def shown_lines(prefix: str, values: dict[str, str]) -> list[LineKey]:
    """The paper's lines, and as many more as hold something."""
    used = {line.key for line in line_keys(prefix) if any(f"{line.key}_{p}" in values for p in ("name", *line.parts))}
    plain = [n for n in range(1, MOST_DRUGS + 1) if f"{prefix}{n}" in used]
    long = sum(line.is_long and line.key in used for line in line_keys(prefix))
    return line_keys(prefix, max([PLAIN_LINES, *plain]), max(LONG_LINES, long))
