"""How far a person reaches today: computed from live assignments, checked anew at every request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Assignment, Division, User
from accounts.prepared import Prepared
from accounts.terms import BY_GRANT, PARTNER_ROLES, ROLES, DivisionLevel, Permission, ReachKind, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    AnyUser = User | AnonymousUser


@dataclass(frozen=True)
class Reach:
    """Division keys by level. `village_townships` only serves the database's wall: it knows no villages."""

    townships: frozenset[int] = frozenset()
    counties: frozenset[int] = frozenset()
    villages: frozenset[int] = frozenset()
    village_townships: frozenset[int] = frozenset()
    patients: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(*(getattr(self, name) | getattr(other, name) for name in self.__dataclass_fields__))

    def covers(self, place: Any) -> bool:
        """True for a row (patient or child) that lies inside; a village reach needs the patient's village.

        A row about somebody without a file (its patient is None) is reached by township and county only.
        """
        if place.duty_township in self.townships or place.duty_county in self.counties:
            return True
        patient = getattr(place, "patient", place)
        if patient is None:
            return False
        in_village = (
            place.duty_township in self.village_townships and getattr(patient, "village_id", None) in self.villages
        )
        return in_village or patient.pk in self.patients


@dataclass(frozen=True)
class Standing:
    """A user's live assignments on one day, each with its own reach."""

    rows: tuple[tuple[Role, Reach], ...] = ()
    granted: Reach = field(default_factory=Reach)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, _ in self.rows)

    @property
    def permissions(self) -> frozenset[Permission]:
        return frozenset().union(*(ROLES[role].permissions for role in self.roles)) if self.rows else frozenset()

    @property
    def reach(self) -> Reach:
        return self._union(self.rows)

    def where(self, permission: Permission) -> Reach:
        """The reach of those assignments only whose role carries the permission, and what grants open for it."""
        rows = (row for row in self.rows if permission in ROLES[row[0]].permissions)
        return self._union(rows, granted=permission in BY_GRANT)

    def _union(self, rows: Iterable[tuple[Role, Reach]], *, granted: bool = True) -> Reach:
        total, health = Reach(), False
        for role, reach in rows:
            total |= reach
            health = health or ROLES[role].health
        return total | self.granted if health and granted else total

    @property
    def is_partner(self) -> bool:
        """Only partner roles: the request then runs as app_partner."""
        return bool(self.rows) and self.roles <= PARTNER_ROLES

    @property
    def named(self) -> Reach:
        """Where people are listed by name: a second assignment in one village unmasks nobody else of the county."""
        return self._union(row for row in self.rows if ROLES[row[0]].sees_full_names)

    @property
    def suppressed(self) -> bool:
        """Small cells are hidden unless one role is a health role that may see them."""
        return not any(not ROLES[role].suppressed for role in self.roles)


def _reach_of_assignment(row: Assignment) -> Reach:
    """Whoever receives notices for the own office reaches what was told to it, beside the role's places."""
    told = frozenset({row.agency_id}) if Permission.RECEIVE_NOTICE in ROLES[Role(row.role)].permissions else frozenset()
    return _places_of_assignment(row) | Reach(offices=told)


def _places_of_assignment(row: Assignment) -> Reach:
    kind, division = ROLES[Role(row.role)].reach, row.division
    if kind is ReachKind.VILLAGE:
        return Reach(villages=frozenset({division.pk}), village_townships=frozenset({division.parent_id or 0}))
    if kind is ReachKind.TOWNSHIP:
        return Reach(townships=frozenset({division.pk}))
    if kind in (ReachKind.OFFICE, ReachKind.AGENCY):
        return Reach(offices=frozenset({row.agency_id}))
    if kind is ReachKind.COUNTY:
        if division.level == DivisionLevel.COUNTY:
            return Reach(counties=frozenset({division.pk}))
        below = Division.objects.filter(level=DivisionLevel.COUNTY, code__startswith=division.code)
        return Reach(counties=frozenset(below.values_list("pk", flat=True)))
    return Reach()


_assignments = Prepared(
    lambda user, day: Assignment.objects.filter(user=user).live(day).select_related("division"), -1, date.min
)


def standing(user: "AnyUser", on: date | None = None) -> Standing:
    """Live assignments of the user, read once per loaded user object and day."""
    if not user.is_authenticated or not user.is_active:
        return Standing()
    today = on or timezone.localdate()
    cached: tuple[date, Standing] | None = getattr(user, "_standing", None)
    if cached and cached[0] == today:
        return cached[1]
    rows = sorted(_assignments(user.pk, today), key=lambda row: row.pk)
    found = tuple((Role(row.role), _reach_of_assignment(row)) for row in rows)
    granted: set[int] = set()
    if any(ROLES[role].health for role, _ in found):
        for path in settings.REACH_EXTENSIONS:
            granted.update(import_string(path)(user))
    result = Standing(found, Reach(patients=frozenset(granted)))
    user._standing = (today, result)  # type: ignore[attr-defined]
    return result


def reach_of(user: "AnyUser", on: date | None = None) -> Reach:
    return standing(user, on).reach


def in_reach(user: "AnyUser", patient: str = "patient") -> Q:
    """Filter for a protected table: `patient` is the path to the patient ("" on the patient itself)."""
    return reach_filter(reach_of(user), patient)


def reach_filter(reach: Reach, patient: str = "patient") -> Q:
    at = f"{patient}__" if patient else ""
    found = Q(pk__in=())
    if reach.townships:
        found |= Q(duty_township__in=reach.townships)
    if reach.counties:
        found |= Q(duty_county__in=reach.counties)
    if reach.villages:
        found |= Q(duty_township__in=reach.village_townships) & Q(**{f"{at}village__in": reach.villages})
    if reach.patients:
        found |= Q(**{f"{at}pk__in": reach.patients})
    return found
