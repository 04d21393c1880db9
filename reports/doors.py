"""Which areas' figures a person may open, and whether a figure may be shown to them unveiled."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.doors import authorise, can
from accounts.models import Division, User
from accounts.reach import standing
from accounts.refusals import NotHere
from accounts.terms import ROLES, DivisionLevel, Permission, Role
from reports.models import (
    EvidenceFile,
    Finding,
    FindingFile,
    Freeze,
    Measure,
    Meeting,
    PlanReport,
    ReportedValue,
    Supervision,
    Task,
)
from reports.queries.held_posts import held_posts
from reports.queries.meetings import meetings_in, with_seats
from reports.queries.supervision_reach import findings_within, measures_within, supervisions_within
from reports.queries.tasks import named

LONGEST_CODE = 12


Row = TypeVar("Row", bound=Model)


def _one(seen: QuerySet[Row], uuid: UUID) -> Row:
    """Of what the person may see. Raises: NotHere, for what is elsewhere as for what never was."""
    found = seen.filter(uuid=uuid).first()
    if found is None:
        raise NotHere
    return found


def areas_of(user: User, permission: Permission) -> list[Division]:
    """The areas of those live assignments whose role carries the permission, the widest first."""
    found = {area for role, area in _held(user) if permission in ROLES[role].permissions}
    return sorted(found, key=lambda area: (len(area.code), area.code))


def _held(user: User) -> list[tuple[Role, Division]]:
    return held_posts(user, timezone.localdate())


def covers(areas: Iterable[Division], area: Division) -> bool:
    """Codes nest by prefix."""
    return any(area.code.startswith(own.code) for own in areas)


def open_area(user: User, permission: Permission, code: str = "") -> Division:
    """The area asked for, or the person's own. An area elsewhere and an unknown one look the same.

    Raises: Denied, NotHere.
    """
    authorise(user, permission)
    own = areas_of(user, permission)
    if not own:
        raise NotHere
    if not code:
        return own[0]
    if not (code.isascii() and code.isdecimal()):
        raise NotHere
    found = _division(code)
    if found is None or not covers(own, found):
        raise NotHere
    return found


def _division(code: str) -> Division | None:
    if not (code.isascii() and code.isdecimal() and len(code) <= LONGEST_CODE):
        return None
    return Division.objects.select_related("parent__parent").filter(code=code, valid_to=None).first()


def is_veiled(user: User) -> bool:
    """Small numbers stay hidden from everyone outside the health roles."""
    return standing(user).suppressed


def open_report(user: User, uuid: UUID) -> PlanReport:
    """A report of an area that the person may report on. Raises: Denied, NotHere."""
    authorise(user, Permission.MAKE_REPORT)
    found = PlanReport.objects.select_related("area", "requested_by").defer("content").filter(uuid=uuid).first()
    if found is None or not covers(areas_of(user, Permission.MAKE_REPORT), found.area):
        raise NotHere
    return found


def open_entry(user: User, uuid: UUID, permission: Permission) -> ReportedValue:
    """A reported value of an area in which the person has the permission. Raises: Denied, NotHere."""
    authorise(user, permission)
    rows = ReportedValue.objects.select_related("area", "agency", "entered_by")
    found = rows.filter(uuid=uuid).first()
    if found is None or not covers(areas_of(user, permission), found.area):
        raise NotHere
    return found


def open_freeze_row(user: User, uuid: UUID) -> Freeze:
    """A freeze of an area that the person sees figures of, or of one that it lies in. Raises: Denied, NotHere."""
    authorise(user, Permission.VIEW_INDICATORS)
    found = Freeze.objects.select_related("area", "frozen_by").filter(uuid=uuid).first()
    own = areas_of(user, Permission.VIEW_INDICATORS)
    if found is None or not any(frozen_area(found, area) for area in own):
        raise NotHere
    return found


def frozen_area(freeze: Freeze, area: Division) -> Division | None:
    """What of the freeze the area may see: all of it, or its own part. A village has no part of its own."""
    if freeze.area.code.startswith(area.code):
        return freeze.area
    if area.level == DivisionLevel.VILLAGE:
        return None
    return area if area.code.startswith(freeze.area.code) else None


def tasks_for(user: User, permission: Permission) -> QuerySet[Task]:
    """Tasks of the areas in which the person has the permission.

    Looked at: also those of the areas below. Worked on and kept: the area's own and what it has given on. A department's
    user: the county's, where the own kind of department has a part, or the person is named.
    """
    found = Q(pk__in=())
    for role, area in _held(user):
        if permission not in ROLES[role].permissions:
            continue
        if role is Role.DEPARTMENT:
            found |= Q(area=area) & (Q(named(user.agency.kind)) | Q(assignee=user))
        elif permission is Permission.VIEW_TASKS:
            found |= Q(area__code__startswith=area.code)
        else:
            found |= Q(area=area) | Q(parent__area=area)
    return Task.objects.filter(found)


def open_task(user: User, uuid: UUID, permission: Permission) -> Task:
    """Raises: Denied, NotHere."""
    authorise(user, permission)
    return _one(tasks_for(user, permission).select_related("area", "assignee", "meeting", "parent__area"), uuid)


def meetings_for(user: User, permission: Permission) -> QuerySet[Meeting]:
    """Looked at: of one's areas and below. Kept: one's own area's only."""
    areas = areas_of(user, permission)
    if permission is Permission.VIEW_TASKS:
        return meetings_in(area.code for area in areas)
    return Meeting.objects.filter(area__in=areas)


