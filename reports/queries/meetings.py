"""联席会议 of an area: the list, one meeting, and how many count."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Division
from accounts.terms import AgencyKind
from reports.models import Meeting, MeetingSeat
from reports.queries.packs import adopted_packs
from reports.rules.joint_meetings import Held, meetings_held
from reports.terms import Rhythm


def meetings_in(areas: Iterable[str]) -> QuerySet[Meeting]:
    """Meetings of these areas and of those below them (codes nest by prefix), newest first."""
    inside = Q(pk__in=())
    for code in areas:
        inside |= Q(area__code__startswith=code)
    rows = Meeting.objects.filter(inside).select_related("area")
    counted = rows.annotate(
        asked=Count("seats", distinct=True),
        came=Count("seats", filter=Q(seats__came=True), distinct=True),
        decided=Count("resolutions", filter=Q(resolutions__parent=None), distinct=True),
    )
    return counted.order_by("-held_on", "-pk")


def with_seats(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return rows.select_related("area", "called_by", "minutes_by").prefetch_related(
        Prefetch("seats", MeetingSeat.objects.order_by("place", "pk"))
    )


def own_meetings(area: Division, year: int) -> list[Meeting]:
    """Those that the area itself called in the year, newest first."""
    return list(Meeting.objects.filter(area=area, held_on__year=year).order_by("-held_on", "-pk"))


def joint_meetings(area: Division, day: date) -> int:
    """With minutes, from 1 January to the day."""
    rows = Meeting.objects.filter(area=area, held_on__year=day.year).values_list("held_on", "state")
    return meetings_held((Held(on, state) for on, state in rows), day)


def wanted_a_year(area: Division) -> tuple[int | None, str]:
    """How often the area's nearest plan has its departments meet, with the plan's words."""
    for pack in adopted_packs(area):
        for meeting in pack.work.meetings:
            if meeting.rhythm is not Rhythm.UNSTATED:
                return meeting.rhythm.times_a_year, f"{pack.short_title}：{meeting.rhythm.label}"
    return None, ""


def departments_of(area: Division) -> list[tuple[str, str]]:
    """Name and kind of every department that may be asked: as the area's plan calls them, else by kind."""
    packs = adopted_packs(area)
    for pack in packs:
        if pack.work.departments:
            return list(pack.work.departments.items())
    return [(AgencyKind(kind).label, kind) for kind in AgencyKind.values]


def usually_asked(area: Division) -> list[str]:
    """Names of those whom the plan has meet."""
    return [name for pack in adopted_packs(area)[:1] for meeting in pack.work.meetings for name in meeting.who]
