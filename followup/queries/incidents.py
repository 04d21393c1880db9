"""Incidents and emergency records as they stand. The patient has come through a door; the wall stands behind."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.doors import can, where
from accounts.models import User
from accounts.queries.policy import CountyRules, policies
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from followup.models import Emergency, EmergencyCheck, Incident
from followup.models.incident import ENDED_BECAUSE
from followup.queries.about import CLUE, about
from followup.rules.emergencies import WRITE_WITHIN, CheckPolicy, next_check
from followup.rules.facts import DANGERS
from followup.rules.incidents import IncidentFacts, IncidentPolicy, needs_visit_by
from followup.terms import EmergencyState, IncidentState
from registry.models import Clue, Patient

COUNTS = (*DANGERS, "injured", "dead", "loss_yuan")
PLAIN = ("level", *COUNTS, "sent_to_hospital", "legal_result", "meeting_on")
MOST_LINES = 200


def _local(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_current_timezone())


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return _local(moment).date()


def facts_of(incident: Incident) -> IncidentFacts:
    values: dict[str, Any] = {name: getattr(incident, name) for name in PLAIN}
    details: Any = incident.details or {}
    said = {name: value for name, value in details.items() if name != ENDED_BECAUSE}
    return IncidentFacts(happened_at=_local(incident.happened_at), **values, **said)


def ended_because(row: Incident | Emergency) -> str:
    """Why it was struck out; empty of what still stands, and once the person is forgotten."""
    said: Any = (row.details if isinstance(row, Incident) else row.content) or {}
    return str(said.get(ENDED_BECAUSE, ""))


def incident_policy(county: int, on: date) -> IncidentPolicy:
    return _incident_policy(policies(county, on))


def _incident_policy(found: dict[str, Any]) -> IncidentPolicy:
    return IncidentPolicy(
        from_level=int(found["alert_from_level"]),
        alert_days=int(found["incident_alert_days"]),
        tells_minor=bool(found["incident_tells_minor"]),
        unstable_days=int(found["unstable_days"]),
        prompt_days=int(found["incident_prompt_days"]),
        holds_subsidy=bool(found["incident_holds_subsidy"]),
    )


def check_policy(county: int, on: date) -> CheckPolicy:
    return _check_policy(policies(county, on))


def _check_policy(found: dict[str, Any]) -> CheckPolicy:
    return CheckPolicy(
        on=bool(found["emergency_checks"]),
        every_hours=int(found["emergency_check_hours"]),
        stable_in_a_row=int(found["emergency_checks_stable"]),
    )


def _about(subject: Patient | Clue) -> dict[str, Any]:
    """The filter for whom the records are about; those of a clue that went over stand in the file."""
    return {"clue": subject, "patient": None} if isinstance(subject, Clue) else {"patient": subject}


def incidents_of(subject: Patient | Clue) -> list[Incident]:
    found = Incident.objects.filter(**_about(subject)).select_related("entered_by", "confirmed_by")
    return list(found.order_by("-happened_at", "-pk"))


def emergencies_of(subject: Patient | Clue) -> list[Emergency]:
    found = Emergency.objects.filter(**_about(subject)).select_related("opened_by", "settled_by")
    return list(found.order_by("-started_at", "-pk"))


def checks_of(emergency: Emergency) -> list[EmergencyCheck]:
    return list(EmergencyCheck.objects.filter(emergency=emergency).select_related("entered_by").order_by("checked_at"))


def told_open(patient: Patient) -> bool:
    """A confirmed incident that the offices were told of and that has not been closed. Source: decisions B21."""
    return Incident.objects.filter(patient=patient, state=IncidentState.CONFIRMED, tells=True).exists()


def open_confirmed(patient: Patient) -> bool:
    return Incident.objects.filter(patient=patient, state=IncidentState.CONFIRMED).exists()


def subsidy_holds(patients: Sequence[Patient], today: date) -> dict[int, date]:
    """Of these patients (through a door) who stands 核实中, and since which incident's day. The subsidy reads it.

    Source: design decisions B21; practice.md A4. A county may set that incidents hold nothing.
    """
    rules = CountyRules(today)
    rows = Incident.objects.filter(patient__in=patients, state=IncidentState.CONFIRMED).order_by("-happened_at")
    return {
        int(key): _local(at).date()
        for key, county, at in rows.values_list("patient_id", "duty_county", "happened_at")
        if rules[county]["incident_holds_subsidy"]
    }


def last_incident_on(patient: Patient) -> date | None:
    """The day of the newest incident that was confirmed, closed ones included."""
    found = Incident.objects.filter(patient=patient, state__in=[IncidentState.CONFIRMED, IncidentState.CLOSED])
    newest = found.order_by("-happened_at").values_list("happened_at", flat=True).first()
    return _local(newest).date() if newest else None


def incident_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: incidents to confirm, people to be seen after one, and what can be closed since they were seen."""
    confirms = where(user, Permission.CONFIRM_INCIDENT)
    records = where(user, Permission.RECORD_INCIDENT)
    handles = where(user, Permission.HANDLE_CLUE)
    rows = (
        Incident.objects.filter(
            reach_filter(confirms | records), state__in=[IncidentState.REPORTED, IncidentState.CONFIRMED]
        )
        .select_related("patient__village", *CLUE)
        .defer("details")
        .order_by("-happened_at")[:MOST_LINES]
    )
    rules, found = CountyRules(today), list[WorkItem]()
    for row in rows:
        if row.state == IncidentState.REPORTED:
            if confirms.covers(row) and (row.patient or handles.covers(row)):
                found.append(_line(row, "核对确认", f"{_day(row.happened_at)} 有事件登记，等待确认", today))
        elif row.patient and row.patient.closed_on is None:
            policy = _incident_policy(rules[row.duty_county])
            by = needs_visit_by(_local(row.happened_at).date(), row.patient.last_visit_on, policy)
            if by is None and confirms.covers(row):
                found.append(_to_close(row))
            elif by is not None and records.covers(row):
                found.append(_line(row, "看事件", f"{_day(row.happened_at)} 发生事件，{long_day(by)} 前要随访评估", by))
    return found