def open_meeting(user: User, uuid: UUID, permission: Permission) -> Meeting:
    """Raises: Denied, NotHere."""
    authorise(user, permission)
    return _one(with_seats(meetings_for(user, permission)), uuid)


def open_evidence(user: User, uuid: UUID) -> EvidenceFile:
    """The file of a value: for the office that entered it, and for whoever confirms values of the area.

    Raises: Denied, NotHere.
    """
    value = open_entry(user, uuid, Permission.REPORT_VALUE)
    file = EvidenceFile.objects.filter(value=value).first()
    confirms = can(user, Permission.CONFIRM_VALUE) and covers(areas_of(user, Permission.CONFIRM_VALUE), value.area)
    if file is None or not (confirms or value.agency_id == user.agency_id):
        raise NotHere
    return file


def findings_for(user: User, permission: Permission) -> QuerySet[Finding]:
    return findings_within(user, permission, timezone.localdate())


def open_finding(user: User, uuid: UUID, permission: Permission) -> Finding:
    """Raises: Denied, NotHere."""
    authorise(user, permission)
    return _one(findings_for(user, permission).select_related("supervision__area", "place", "task"), uuid)


def supervisions_for(user: User, permission: Permission) -> QuerySet[Supervision]:
    return supervisions_within(user, permission, timezone.localdate())


def open_supervision(user: User, uuid: UUID, permission: Permission) -> Supervision:
    """Raises: Denied, NotHere."""
    authorise(user, permission)
    return _one(supervisions_for(user, permission).select_related("area", "place", "recorded_by"), uuid)


def measures_for(user: User, permission: Permission) -> QuerySet[Measure]:
    return measures_within(user, permission, timezone.localdate())


def open_measure(user: User, uuid: UUID, permission: Permission) -> Measure:
    """Raises: Denied, NotHere."""
    authorise(user, permission)
    return _one(measures_for(user, permission).select_related("area", "place", "recorded_by"), uuid)


def open_finding_file(user: User, uuid: UUID) -> FindingFile:
    """The file of a line of a finding's history, for whoever sees the finding. Raises: Denied, NotHere."""
    authorise(user, Permission.VIEW_SUPERVISION)
    seen = findings_for(user, Permission.VIEW_SUPERVISION).order_by().values("pk")
    file = FindingFile.objects.select_related("note__finding").filter(note__uuid=uuid, note__finding__in=seen).first()
    if file is None:
        raise NotHere
    return file
