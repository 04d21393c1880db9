"""What other records than the visits say of a person on the cut-off day, as columns beside those of the period.

Only what an indicator asks for is looked up, and only where it is asked: nothing of it is kept.
"""

from collections.abc import Callable, Iterable

from accounts.terms import AgencyKind
from exchange.terms import Situation
from followup.terms import CheckupKind, CheckupOutcome, DrugClass, IncidentState, PlanKind
from registry.terms import CareStatus, GuardianshipState, StatusReason
from reports.queries.conditions import literal
from reports.queries.periods import COLUMNS, Place, period_sql
from reports.rules.care_indicators import HIGH_RISK_WITHIN, TREATED_WITHIN
from reports.rules.conditions import Field
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator

_LOCAL = "AT TIME ZONE 'Asia/Shanghai'"
HAPPENED = f"(n.happened_at {_LOCAL})::date"
CONFIRMED = f"n.state IN ('{IncidentState.CONFIRMED}', '{IncidentState.CLOSED}') AND (n.trouble > 0 OR n.crime > 0)"


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


def _event(start: str, end: str) -> str:
    return f"""EXISTS (SELECT FROM followup_incident n WHERE n.patient_id = period.patient_id AND {CONFIRMED}
        AND {HAPPENED} BETWEEN {start} AND {end})"""


def _treated(start: str, end: str) -> str:
    """Inside on the day of the event, or brought in within thirty days of it."""
    return f"""EXISTS (
        SELECT FROM (
            SELECT v.visited_on AS day FROM followup_visit v
            WHERE v.patient_id = period.patient_id AND v.is_current AND (v.trouble > 0 OR v.crime > 0)
              AND v.visited_on BETWEEN {start} AND {end}
            UNION ALL
            SELECT {HAPPENED} FROM followup_incident n
            WHERE n.patient_id = period.patient_id AND {CONFIRMED} AND {HAPPENED} BETWEEN {start} AND {end}
        ) event WHERE EXISTS (
            SELECT FROM registry_admission a WHERE a.patient_id = period.patient_id
              AND a.admitted_on <= least(event.day + {TREATED_WITHIN}, {end})
              AND (a.discharged_on IS NULL OR a.discharged_on >= event.day)
        ) OR EXISTS (
            SELECT FROM registry_patientstatus s WHERE s.patient_id = period.patient_id
              AND s.value = '{CareStatus.DETAINED}' AND s.reason_code = '{StatusReason.HELD_ORDER}'
              AND s.starts_on <= least(event.day + {TREATED_WITHIN}, {end})
              AND NOT EXISTS (SELECT FROM registry_patientstatus l WHERE l.patient_id = s.patient_id
                              AND l.starts_on > s.starts_on AND l.starts_on <= event.day)))"""  # noqa: S608


def _high_unanswered(start: str, end: str) -> str:
    """A high level after which fourteen days have passed without a record and without an admission."""
    return f"""EXISTS (
        SELECT FROM followup_visit v WHERE v.patient_id = period.patient_id AND v.is_current AND v.level >= 3
          AND v.visited_on BETWEEN {start} AND {end} AND v.visited_on + {HIGH_RISK_WITHIN} <= {end}
          AND NOT EXISTS (
            SELECT FROM followup_visit w WHERE w.patient_id = v.patient_id AND w.is_current AND w.complete
              AND w.visited_on > v.visited_on AND w.visited_on <= v.visited_on + {HIGH_RISK_WITHIN})
          AND NOT EXISTS (
            SELECT FROM registry_admission a WHERE a.patient_id = v.patient_id
              AND a.admitted_on <= v.visited_on + {HIGH_RISK_WITHIN}
              AND (a.discharged_on IS NULL OR a.discharged_on >= v.visited_on)))"""  # noqa: S608


def _away_long(start: str, end: str) -> str:
    """Away on the day, and for more than a month already."""
    return f"""coalesce((SELECT s.value = '{CareStatus.AWAY}' AND s.starts_on + interval '1 month' < {end}
        FROM registry_patientstatus s WHERE s.patient_id = period.patient_id AND s.starts_on <= {end}
        ORDER BY s.starts_on DESC LIMIT 1), false)"""  # noqa: S608


def _away_file(start: str, end: str) -> str:
    """The destination was told and has answered that its file stands."""
    return f"""EXISTS (SELECT FROM registry_temporaryfile t WHERE t.patient_id = period.patient_id
        AND t.opened_on <= {end} AND (t.taken_at {_LOCAL})::date <= {end}
        AND (t.ended_on IS NULL OR t.ended_on > {end}))"""


def _was_lost(start: str, end: str) -> str:
    """Lost or refusing on some day of the year: begun in it, or before it and not over when it began."""
    gone = f"'{CareStatus.LOST}', '{CareStatus.REFUSED}'"
    return f"""EXISTS (SELECT FROM registry_patientstatus s WHERE s.patient_id = period.patient_id
        AND s.value IN ({gone}) AND s.starts_on <= {end}
        AND NOT EXISTS (SELECT FROM registry_patientstatus l WHERE l.patient_id = s.patient_id
                        AND l.starts_on > s.starts_on AND l.starts_on <= {start}))"""  # noqa: S608


def _loss_told(start: str, end: str) -> str:
    """失访（死亡）登记表 delivered to both, in the year or before it while the loss lasts."""
    told = f"""EXISTS (SELECT FROM exchange_personnotice n JOIN exchange_personnoticecopy c ON c.notice_id = n.id
        JOIN accounts_agency a ON a.id = c.agency_id
        WHERE n.patient_id = period.patient_id AND n.situation = '{Situation.LOST_REPORT}'
          AND (c.delivered_at {_LOCAL})::date <= {end} AND a.kind = """
    return f"({told}'{AgencyKind.POLICE}') AND {told}'{AgencyKind.POLITICAL_LEGAL}'))"


FACTS: dict[Field, Callable[[str, str], str]] = {
    "free_sga": _free_sga,
    "examined": _examined,
    "injected": _injected,
    "weak_guardian": _weak_guardian,
    "has_plan": _has_plan,
    "event": _event,
    "treated": _treated,
    "high_unanswered": _high_unanswered,
    "away_long": _away_long,
    "away_file": _away_file,
    "was_lost": _was_lost,
    "loss_told": _loss_told,
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
