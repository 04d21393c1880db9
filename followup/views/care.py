"""The tab 事件与看护 of a patient's page: what happened, and what is agreed to be done."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import can, requires
from accounts.terms import Permission, Purpose
from followup.doors import CARE_GROUPS
from followup.queries.incidents import emergencies_of, facts_of, incidents_of
from followup.rules.emergencies import writing_clock
from followup.terms import EmergencyState, IncidentState
from registry.doors import access_patient
from registry.queries.head import patient_head

TONES = {
    IncidentState.REPORTED: "info",
    IncidentState.CONFIRMED: "urgent",
    EmergencyState.OPENED: "caution",
}


@requires(Permission.VIEW_VISIT)
@never_cache
@require_safe
def care(request: HttpRequest, patient: UUID) -> HttpResponse:
    person = access_patient(request.user, patient, Permission.VIEW_VISIT, purpose=Purpose.ALERT, groups=CARE_GROUPS)
    now = timezone.localtime()
    today = now.date()
    incidents = [(row, facts_of(row).words, TONES.get(IncidentState(row.state), "")) for row in incidents_of(person)]
    emergencies = [
        (
            row,
            TONES.get(EmergencyState(row.state), ""),
            writing_clock(timezone.localtime(row.started_at), now).words if row.state == EmergencyState.OPENED else "",
        )
        for row in emergencies_of(person)
    ]
    context = {
        "head": patient_head(person, request.user, today),
        "tab": "care",
        "incidents": incidents,
        "emergencies": emergencies,
        "may_record": can(request.user, Permission.RECORD_INCIDENT, person),
    }
    return render(request, "followup/patient_care.html", context)
