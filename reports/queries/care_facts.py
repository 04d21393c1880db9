"""What other records than the visits say of a person on the cut-off day, as columns beside those of the period.

Only what an indicator asks for is looked up, and only where it is asked: nothing of it is kept.
"""

from collections.abc import Callable, Iterable

from followup.terms import CheckupKind, CheckupOutcome, DrugClass, PlanKind
from registry.terms import GuardianshipState
from reports.queries.conditions import literal
from reports.queries.periods import COLUMNS, Place, period_sql
from reports.rules.conditions import Field
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator


def _free_sga(start: str, end: str) -> str:
    return f"""EXISTS (SELECT FROM followup_dispensing d JOIN followup_medicine m ON m.id = d.medicine_id
        WHERE d.patient_id = period.patient_id AND d.struck_at IS NULL AND m.kind = '{DrugClass.SECOND}'
          AND d.handed_on BETWEEN {start} AND {end})"""


def _examined(start: str, end: str) -> str:
    return f"""EXISTS (SELECT FROM followup_checkup c
        WHERE c.patient_id = period.patient_id AND c.struck_at IS NULL AND c.kind = '{CheckupKind.YEARLY}'
          AND c.outcome = '{CheckupOutcome.DONE}' AND c.checked_on BETWEEN {start} AND {end})"""


def _injected(start: str, end: str) -> str:
    """In the year, or before it while its interval still runs on the day."""
    return f"""EXISTS (SELECT FROM followup_injection i
        WHERE i.patient_id = period.patient_id AND i.struck_at IS NULL AND i.given_on <= {end}
          AND (i.given_on >= {start} OR i.given_on + i.interval_days >= {end}))"""


def _weak_guardian(start: str, end: str) -> str:
    weak = f"'{GuardianshipState.WEAK}', '{GuardianshipState.NONE}'"
    return f"""coalesce((SELECT g.state IN ({weak}) FROM registry_guardianship g
        WHERE g.patient_id = period.patient_id AND g.starts_on <= {end} ORDER BY g.starts_on DESC LIMIT 1), false)"""  # noqa: S608


def _has_plan(start: str, end: str) -> str:
    return f"""EXISTS (SELECT FROM followup_plan p JOIN followup_planversion v ON v.plan_id = p.id
        WHERE p.patient_id = period.patient_id AND p.kind = '{PlanKind.INDIVIDUAL}' AND v.starts_on <= {end}
          AND (p.ended_on IS NULL OR p.ended_on > {end}))"""


FACTS: dict[Field, Callable[[str, str], str]] = {
    "free_sga": _free_sga,
    "examined": _examined,
    "injected": _injected,
    "weak_guardian": _weak_guardian,
    "has_plan": _has_plan,
}


def facts_asked(indicators: Iterable[Indicator]) -> tuple[Field, ...]:
    asked = {field for indicator in indicators for field in indicator.fields}
    return tuple(field for field in FACTS if field in asked)


def columns_of(indicator: Indicator) -> tuple[str, ...]:
    """The columns of the relation below."""
    return (*COLUMNS, *facts_asked([indicator]))


def relation_sql(indicators: Iterable[Indicator], place: Place, cut: Cut) -> str:
    """The period, with the facts that these indicators ask for."""
    relation, facts = period_sql(place, cut), facts_asked(indicators)
    if not facts:
        return relation
    start, end = literal(cut.year_start), literal(cut.as_of)
    columns = ", ".join(f"{FACTS[field](start, end)} AS {field}" for field in facts)
    return f"SELECT period.*, {columns} FROM ({relation} OFFSET 0) period"  # noqa: S608
