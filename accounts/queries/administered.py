"""What an administrator of accounts may touch: the county (or counties) of the assignments that carry the right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Agency, Assignment, Division, User
from accounts.refusals import NotHere
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


def place_finder(areas: list[Division]) -> Callable[[str], list[Division]]:
    """A search for forms: the live divisions inside the areas with this very code or name."""

    def find(text: str) -> list[Division]:
        exact = Q(code=text) if text.isascii() and text.isdigit() else Q(name=text)
        found = Division.objects.filter(_below(areas, "code"), exact, valid_to=None)
        return list(found.select_related("parent__parent").order_by("code")[:20])

    return find


@dataclass(frozen=True)
class AccountLine:
    user: User
    roles: str
    until: date | None  # the last day of the last live assignment; None: open-ended or none
    state: str
    tone: str


def account_lines(users: Iterable[User], today: date) -> list[AccountLine]:
    """One line an account, with its live assignments in words; two queries for any number of accounts."""
    listed = list(users)
    live: dict[int, list[Assignment]] = {}
    rows = Assignment.objects.live(today).filter(user__in=listed).select_related("division").order_by("starts_on", "pk")
    for row in rows:
        live.setdefault(row.user_id, []).append(row)
    return [_line(user, live.get(user.pk, [])) for user in listed]


def _line(user: User, rows: list[Assignment]) -> AccountLine:
    roles = "；".join(f"{row.get_role_display()}（{row.division.name}）" for row in rows)
    ends = [row.ends_on for row in rows]
    until = None if not ends or None in ends else max(day for day in ends if day)
    if not user.is_active:
        return AccountLine(user, roles, until, "已停用", "")
    if not rows:
        return AccountLine(user, roles, until, "没有在期任职", "caution")
    if not user.has_usable_password():
        return AccountLine(user, roles, until, "等本人设密码", "info")
    return AccountLine(user, roles, until, "可用", "")


def account_in(areas: list[Division], uuid: UUID) -> User:
    """Raises: NotHere: another county's account looks like none."""
    user = accounts_in(areas).filter(uuid=uuid).first()
    if user is None:
        raise NotHere
    return user


def assignment_of(user: User, uuid: UUID) -> Assignment:
    """Raises: NotHere."""
    row = user.assignments.select_related("division", "agency", "user__agency__division").filter(uuid=uuid).first()
    if row is None:
        raise NotHere
    return row


def assignments_of(user: User) -> list[Assignment]:
    return list(user.assignments.select_related("division", "agency", "granted_by").order_by("-starts_on", "-pk"))
