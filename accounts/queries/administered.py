"""What an administrator of accounts may touch: the county (or counties) of the assignments that carry the right."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Agency, Assignment, Division, User
from accounts.terms import ROLES, Permission, Role


def areas_administered(user: User, permission: Permission, today: date) -> list[Division]:
    """The divisions in which `user` may use `permission` today, by live assignment."""
    roles = [role.value for role in Role if permission in ROLES[role].permissions]
    rows = Assignment.objects.live(today).filter(user=user, role__in=roles).select_related("division")
    return sorted({row.division for row in rows}, key=lambda area: area.code)


def lies_in(areas: list[Division], code: str) -> bool:
    return any(code.startswith(area.code) for area in areas)


def _below(areas: list[Division], path: str) -> Q:
    found = Q(pk__in=())
    for area in areas:
        found |= Q(**{f"{path}__startswith": area.code})
    return found


def accounts_in(areas: list[Division]) -> QuerySet[User]:
    return User.objects.filter(_below(areas, "agency__division__code")).select_related("agency__division")


def agencies_in(areas: list[Division]) -> QuerySet[Agency]:
    found = Agency.objects.filter(_below(areas, "division__code"), is_active=True)
    return found.select_related("division").order_by("division__code", "kind", "name")


def divisions_in(areas: list[Division], levels: frozenset[str]) -> QuerySet[Division]:
    return Division.objects.filter(_below(areas, "code"), level__in=levels, valid_to=None).order_by("code")
