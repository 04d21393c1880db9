"""Offices that are late, for the county and the commission: the page 超时 and lines of 今日工作."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.doors import where
from accounts.models import Division, User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.reach import standing
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import Receipt
from exchange.queries.late import Late, noted_late
from exchange.rules.clocks import moment_words
from exchange.rules.deadlines import Patience
from registry.rules.masking import mask_name

MOST = 200
MOST_NAMED = 3


@dataclass(frozen=True)
class Overdue:
    """One case on which an office is late. Names are masked for who oversees and does not treat (decisions D)."""

    number: str
    name: str
    place: str
    office: str
    what: str
    since: str
    person: UUID
    is_named: bool


def _stages(late: Late, user: User, county: int) -> Iterator[tuple[str, str, QuerySet[Receipt]]]:
    """What is late, the moment it counts from, and where to look: the commission sees what the county did not move."""
    mine = Receipt.objects.filter(duty_county=county)
    if where(user, Permission.VIEW_ALERT_STATUS).counties:
        yield f"超过 {late.patience.acknowledge} 小时没有签收", "delivered_at", late.unsigned(mine)
        yield f"签收后超过 {late.patience.answer} 小时没有反馈", "acknowledged_at", late.unanswered(mine)
    else:
        yield f"超过 {late.patience.commission} 小时没有签收", "delivered_at", late.long_unsigned(mine)


def _one_a_case(rows: Iterable[Receipt]) -> list[Receipt]:
    """An office is late once on a case, since its oldest entry: several entries are not several cases. Oldest first."""
    oldest: dict[int, Receipt] = {}
    for row in rows:
        oldest.setdefault(row.alert_id, row)
    return list(oldest.values())


def overdue_of(user: User, now: datetime) -> list[Overdue]:
    """The oldest first, in the reach of the right. `now` is local. Units: hours of the county's settings."""
    found = list[tuple[datetime, Overdue]]()
    calendar, named = work_calendar(), standing(user).named
    for county in sorted(where(user, Permission.VIEW_OVERDUE).counties):
        towns = dict(Division.objects.filter(parent=county).values_list("pk", "name"))
        late = Late(Patience.of(policies(county, now.date()), calendar), now)
        for what, moment, receipts in _stages(late, user, county):
            rows = receipts.select_related("alert__agency", "patient").order_by(moment)[:MOST]
            for row in _one_a_case(rows):
                at = getattr(row, moment).astimezone(now.tzinfo)
                is_named = named.covers(row.patient)
                name = row.patient.name if is_named else mask_name(row.patient.name)
                place = usual_name(towns.get(row.duty_township, ""))
                line = Overdue(
                    row.alert.number, name, place, row.alert.agency.name, what, moment_words(at, now),
                    row.patient.uuid, is_named,
                )  # fmt: skip
                found.append((at, line))
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]


def overdue_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of the county: one line per patient of whom the clock has escalated something."""
    counties = where(user, Permission.VIEW_OVERDUE).counties
    if not counties or not where(user, Permission.VIEW_ALERT_STATUS).counties:
        return []
    mine = noted_late(Receipt.objects.filter(duty_county__in=counties))
    rows = mine.select_related("alert__agency", "patient__village").order_by("delivered_at")[:MOST]
    by_person = dict[int, list[Receipt]]()
    for row in rows:
        by_person.setdefault(row.patient_id, []).append(row)
    return [_line(found) for found in by_person.values()]


def _line(rows: list[Receipt]) -> WorkItem:
    patient, offices = rows[0].patient, list(dict.fromkeys(row.alert.agency.name for row in rows))
    more = f"等 {len(offices)} 个单位" if len(offices) > MOST_NAMED else ""
    what = "没有签收" if any(row.acknowledged_at is None for row in rows) else "没有反馈"
    return WorkItem(
        topic=Topic.DANGER, verb="督促", href=reverse("exchange:patient_tab", args=[patient.uuid]), name=patient.name,
        place=patient.village.usual_name if patient.village else "",
        why=f"{'、'.join(offices[:MOST_NAMED])}{more}超过期限{what}", due_on=None, urgency=Urgency.DANGER,
        person=patient.uuid,
    )  # fmt: skip
