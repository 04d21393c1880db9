"""The page of 联席会议次数: its definition, the number, and each meeting of the year with why it counts or does not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.doors import can
from accounts.terms import DivisionLevel, Permission
from reports.models import Meeting
from reports.queries.figures import figures_of
from reports.queries.meetings import own_meetings
from reports.queries.packs import adopted_packs
from reports.queries.plan_table import row_of
from reports.rules.joint_meetings import JOINT_MEETINGS, Held, why_not
from reports.rules.rates import thousands
from reports.terms import MeetingState
from reports.views.asked import Asked, asked, person


def held_page(request: HttpRequest) -> HttpResponse:
    wanted, code = asked(request), JOINT_MEETINGS.code
    packs = adopted_packs(wanted.area)
    figures, townships = figures_of(wanted.area, wanted.cut, {code}.union(*(pack.codes for pack in packs)))
    figure = figures[code]
    opens = can(person(request), Permission.VIEW_TASKS)
    holds = wanted.area.level not in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)
    found = own_meetings(wanted.area, wanted.cut.as_of.year) if holds else []
    context = {
        "asked": wanted,
        "indicator": JOINT_MEETINGS,
        "row": row_of(packs, figures, townships, code),
        "value": thousands(figure.numerator),
        "denominator": thousands(figure.denominator),
        "lines": [_line(meeting, wanted, opens=opens) for meeting in found],
        "holds": holds,
        "opens": opens,
    }
    return render(request, "reports/held.html", context)


def _line(meeting: Meeting, wanted: Asked, *, opens: bool) -> dict[str, Any]:
    why = why_not(Held(meeting.held_on, meeting.state), wanted.cut.as_of)
    return {
        "meeting": meeting,
        "href": reverse("reports:meeting", args=[meeting.uuid]) if opens else "",
        "why": why or "计入",
        "tone": "" if why else "good",
        "icon": "pause" if why else "check",
        "state": MeetingState(meeting.state),
    }
