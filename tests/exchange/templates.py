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
from exchange.terms import TemplateState


def facts_for(preset: Preset, **more: Any) -> TemplateFacts:
    today = timezone.localdate()
    given: dict[str, Any] = {
        "sections": preset.sections, "basis": preset.basis.value, "citation": preset.citation,
        "agreement": "试协2026-1", "assessment": "试评2026-1", "assessed_on": today, "starts_on": today,
    }  # fmt: skip
    return TemplateFacts(**{**given, **more})


def in_force(county: Division, key: str, *, clerk: User, officer: User, **more: Any) -> RecipientTemplate:
    """Drafted and proposed by the clerk, put in force by the officer; a first version is written down as it stands
    after those three steps (tests/exchange/test_templates.py walks them), a later one has one before it to end."""
    preset = presets()[key]
    facts = facts_for(preset, **more)
    place = {"county": county, "agency_kind": preset.agency, "situation": preset.situation}
    if RecipientTemplate.objects.filter(**place).exists():
        row = draft_template(county=county, key=key, facts=facts, by=clerk)
        row = propose_template(template=row, by=clerk)
        return activate_template(template=row, seen=digest(row.facts), by=officer)
    now = timezone.now()
    return RecipientTemplate.objects.create(
        **place, version=1, state=TemplateState.ACTIVE, sections=[one.as_content() for one in facts.sections],
        basis=facts.basis, citation=facts.citation, agreement=facts.agreement, assessment=facts.assessment,
        assessed_on=facts.assessed_on, rhythm=preset.rhythm, starts_on=facts.starts_on, drafted_by=clerk,
        drafted_at=now, proposed_by=clerk, proposed_at=now, activated_by=officer, activated_at=now,
    )  # fmt: skip


def years_before(day: date, years: int = 3) -> date:
    return day.replace(year=day.year - years) if (day.month, day.day) != (2, 29) else date(day.year - years, 2, 28)
