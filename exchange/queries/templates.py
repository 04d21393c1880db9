"""Templates of a county: what ships, what it has, and what holds on a day."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet

from accounts.models import Division, User
from accounts.queries.administered import areas_administered
from accounts.refusals import Denied
from accounts.terms import AgencyKind, DivisionLevel, Permission
from exchange.models import RecipientTemplate
from exchange.rules.content import TEMPLATES, Template
from exchange.rules.items import RECIPIENTS
from exchange.rules.presets import Preset, read_presets
from exchange.terms import ContentField, Situation, TemplateState

FILE = Path(__file__).resolve().parent.parent / "presets" / "templates.toml"
HELD = (TemplateState.ACTIVE, TemplateState.REPLACED, TemplateState.ENDED)


@cache
def presets() -> dict[str, Preset]:
    return read_presets(FILE.read_text(encoding="utf-8"))


def preset_of(row: RecipientTemplate) -> Preset | None:
    """None: the program no longer ships it; such a row can only be ended."""
    return presets().get(f"{row.agency_kind}.{row.situation}")


def counties_of(user: User, permission: Permission, today: date) -> list[Division]:
    return [area for area in areas_administered(user, permission, today) if area.level == DivisionLevel.COUNTY]


def own_county(user: User, today: date) -> Division:
    """The county whose exchange the person works on. Raises: Denied (a role above the county keeps no templates)."""
    found = counties_of(user, Permission.VIEW_EXCHANGE, today)
    if not found:
        raise Denied
    return found[0]


def templates_of(county: Division) -> QuerySet[RecipientTemplate]:
    rows = RecipientTemplate.objects.filter(county=county)
    return rows.select_related("county", "drafted_by", "proposed_by", "activated_by").order_by(
        "agency_kind", "situation", "-version"
    )


def template_on(county: Division, kind: str, situation: str, day: date) -> RecipientTemplate | None:
    """What holds on that day: begun, and neither replaced nor ended by then."""
    rows = RecipientTemplate.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=day),
        county=county, agency_kind=kind, situation=situation, state__in=HELD, starts_on__lte=day,
    )  # fmt: skip
    return rows.order_by("-starts_on", "-version").first()


@dataclass(frozen=True)
class TemplateLine:
    """One occasion of a kind of agency: what the county has for it, and what the program ships."""

    preset: Preset
    now: RecipientTemplate | None
    open: RecipientTemplate | None
    older: list[RecipientTemplate]


@dataclass(frozen=True)
class AgencyBlock:
    kind: AgencyKind
    lines: list[TemplateLine]
    statutory: Template | None  # the alert: kept by the program, not by the county

    @property
    def statutory_headers(self) -> list[str]:
        return [str(ContentField(item).label) for item in self.statutory.fields] if self.statutory else []


def blocks(county: Division) -> list[AgencyBlock]:
    """Everything by kind of agency, in the order of the law's list."""
    rows = list(templates_of(county))
    found = []
    for kind in RECIPIENTS:
        lines = [
            _line(presets()[key], [row for row in rows if row.agency_kind == kind and row.situation == situation])
            for situation in Situation
            if (key := f"{kind.value}.{situation.value}") in presets()
        ]
        if lines or kind.value in TEMPLATES:
            found.append(AgencyBlock(kind, lines, TEMPLATES.get(kind.value)))
    return found


def _line(preset: Preset, rows: list[RecipientTemplate]) -> TemplateLine:
    now = next((row for row in rows if row.state == TemplateState.ACTIVE), None)
    waiting = next((row for row in rows if row.state in (TemplateState.DRAFT, TemplateState.PROPOSED)), None)
    return TemplateLine(preset, now, waiting, [row for row in rows if row not in (now, waiting)])
