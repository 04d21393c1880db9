"""Which findings and supervisions a person's posts open, for looking, answering and keeping."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Division, User
from accounts.terms import ROLES, Permission, Role
from reports.models import Finding, Measure, Supervision
from reports.queries.held_posts import held_posts

NOTHING = Q(pk__in=())


def own_findings(user: User, role: Role, area: Division) -> Q:
    """What the post's own unit has to put right: an agency by its kind within the county, a place by itself."""
    if role is Role.DEPARTMENT:
        return Q(place=None, kind=user.agency.kind, supervision__area=area)
    return Q(place=area)


def findings_within(user: User, permission: Permission, today: date) -> QuerySet[Finding]:
    """Looked at: of one's area and those below, and what is about oneself. Answered: by the unit itself, or by the area's
    office on its behalf (many units have no account). Kept: by the area that has found it.
    """
    found = NOTHING
    for role, area in held_posts(user, today):
        if permission not in ROLES[role].permissions:
            continue
        own = own_findings(user, role, area)
        if permission is Permission.VIEW_SUPERVISION:
            found |= own | _looked_at(user, role, area)
        elif permission is Permission.ANSWER_FINDING:
            found |= own if role is Role.DEPARTMENT else own | Q(supervision__area=area)
        else:
            found |= Q(supervision__area=area)
    return Finding.objects.filter(found)


def _looked_at(user: User, role: Role, area: Division) -> Q:
    if role is Role.DEPARTMENT:
        return Q(supervision__area=area, supervision__place=None, supervision__kind=user.agency.kind)
    return Q(supervision__place=area) | Q(supervision__area__code__startswith=area.code)


def findings_of_own_unit(user: User, today: date) -> QuerySet[Finding]:
    """What the person's own unit has to put right, not what the office may enter for others."""
    found = NOTHING
    for role, area in held_posts(user, today):
        if Permission.ANSWER_FINDING in ROLES[role].permissions:
            found |= own_findings(user, role, area)
    return Finding.objects.filter(found)


def supervisions_within(user: User, permission: Permission, today: date) -> QuerySet[Supervision]:
    """Looked at: those with something to see in them, and those of one's own unit. Kept: of one's own area."""
    found = NOTHING
    for role, area in held_posts(user, today):
        if permission not in ROLES[role].permissions:
            continue
        if permission is not Permission.VIEW_SUPERVISION:
            found |= Q(area=area)
        elif role is Role.DEPARTMENT:
            found |= Q(area=area, place=None, kind=user.agency.kind)
        else:
            found |= Q(area__code__startswith=area.code) | Q(place=area)
    if permission is Permission.VIEW_SUPERVISION:
        found |= Q(pk__in=findings_within(user, permission, today).order_by().values("supervision"))
    return Supervision.objects.filter(found)


def measures_within(user: User, permission: Permission, today: date) -> QuerySet[Measure]:
    """Looked at: those that rest on a finding that one sees. Kept: of one's own area."""
    if permission is Permission.VIEW_SUPERVISION:
        seen = findings_within(user, permission, today).order_by().values("pk")
        return Measure.objects.filter(pk__in=Measure.objects.filter(links__finding__in=seen).values("pk"))
    areas = [area for role, area in held_posts(user, today) if permission in ROLES[role].permissions]
    return Measure.objects.filter(area__in=areas)
