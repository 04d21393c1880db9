"""Dangers that were written down without an incident: the visit sheet and the disposal prompt, nothing is made by itself."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.doors import where
from accounts.models import User
from accounts.queries.policy import CountyRules
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from followup.models import Emergency, Incident, Visit
from followup.queries.about import about
from followup.queries.incidents import day_of
from followup.rules.emergencies import ACTS
from followup.rules.facts import DANGERS
from followup.rules.incidents import LOOK_BACK, asks_for_incident
from followup.terms import IncidentKind, IncidentState
from registry.models import Patient

MOST_LINES = 200
LONGEST = 90  # days, the largest value of the county's setting


def _with_dangers() -> Q:
    found = Q()
    for name in DANGERS:
        found |= Q(**{f"{name}__gt": 0})
    return found


def _known(patients: list[int]) -> dict[int, list[date]]:
    """The days of the incidents of these patients that were not taken back."""
    rows = Incident.objects.filter(patient__in=patients).exclude(state=IncidentState.DISMISSED)
    found: dict[int, list[date]] = defaultdict(list)
    for patient, at in rows.values_list("patient_id", "happened_at"):
        found[int(patient or 0)].append(day_of(at))
    return found


def prompts(visit: Visit) -> bool:
    """Whether the page of this record asks for an incident. The visit has come through a door."""
    if not any(getattr(visit, name) for name in DANGERS):
        return False
    before = Visit.objects.current().filter(patient=visit.patient, visited_on__lt=visit.visited_on)
    previous = before.order_by("-visited_on").values_list("visited_on", flat=True).first()
    return asks_for_incident(visit.visited_on, previous, _known([visit.patient_id])[visit.patient_id])


def disposal_prompts(row: Emergency) -> bool:
    """A disposal because of an act (not only its danger) without an incident. The row has come through a door."""
    content: Any = row.content or {}
    if row.incident_id is not None or not ACTS & set(content.get("reasons", ())):
        return False
    subject = row.subject
    mine = {"patient": subject} if isinstance(subject, Patient) else {"clue": subject, "patient": None}
    rows = Incident.objects.filter(**mine).exclude(state=IncidentState.DISMISSED)
    near = {day_of(row.started_at) + timedelta(days=days) for days in (-1, 0, 1)}
    return not any(day_of(at) in near for at in rows.values_list("happened_at", flat=True))


def dangers_in_words(visit: Visit) -> str:
    return "、".join(
        f"{IncidentKind(name).label} {getattr(visit, name)} 次" for name in DANGERS if getattr(visit, name)
    )


def prompt_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: records of the last days with dangers ticked, as long as no incident has been entered."""
    reach = replace(where(user, Permission.RECORD_INCIDENT), counties=frozenset())  # the township's task
    recent = Visit.objects.current().filter(
        reach_filter(reach), _with_dangers(), visited_on__gt=today - timedelta(days=LONGEST), patient__closed_on=None
    )
    rows = list(recent.select_related("patient__village", "root").order_by("-visited_on")[:MOST_LINES])
    if not rows:
        return []
    rules, known, before = CountyRules(today), _known([row.patient_id for row in rows]), _before(rows)
    found = []
    for row in rows:
        last_day = row.visited_on + timedelta(days=int(rules[row.duty_county]["incident_prompt_days"]))
        if today < last_day and asks_for_incident(row.visited_on, before.get(row.pk), known[row.patient_id]):
            found.append(_line(row, last_day))
    return found


def _before(rows: list[Visit]) -> dict[int, date]:
    """The day of the record before each of these."""
    since = min(row.visited_on for row in rows) - timedelta(days=2 * LOOK_BACK)
    days: dict[int, list[date]] = defaultdict(list)
    kept = Visit.objects.current().filter(patient__in={row.patient_id for row in rows}, visited_on__gte=since)
    for patient, day in kept.order_by("visited_on").values_list("patient_id", "visited_on"):
        days[patient].append(day)
    found = {}
    for row in rows:
        earlier = [day for day in days[row.patient_id] if day < row.visited_on]
        if earlier:
            found[row.pk] = earlier[-1]
    return found


def _line(row: Visit, last_day: date) -> WorkItem:
    who = about(row.patient)
    return WorkItem(
        topic=Topic.DANGER,
        verb="登记事件",
        href=f"{who.incident_new}?visit={row.root.uuid}",
        name=who.name,
        place=who.place,
        why=f"{long_day(row.visited_on)} 的随访记了{dangers_in_words(row)}，还没有登记事件；不需要的，{long_day(last_day)} 起不再提醒",
        due_on=None,
        urgency=Urgency.DANGER,
        person=who.uuid,
    )


def first_of_visit(visit: Visit) -> dict[str, Any]:
    """What the incident's form takes over from the record: the counts and the level, never the moment."""
    return {name: getattr(visit, name) for name in DANGERS} | {"level": visit.level}


def first_of_disposal(row: Emergency) -> dict[str, Any]:
    """What the incident's form takes over from 表1-9."""
    content: Any = row.content or {}
    kept = {name: content[name] for name in ("injured", "dead", "loss_yuan") if content.get(name)}
    return {"happened_at": row.started_at, "place": content.get("first_place", ""), **kept}
