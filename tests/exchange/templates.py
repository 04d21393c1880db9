"""A template of a county, as far as a test needs it."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Division, User
from exchange.models import RecipientTemplate
from exchange.queries.templates import presets
from exchange.rules.presets import Preset
from exchange.rules.recipient_templates import TemplateFacts, digest
from exchange.services.templates import activate_template, draft_template, propose_template


def facts_for(preset: Preset, **more: Any) -> TemplateFacts:
    today = timezone.localdate()
    given: dict[str, Any] = {
        "sections": preset.sections, "basis": preset.basis.value, "citation": preset.citation,
        "agreement": "试协2026-1", "assessment": "试评2026-1", "assessed_on": today, "starts_on": today,
    }  # fmt: skip
    return TemplateFacts(**{**given, **more})


def in_force(county: Division, key: str, *, clerk: User, officer: User, **more: Any) -> RecipientTemplate:
    """Drafted and proposed by the clerk, put in force by the officer."""
    row = draft_template(county=county, key=key, facts=facts_for(presets()[key], **more), by=clerk)
    row = propose_template(template=row, by=clerk)
    return activate_template(template=row, seen=digest(row.facts), by=officer)


def years_before(day: date, years: int = 3) -> date:
    return day.replace(year=day.year - years) if (day.month, day.day) != (2, 29) else date(day.year - years, 2, 28)
