"""The facts of one follow-up record as the rules see them: frozen, typed, without a database."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Self

from followup.terms import Adherence, Hospital

DANGERS = ("minor_trouble", "trouble", "crime", "other_harm", "self_harm", "suicide_attempt")
SOCIAL = ("self_care", "housework", "work", "learning", "social")


def _dose(value: Any) -> str:
    """ "1.50" and 1.5 are one dose; an empty cell is none."""
    if value in (None, ""):
        return ""
    number = Decimal(str(value)).normalize()
    return format(number, "f")


def is_dose(number: Decimal) -> bool:
    """0 to 100,000 with at most three places; 1e-999999 would be written out with a million zeros. Units: mg, weeks."""
    return number.is_finite() and 0 <= number <= 100_000 and number == round(number, 3)


@dataclass(frozen=True, slots=True)
class Drug:
    """One medicine line of 表1-8: three doses a day, or one injection every so many weeks. Units: mg, weeks."""

    name: str
    morning: str = ""
    noon: str = ""
    evening: str = ""
    every_weeks: str = ""
    each: str = ""

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        doses = {k: _dose(row.get(k)) for k in ("morning", "noon", "evening", "every_weeks", "each")}
        return cls(name=str(row.get("name", "")), **doses)

    def as_row(self) -> dict[str, str]:
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}

    @property
    def words(self) -> str:
        if self.every_weeks:
            return f"{self.name} 每 {self.every_weeks} 周一次，每次 {self.each or '—'} mg"
        doses = [
            f"{when} {dose}"
            for when, dose in zip("早中晚", (self.morning, self.noon, self.evening), strict=True)
            if dose
        ]
        return f"{self.name} {' '.join(doses)} mg" if doses else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """Everything a person writes on 表1-8, except the class and the next date (see Choice). Names as in the model."""

    visited_on: date
    form: str
    seen: tuple[str, ...] = ()
    lost_reason: str = ""
    lost_text: str = ""
    died_on: date | None = None
    death_cause: str = ""
    death_illness: str = ""
    level: int | None = None
    basis: str = ""
    symptoms: tuple[int, ...] = ()
    symptom_text: str = ""
    obvious_symptoms: bool = False
    insight: int | None = None
    sleep: int | None = None
    diet: int | None = None
    self_care: int | None = None
    housework: int | None = None
    work: int | None = None
    learning: int | None = None
    social: int | None = None
    minor_trouble: int = 0
    trouble: int = 0
    crime: int = 0
    other_harm: int = 0
    self_harm: int = 0
    suicide_attempt: int = 0
    locked: int | None = None
    hospital: int | None = None
    discharged_on: date | None = None
    lab: int | None = None
    lab_text: str = ""
    adherence: int | None = None
    side_effect: int | None = None
    side_effect_text: str = ""
    severe_side_effect: bool = False
    severe_illness: bool = False
    effect: int | None = None
    referral: int | None = None
    referral_reason: str = ""
    referral_to: str = ""
    drugs: tuple[Drug, ...] = ()
    guidance: tuple[Drug, ...] = ()
    rehab: tuple[int, ...] = ()
    rehab_text: str = ""
    case_management: str = ""
    doctor_name: str = ""

    @property
    def in_hospital(self) -> bool:
        return self.hospital == Hospital.NOW

    @property
    def is_complete(self) -> bool:
        """完整随访记录: a risk level, or 目前正在住院. Source: 指标口径."""
        return self.level is not None or self.in_hospital

    @property
    def is_lost(self) -> bool:
        """A note that the patient is lost: no assessment took place."""
        return bool(self.lost_reason) and not self.is_complete

    @property
    def met_patient(self) -> bool:
        """面访: 门诊 or 家庭访视, and the patient was there."""
        return self.form in ("1", "2") and "1" in self.seen

    @property
    def dangers(self) -> int:
        return sum(getattr(self, name) for name in DANGERS)

    @property
    def takes_medicine(self) -> bool:
        return self.in_hospital or self.adherence == Adherence.REGULAR

    def as_columns(self) -> dict[str, Any]:
        """The model's columns."""
        columns: dict[str, Any] = {name: getattr(self, name) for name in FACT_FIELDS}
        for name in ("seen", "symptoms", "rehab"):
            columns[name] = list(columns[name])
        for name in ("drugs", "guidance"):
            columns[name] = [drug.as_row() for drug in columns[name]]
        return columns

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a stored version (or anything with its attributes)."""
        values = {name: getattr(row, name) for name in FACT_FIELDS}
        for name in ("seen", "symptoms", "rehab"):
            values[name] = tuple(values[name])
        for name in ("drugs", "guidance"):
            values[name] = tuple(Drug.of(drug) for drug in values[name])
        return cls(**values)

    def changed(self, **values: Any) -> Self:
        return replace(self, **values)


FACT_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(VisitFacts))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the doctor decided: empty means as the rule says."""

    stability: int | None = None
    next_due_on: date | None = None
    deviation_reason: str = ""


class Previous(NamedTuple):
    """The last complete record before this one, by date."""

    visited_on: date
    stability: int | None
    level: int | None = None
