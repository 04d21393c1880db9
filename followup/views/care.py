"""The tab 事件与看护 of a patient's page: what happened, and what is agreed to be done."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import can, requires
from accounts.terms import Permission, Purpose
from followup.doors import CARE_GROUPS, access_clue
from followup.queries.about import about
from followup.queries.caution import home_facts
from followup.queries.colours import colour_now, open_fall
from followup.queries.incidents import emergencies_of, facts_of, incidents_of
from followup.queries.plans import ended_since_assessment, members_of, plans_of
from followup.rules.caution import joint_is_advised
from followup.rules.colour_table import Table
from followup.rules.colours import reason_words
from followup.rules.emergencies import writing_clock
from followup.rules.plans import plan_is_owed, review_words
from followup.terms import EmergencyState, IncidentState, PlanKind, PlanState
from followup.views.colours import colour_chip
from followup.views.plans import period_rows
from registry.doors import access_patient
from registry.models import Clue, Patient
from registry.queries.head import patient_head
from registry.rules.clues import OVER

TONES = {
    IncidentState.REPORTED: "info",
    IncidentState.CONFIRMED: "urgent",
    EmergencyState.OPENED: "caution",
}


def _records(subject: Patient | Clue) -> dict[str, Any]:
    """What happened: incidents and disposals, newest first."""
    now = timezone.localtime()
    incidents = [(row, facts_of(row).words, TONES.get(IncidentState(row.state), "")) for row in incidents_of(subject)]
    emergencies = [
        (
            row,
            TONES.get(EmergencyState(row.state), ""),
            writing_clock(timezone.localtime(row.started_at), now).words if row.state == EmergencyState.OPENED else "",
        )
        for row in emergencies_of(subject)
    ]
    return {"incidents": incidents, "emergencies": emergencies}


@requires(Permission.HANDLE_CLUE)
@never_cache
@require_safe
def clue_care(request: HttpRequest, clue: UUID) -> HttpResponse:
    """The same for somebody without a file: no plan, no team, only what happened."""
    found = access_clue(request.user, clue, Permission.VIEW_VISIT, purpose=Purpose.ALERT)
    context = {
        "who": about(found),
        "patient": found.patient if found.patient and can(request.user, Permission.VIEW_VISIT, found.patient) else None,
        "state": found.get_state_display(),
        **_records(found),
        "may_record": can(request.user, Permission.RECORD_INCIDENT, found) and found.state not in OVER,
    }
    return render(request, "followup/clue_care.html", context)


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def care(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, Permission.VIEW_VISIT, purpose=Purpose.ALERT, groups=CARE_GROUPS)
    today = timezone.localdate()
    records = _records(person)
    incidents = records["incidents"]
    plans = [
        (row, "" if row.state == PlanState.ENDED else review_words(row.review_on, today=today, state=row.state))
        for row in plans_of(person)
    ]
    open_kinds = {row.kind for row, _words in plans if row.state != PlanState.ENDED}
    owed = plan_is_owed(
        person.last_level, open_incident=any(row.state == IncidentState.CONFIRMED for row, _w, _t in incidents),
        is_open_file=person.closed_on is None, ended_since=ended_since_assessment(person),
    )  # fmt: skip
    manages = can(request.user, Permission.MANAGE_PLAN, person) and person.closed_on is None
    members = members_of(person)
    context = {
        "may_join": can(request.user, Permission.ARRANGE_JOINT, person) and person.closed_on is None,
        "advised": joint_is_advised(home_facts(person, today), today=today),
        "plans": plans,
        "plan_note": "按规定要有一人一方案，现在还没有。" if owed and PlanKind.INDIVIDUAL not in open_kinds else "",
        "may_plan": manages and PlanKind.INDIVIDUAL not in open_kinds,
        "may_case": manages and PlanKind.CASE not in open_kinds,
        "may_team": manages,
        "members": period_rows(one for one in members if one.until is None),
        "former": period_rows(one for one in members if one.until is not None),
        "head": patient_head(person, request.user, today),
        "tab": "care",
        **records,
        "who": about(person),
        "colour": _colour(person),
        "may_record": can(request.user, Permission.RECORD_INCIDENT, person),
    }
    return render(request, "followup/patient_care.html", context)


def _colour(person: Patient) -> dict[str, Any] | None:
    """None where the county keeps no colours, or nothing is known yet."""
    now = colour_now(person)
    if now is None:
        return None
    fall = open_fall(person)
    return {
        "chip": colour_chip(person.colour, now.aside),
        "reasons": reason_words(now.reasons, months=Table.of(now.table.content).incident_months),
        "since": now.since,
        "fall": fall.get_state_display() if fall else "",
    }