def _to_close(row: Incident) -> WorkItem:
    """Until somebody closes it, the alert stays open and the family's allowance under review: it must not be forgotten."""
    day = row.patient.last_visit_on if row.patient else None
    seen = f"，{long_day(day)} 已随访" if day else ""
    why = f"{_day(row.happened_at)} 的事件已确认{seen}。了结前预警不解除、补贴标为核实中，请评估是否了结"
    line = _line(row, "评估了结", why, row.happened_at.date())
    return replace(line, topic=Topic.REVIEWS, urgency=Urgency.LATER, due_on=None)


def _day(moment: Any) -> str:
    return long_day(_local(moment))


def _line(row: Incident, verb: str, why: str, due: date) -> WorkItem:
    who = about(row.subject)
    return WorkItem(
        topic=Topic.DANGER,
        verb=verb,
        href=reverse("followup:incident", args=[row.uuid]),
        name=who.name,
        place=who.place,
        why=why,
        due_on=due,
        urgency=Urgency.DANGER,
        person=who.uuid,
    )


def emergency_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: records to be written within 24 hours, and checks after a disposal where the county asks for them."""
    reach = where(user, Permission.RECORD_INCIDENT)
    mine = Emergency.objects.filter(reach_filter(reach)).select_related("patient__village", *CLUE)
    if not can(user, Permission.HANDLE_CLUE):
        mine = mine.filter(patient__isnull=False)
    found = []
    for row in mine.filter(state=EmergencyState.OPENED).defer("content").order_by("started_at")[:MOST_LINES]:
        deadline = _local(row.started_at) + WRITE_WITHIN
        why = f"应急处置记录单，24 小时内填写：{long_day(deadline)} {deadline:%H:%M} 前"
        found.append(_emergency_line(row, "填写记录单", why, deadline.date()))
    return [*found, *_checks(mine, today)]


def _checks(mine: Any, today: date) -> list[WorkItem]:
    recent = datetime.combine(today - timedelta(days=3), time.min, timezone.get_current_timezone())
    rows: Sequence[Emergency] = list(
        mine.filter(state=EmergencyState.WRITTEN, ended_at__gte=recent).defer("content").order_by("ended_at")
    )
    if not rows:
        return []
    made: dict[int, list[tuple[Any, bool]]] = {row.pk: [] for row in rows}
    kept = EmergencyCheck.objects.filter(emergency__in=list(made))
    for emergency, at, stable in kept.values_list("emergency_id", "checked_at", "stable"):
        made[emergency].append((_local(at), stable))
    rules = CountyRules(today)
    found = []
    for row in rows:
        ended = row.ended_at or row.started_at
        due = next_check(_local(ended), made[row.pk], _check_policy(rules[row.duty_county]))
        if due is not None:
            found.append(_emergency_line(row, "记复查", f"应急处置后复查，{long_day(due)} {due:%H:%M} 前", due.date()))
    return found


def _emergency_line(row: Emergency, verb: str, why: str, due: date) -> WorkItem:
    who = about(row.subject)
    return WorkItem(
        topic=Topic.DANGER,
        verb=verb,
        href=reverse("followup:emergency", args=[row.uuid]),
        name=who.name,
        place=who.place,
        why=why,
        due_on=due,
        urgency=Urgency.DANGER,
        person=who.uuid,
    )
