"""动态分色 as lines of 今日工作: whom to assess, what to approve, and the visits a colour asks for before the norm does."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from accounts.doors import where
from accounts.models import Assignment, User
from accounts.queries.policy import CountyRules
from accounts.reach import Reach, reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission, Role
from followup.models import ColourFall, PatientColour
from followup.rules.colours import Held, earlier
from followup.terms import FallState
from registry.models import Patient
from registry.terms import Colour

AHEAD = 3
MOST_LINES = 200
# whose visits: role, column of the day, what to do, whether the norm's own list already has the visit on its day
VISITS = (
    (Role.VILLAGE_DOCTOR, "village_on", "随访", True),
    (Role.TOWNSHIP_WORKER, "township_on", "随访", True),
    (Role.PSYCHIATRIST, "psychiatrist_on", "随访", False),
    (Role.TOWNSHIP_WORKER, "police_on", "约协同随访", False),
)


def colour_lines(user: User, today: date) -> list[WorkItem]:
    """Source: issue 3, Follow-up 7. Nothing where no county in reach keeps colours."""
    return [*_to_assess(user, today), *_to_approve(user, today), *_visits(user, today)]


def _place(patient: Patient) -> str:
    return patient.village.usual_name if patient.village else ""


def _falls(reach: Reach, state: FallState) -> Any:
    found = ColourFall.objects.filter(reach_filter(reach), state=state)
    return found.defer("assessment", "because").select_related("patient__village").order_by("opened_at", "pk")


def _nowhere(reach: Reach) -> bool:
    return not (reach.townships or reach.counties or reach.patients or reach.villages)


def _to_assess(user: User, today: date) -> Iterator[WorkItem]:
    """The township's own; the psychiatrist's where the county says so."""
    reach, theirs = where(user, Permission.MANAGE_PLAN), where(user, Permission.CONFIRM_RISK)
    if _nowhere(reach):
        return
    rules = CountyRules(today)
    for row in _falls(reach, FallState.PROPOSED)[: 2 * MOST_LINES]:
        wanted = theirs.counties if rules[row.duty_county]["colour_psychiatrist_assesses"] else ()
        mine = row.duty_county in wanted if wanted else row.duty_township in reach.townships
        if mine:
            yield _line(
                row, "评估", f"现为{Colour(row.before).label}，按规则可降为{Colour(row.after).label}，请评估", today
            )


def _to_approve(user: User, today: date) -> Iterator[WorkItem]:
    reach = where(user, Permission.APPROVE_COLOUR)
    if _nowhere(reach):
        return
    rules = CountyRules(today)
    for row in _falls(reach, FallState.ASSESSED).exclude(assessed_by=user.pk)[:MOST_LINES]:
        if row.duty_county in reach.counties or not rules[row.duty_county]["colour_county_approves"]:
            words = f"{Colour(row.before).label}经评估降为{Colour(row.after).label}，待批准"
            yield _line(row, "批准", words, today)


def _line(row: ColourFall, verb: str, why: str, today: date) -> WorkItem:
    return WorkItem(
        topic=Topic.REVIEWS, verb=verb, href=reverse("followup:colour", args=[row.patient.uuid]), name=row.patient.name,
        place=_place(row.patient), why=why, due_on=None, urgency=urgency_of(None, today=today), person=row.patient.uuid,
    )  # fmt: skip


def _visits(user: User, today: date) -> Iterator[WorkItem]:
    reach = where(user, Permission.RECORD_VISIT)
    roles = set(Assignment.objects.live(today).filter(user=user).values_list("role", flat=True))
    wanted = [one for one in VISITS if one[0] in roles]
    if not wanted or _nowhere(reach):
        return
    for _role, column, verb, listed in wanted:
        rows = PatientColour.objects.filter(
            reach_filter(reach), patient__closed_on=None, **{f"{column}__lte": today + timedelta(days=AHEAD)}
        )
        if listed:
            rows = rows.filter(Q(patient__next_due_on=None) | Q(patient__next_due_on__gt=F(column)))
        rows = rows.select_related("patient__village", "table").order_by(column, "pk")
        for row in rows[:MOST_LINES]:
            yield _visit(row, column, verb, today)


def _visit(row: PatientColour, column: str, verb: str, today: date) -> WorkItem:
    on: date = getattr(row, column)
    label = Colour(row.patient.colour or Held(row.held).colour).label
    page = "followup:care" if column == "police_on" else "followup:visit_new"
    due_on = on if column == "police_on" else earlier(on, row.patient.next_due_on)
    return WorkItem(
        topic=Topic.VISITS, verb=verb, href=reverse(page, args=[row.patient.uuid]), name=row.patient.name,
        place=_place(row.patient), why=f"{label}，按分色表应在 {long_day(on)} 前", due_on=due_on,
        urgency=urgency_of(due_on, today=today), person=row.patient.uuid,
    )  # fmt: skip
