"""What the dashboard shows as of this minute: overdue follow-up, lost people, alerts that nobody has signed for."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from exchange.models import Receipt
from exchange.terms import DISCLOSING, CaseStatus
from registry.terms import CareStatus
from reports.queries.periods import Place

LISTED_ALERTS = 3
DANGEROUS, UNSTABLE, FAIR, STABLE, NEVER = range(5)
GROUP_NAMES = {
    DANGEROUS: "3 级及以上",
    UNSTABLE: "病情不稳定（两周内随访）",
    FAIR: "基本稳定",
    STABLE: "稳定（3 个月内）",
    NEVER: "还没有分类（新建档、住院）",
}


@dataclass(frozen=True, slots=True)
class Late:
    """People whose next follow-up date has passed. Units: whole days."""

    people: int = 0
    longest_days: int = 0

    def __add__(self, other: "Late") -> "Late":
        return Late(self.people + other.people, max(self.longest_days, other.longest_days))


@dataclass(frozen=True, slots=True)
class Care:
    """Open files of the area as they stand now, by the township that answers for them."""

    overdue: dict[int, dict[int, Late]] = field(default_factory=dict)  # township → group
    lost: dict[int, int] = field(default_factory=dict)

    def group(self, number: int) -> Late:
        return sum((groups.get(number, Late()) for groups in self.overdue.values()), Late())

    def in_township(self, township: int) -> int:
        return sum(late.people for late in self.overdue.get(township, {}).values())

    @property
    def overdue_total(self) -> int:
        return sum(self.in_township(township) for township in self.overdue)

    @property
    def lost_total(self) -> int:
        return sum(self.lost.values())


def care_of(place: Place, today: date) -> Care:
    """One statement over the columns carried on the patient's row."""
    village = f" AND village_id = {place.village}" if place.village else ""
    sql = f"""
        SELECT duty_township,
               CASE WHEN last_level >= 3 THEN {DANGEROUS} WHEN last_class = 1 THEN {UNSTABLE}
                    WHEN last_class = 2 THEN {FAIR} WHEN last_class = 3 THEN {STABLE} ELSE {NEVER} END,
               count(*) FILTER (WHERE next_due_on < %(today)s),
               coalesce(max(%(today)s - next_due_on) FILTER (WHERE next_due_on < %(today)s), 0),
               count(*) FILTER (WHERE status = %(lost)s)
        FROM registry_patient
        WHERE closed_on IS NULL AND duty_{place.column} = ANY ({place.keys}){village}
          AND (next_due_on < %(today)s OR status = %(lost)s)
        GROUP BY 1, 2
    """  # noqa: S608
    overdue: dict[int, dict[int, Late]] = defaultdict(dict)
    lost: dict[int, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": today, "lost": CareStatus.LOST.value})
        for township, group, late, longest, gone in cursor.fetchall():
            overdue[township][group] = Late(late, longest)
            lost[township] += gone
    return Care(dict(overdue), dict(lost))


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Cases (one person told to one office) in which something lies unsigned; those that wait longest are listed."""

    count: int
    late: int
    oldest: tuple[Receipt, ...]


def unsigned_alerts(place: Place, *, now: datetime, hours: int) -> Unsigned:
    rows = all_unsigned(place)
    oldest = list(rows[:LISTED_ALERTS])
    if len(oldest) < LISTED_ALERTS:
        count = len(oldest)
        late = sum(row.delivered_at < now - timedelta(hours=hours) for row in oldest)
    else:
        count, late = rows.count(), rows.filter(delivered_at__lt=now - timedelta(hours=hours)).count()
    return Unsigned(count, late, tuple(oldest))


def all_unsigned(place: Place) -> QuerySet[Receipt]:
    """One receipt for each case: the oldest that is not signed for, whatever was told after it."""
    where: dict[str, Any] = {f"duty_{place.column}__in": place.ids}
    if place.village:
        where["patient__village"] = place.village
    waiting = Receipt.objects.filter(
        acknowledged_at=None, entry__withdrawn_at=None, entry__kind__in=DISCLOSING, **where
    ).exclude(alert__status=CaseStatus.CLOSED)
    oldest = waiting.order_by("alert_id", "delivered_at", "pk").distinct("alert_id")
    rows = Receipt.objects.filter(pk__in=oldest.values("pk")).select_related("alert__agency")
    return rows.order_by("delivered_at", "pk")
