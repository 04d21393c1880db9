"""What a freeze says in the open: every figure with its definition, by township, and the plans' rows and report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.terms import AgencyKind
from exchange.rules.periods import period
from reports.queries.figures import Figures
from reports.queries.outcomes import CODES, Tallies
from reports.queries.packs import digest
from reports.queries.plan_table import all_rows
from reports.queries.report_facts import WhyNot, report_facts
from reports.rules.care_indicators import BESIDE
from reports.rules.frozen import letter_of
from reports.rules.indicator import Indicator
from reports.rules.indicators import COMPUTED, EVENTS, HELD, INDICATORS
from reports.rules.joint_meetings import HeldIndicator
from reports.rules.pack import Pack
from reports.rules.place_indicators import PLACED, PlaceIndicator
from reports.rules.plan_row import PlanRow
from reports.rules.report_words import Shortfall
from reports.terms import Mend

BESIDES = {indicator.code: indicator for indicator in BESIDE.values()}
_MEND_ORDER = {mend: place for place, mend in enumerate(Mend)}


def content_of(
    packs: Sequence[Pack], figures: Figures, townships: dict[str, Figures], *, made_on: date, why_not: WhyNot
) -> dict[str, Any]:
    """Plain numbers and words: a later change of a rule or of a plan's file changes nothing of it."""
    return {
        "letters": list(CODES),
        "order": [*COMPUTED, *BESIDES],  # the database keeps no order of keys
        "codes": {code: _definition(code) for code in (*COMPUTED, *BESIDES)},
        "total": _numbers(figures),
        "hours": None if figures.hours is None else [str(part) for part in figures.hours],
        "exchanges": _exchanges(figures),
        "townships": [
            {"code": code, "name": inside.area.name, "figures": _numbers(inside)} for code, inside in townships.items()
        ],
        "plans": [_plan(pack, figures, townships, made_on, why_not) for pack in packs],
    }


def _exchanges(figures: Figures) -> list[dict[str, str | None]]:
    """Behind 部门信息交换次数: every period with every partner, what counts and what does not yet."""
    return [
        {
            "partner": AgencyKind(line.kind).label,
            "period": period(line.period).label,
            "closed_on": line.closed_on.isoformat() if line.closed_on else None,
            "why": line.why,
        }
        for line in (figures.exchanges.lines if figures.exchanges else ())
    ]


def shortfalls_of(letters: Mapping[int, Tallies], figures: Figures, indicator: Indicator) -> tuple[Shortfall, ...]:
    """How many are not counted for which reason, out of the people's letters."""
    total: Counter[str] = Counter()
    for tally in letters.values():
        total.update(tally.get(indicator.code, {}))  # posts and residents are no people: they have no letters
    found = [
        Shortfall(need.label, total[letter_of(place)], need.mend)
        for place, need in enumerate(indicator.needs)
        if total[letter_of(place)]
    ]
    return tuple(sorted(found, key=lambda each: _MEND_ORDER[each.mend]))


def _definition(code: str) -> dict[str, Any]:
    found: Indicator | PlaceIndicator | HeldIndicator
    found = PLACED.get(code) or BESIDES.get(code) or HELD.get(code) or EVENTS.get(code) or INDICATORS[code]
    needs = found.needs if isinstance(found, Indicator) else ()
    return {
        "name": found.name,
        "unit": found.unit.value,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "needs": [need.label for need in needs],
        "sensitive": found.sensitive,
    }


def _numbers(figures: Figures) -> dict[str, list[int | str | None]]:
    """Numerator and denominator by code; a decimal denominator (posts) as its digits."""
    found: dict[str, list[int | str | None]] = {}
    for code in COMPUTED:
        figure = figures[code]
        found[code] = [figure.numerator, _plain(figure.denominator)]
    for code, indicator in BESIDES.items():
        figure = figures.beside(indicator)
        found[code] = [figure.numerator, _plain(figure.denominator)]
    return found


def _plain(number: int | Decimal | None) -> int | str | None:
    return str(number) if isinstance(number, Decimal) else number


def _plan(
    pack: Pack, figures: Figures, townships: dict[str, Figures], made_on: date, why_not: WhyNot
) -> dict[str, Any]:
    return {
        "pack": pack.id,
        "title": pack.title,
        "document_number": pack.document_number,
        "digest": digest(pack.id),
        "rows": [_row(row) for row in all_rows(pack, figures, townships)],
        "report": report_facts(pack, figures, townships, made_on, why_not),
    }


def _row(row: PlanRow) -> dict[str, Any]:
    """As the page prints it."""
    return {
        "number": row.row.number,
        "name": row.row.name,
        "code": row.row.code,
        "standing": row.standing.value,
        "value": row.value_text,
        "fraction": row.fraction_text,
        "target": row.target_text,
        "gap": row.gap_text,
        "note": row.note,
    }
