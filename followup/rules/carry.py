"""What a new form takes over from the last complete record. Source: design notes of the visit form."""

# Never carried: date, form, persons met, loss and death, risk and its basis, dangerous acts, laboratory.
CARRIED: tuple[str, ...] = (
    "symptoms", "symptom_text", "obvious_symptoms", "insight", "sleep", "diet", "self_care", "housework", "work",
    "learning", "social", "locked", "hospital", "adherence", "side_effect", "side_effect_text", "severe_side_effect",
    "severe_illness", "effect", "referral", "drugs", "guidance", "rehab", "rehab_text", "case_management",
)  # fmt: skip
