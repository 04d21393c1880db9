"""联席会议: the list with how many count this year, one meeting, and what is done with it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.carrying import carried_out
from accounts.doors import can, requires, still_open
from accounts.refusals import Refused
from accounts.terms import DivisionLevel, Permission
from reports.doors import areas_of, meetings_for, open_meeting, tasks_for
from reports.forms import BecauseForm, MeetingForm, MinutesForm, ResolutionForm
from reports.queries.meetings import departments_of, joint_meetings, usually_asked, wanted_a_year
from reports.queries.tasks import with_lines
from reports.rules.tasks import MEETINGS
from reports.services.meetings import (
    Attendance,
    MeetingFacts,
    Resolution,
    call_meeting,
    cancel_meeting,
    keep_minutes,
    resolve,
)
from reports.terms import MeetingState
from reports.views.asked import person
from reports.views.tasks import line_of

PAGE = 20


@require_GET
@requires(Permission.VIEW_TASKS)
def meetings(request: HttpRequest) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    area = areas_of(user, Permission.VIEW_TASKS)[0]
    page = Paginator(meetings_for(user, Permission.VIEW_TASKS), PAGE).get_page(request.GET.get("page"))
    wanted, words = wanted_a_year(area)
    context = {
        "area": area,
        "holds": area.level not in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE),
        "lines": [
            {"meeting": each, "state": MeetingState(each.state), "elsewhere": each.area_id != area.pk} for each in page
        ],
        "page": page,
        "year": today.year,
        "held": joint_meetings(area, today),
        "wanted": wanted,
        "wanted_words": words,
        "may_call": can(user, Permission.KEEP_TASKS),
    }
    return render(request, "reports/meetings.html", context)


@require_GET
@requires(Permission.VIEW_TASKS)
def meeting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    found = open_meeting(user, uuid, Permission.VIEW_TASKS)
    keeps = can(user, Permission.KEEP_TASKS) and found.area in areas_of(user, Permission.KEEP_TASKS)
    visible = with_lines(tasks_for(user, Permission.VIEW_TASKS).filter(meeting=found, parent=None)).order_by("pk")
    decided = [line_of(task, {}, today) for task in visible]
    context = {
        "meeting": found,
        "state": MeetingState(found.state),
        "seats": list(found.seats.all()),  # type: ignore[attr-defined]
        "decided": decided,
        "is_over": found.held_on <= today,
        "may_keep": keeps and found.state == MeetingState.CALLED,
        "may_resolve": keeps and found.state == MeetingState.HELD,
    }
    return render(request, "reports/meeting.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def meeting_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    area = areas_of(user, Permission.KEEP_TASKS)[0]
    form = MeetingForm(
        request.POST or None, departments=departments_of(area), initial={"departments": usually_asked(area)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = call_meeting(area=area, facts=MeetingFacts(**form.facts()), by=user)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "会议已登记。开过以后在这里登记纪要，登记了纪要才计入次数。")
            return redirect("reports:meeting", uuid=found.uuid)
    return render(request, "reports/meeting_new.html", {"form": form, "area": area}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def meeting_minutes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = person(request)
    found = open_meeting(user, uuid, Permission.KEEP_TASKS)
    still_open(request, MEETINGS, found.state, MeetingState.HELD, back="reports:meeting", of=uuid)
    seats = list(found.seats.all())  # type: ignore[attr-defined]
    form = MinutesForm(request.POST or None, seats=[(seat.pk, seat.name) for seat in seats])

    def keep() -> object:
        said = {key: Attendance(came=came, who=who) for key, came, who in form.attendance()}
        return keep_minutes(found, minutes=form.cleaned_data["minutes"], attendance=said, by=user)

    if carried_out(request, form, keep, "纪要已登记，这次会议已计入。"):
        return redirect("reports:meeting", uuid=uuid)
    context = {"form": form, "meeting": found}
    return render(request, "reports/meeting_minutes.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def meeting_resolution(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One resolution at a time: each becomes a task."""
    user = person(request)
    found = open_meeting(user, uuid, Permission.KEEP_TASKS)
    if found.state != MeetingState.HELD and request.method == "GET":
        messages.info(request, "先登记纪要，再登记决议。")
        return redirect("reports:meeting", uuid=uuid)
    form = ResolutionForm(request.POST or None, departments=departments_of(found.area))
    if carried_out(
        request, form, lambda: resolve(found, resolution=Resolution(**form.facts()), by=user), "决议已进入任务台账。"
    ):
        return redirect("reports:meeting", uuid=uuid)
    context = {"form": form, "meeting": found}
    return render(request, "reports/meeting_resolution.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_TASKS)
def meeting_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = person(request)
    found = open_meeting(user, uuid, Permission.KEEP_TASKS)
    still_open(request, MEETINGS, found.state, MeetingState.CANCELLED, back="reports:meeting", of=uuid)
    form = BecauseForm(request.POST or None)
    if carried_out(
        request, form, lambda: cancel_meeting(found, because=form.cleaned_data["because"], by=user), "会议已取消。"
    ):
        return redirect("reports:meeting", uuid=uuid)
    context = {"form": form, "meeting": found}
    return render(request, "reports/meeting_cancel.html", context, status=400 if form.errors else 200)
