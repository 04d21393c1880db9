"""What a new form takes over from the last record, and what differs. Source: design notes of the visit form."""

from followup.rules.facts import VisitFacts

# Never carried: date, form, persons met, loss and death, risk and its basis, dangerous acts, laboratory.
CARRIED: tuple[str, ...] = (
    "symptoms", "symptom_text", "obvious_symptoms", "insight", "sleep", "diet", "self_care", "housework", "work",
    "learning", "social", "locked", "hospital", "adherence", "side_effect", "side_effect_text", "severe_side_effect",
    "severe_illness", "effect", "referral", "drugs", "guidance", "rehab", "rehab_text", "case_management",
)  # fmt: skip


def carried(last: VisitFacts) -> dict[str, object]:
    """The stable answers of the last complete record."""
    return {name: getattr(last, name) for name in CARRIED}


def differing(now: VisitFacts, last: VisitFacts, names: tuple[str, ...] = CARRIED) -> list[str]:
    return [name for name in names if getattr(now, name) != getattr(last, name)]
