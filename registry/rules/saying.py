"""A value of PersonFacts as a page says it: codes by their words, numbers masked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.rules.masking import mask_id, mask_phone
from registry.terms import (
    DeathCause,
    DiagnosisCode,
    Education,
    Employment,
    HouseholdKind,
    Locked,
    Marital,
    Relation,
    Sex,
    Signer,
)

_CODES: dict[str, Any] = {
    "sex": Sex, "household_kind": HouseholdKind, "education": Education, "marital": Marital,
    "employment": Employment, "guardian_relation": Relation, "diagnosis": DiagnosisCode, "past_locked": Locked,
    "death_cause": DeathCause, "consent_signer": Signer,
}  # fmt: skip
_FLAGS = {"consent": ("同意参加管理", "不同意参加管理"), "poor": ("贫困", "非贫困")}
PLACE_FIELDS = ("residence_code", "household_code")
NOTHING = "（没有填）"


def say(name: str, value: Any, places: Mapping[str, str]) -> str:
    """Words for one field; an ID number or a phone keeps only what tells it apart.

    `places`: names by division code; a code nobody knows any more is shown as it is.
    """
    if value is None or value == "":
        return NOTHING
    if name in _FLAGS:
        return _FLAGS[name][0 if value else 1]
    if name in _CODES:
        return next((str(one.label) for one in _CODES[name] if str(one.value) == str(value)), str(value))
    if name in ("id_number", "guardian_id_number", "disability_number"):
        return mask_id(str(value))
    if name in ("phone", "guardian_phone"):
        return mask_phone(str(value))
    if name in PLACE_FIELDS:
        return places.get(str(value), str(value))
    if name == "past_danger":
        return f"{value} 级"
    return value.isoformat() if isinstance(value, date) else str(value)


def say_all(names: tuple[str, ...], values: tuple[Any, ...], places: Mapping[str, str]) -> str:
    """Several fields that stand together, e.g. a guardian with relation and phone."""
    said = [say(name, value, places) for name, value in zip(names, values, strict=True) if value not in (None, "")]
    return "，".join(said) or NOTHING
