"""The people behind a frozen figure: then and now, with the reason in words and what was entered since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Division
from accounts.reach import Reach, reach_filter
from registry.models import Patient
from reports.queries.care_facts import columns_of, relation_sql
from reports.queries.freezes import Opened
from reports.queries.later_records import entered_since
from reports.queries.people import Whose, details_of, period_of, who
from reports.queries.periods import place_of
from reports.rules.cut import Cut
from reports.rules.frozen import Differing, Entered, need_of, outcome_of
from reports.rules.indicator import Indicator
from reports.rules.period import PatientPeriod
from reports.terms import Outcome

NOT_THERE = "按现在的资料，截止日不在这里的在册患者里"
OUTSIDE = "按现在的资料，截止日不属于这项指标的统计范围"
NO_RECORD = "没有找到这个人自己的新记录；可能是档案合并或单位之间的办理引起的。"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPerson(Whose):
    before: str
    after: str
    why: str
    entered: tuple[Entered, ...]


def visible_keys(people: Sequence[Differing], reach: Reach) -> list[int]:
    """Those of the list whom the reach shows today, as the list is read: by township, then number."""
    rows = Patient.objects.filter(reach_filter(reach, ""), pk__in=[each.patient for each in people])
    return list(rows.order_by("duty_township", "number", "pk").values_list("pk", flat=True))


def frozen_people(
    opened: Opened, found: Indicator, people: Sequence[Differing], *, today: Cut, named: Reach, moment: datetime | None
) -> list[FrozenPerson]:
    """One page of people, all of them within reach. `moment`: also how they count now and what was entered since then."""
    by_key = {each.patient: each for each in people}
    patients = Patient.objects.select_related("village").in_bulk(list(by_key))
    towns = dict(
        Division.objects.filter(pk__in={row.duty_township for row in patients.values()}).values_list("pk", "name")
    )
    now = _periods(opened.area, found, today, list(by_key)) if moment else {}
    details = details_of(list(now), today)
    entered = entered_since(by_key, moment, opened.freeze.as_of) if moment else {}
    needs = opened.freeze.content["codes"][found.code]["needs"]
    rows = []
    for key, each in by_key.items():
        patient, period = patients[key], now.get(key)
        rows.append(
            FrozenPerson(
                **who(patient, named),
                township=towns.get(patient.duty_township, ""),
                before=before_words(each.before, needs),
                after=outcome_of(each.after).label,
                why=_why(found, each, period, details.get(key)),
                entered=entered.get(key, ()),
            )
        )
    return rows


def before_words(letter: str, needs: Sequence[str]) -> str:
    """As the freeze itself says it: its own names of the reasons."""
    outcome, need = outcome_of(letter), need_of(letter)
    return f"{outcome.label}：{needs[need]}" if need is not None and need < len(needs) else outcome.label


def _why(found: Indicator, each: Differing, period: PatientPeriod | None, detail: Any) -> str:
    if period is None:
        return NOT_THERE
    return OUTSIDE if outcome_of(each.after) is Outcome.OUT else found.why(period, detail)


def _periods(area: Division, found: Indicator, cut: Cut, keys: list[int]) -> dict[int, PatientPeriod]:
    """What the figure now knows of these people on the day of the freeze. Reads with the reader's reach."""
    columns = columns_of(found)
    sql = (
        f"SELECT {', '.join(columns)} FROM ({relation_sql([found], place_of(area), cut)}) period "  # noqa: S608
        "WHERE patient_id = ANY (%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys])
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return {row["patient_id"]: period_of(row, cut) for row in rows}
