"""Teams, psychiatrists and staff of a township, with what is missing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import Division, User
from accounts.queries.policy import CountyRules
from accounts.reach import Reach
from accounts.terms import DivisionLevel, Role
from registry.models import CareGroup, GroupMember, Patient, PsychiatristLink, StaffMember, StaffYear
from registry.rules.around import in_force
from registry.rules.staffing import Staffing, staffing
from registry.terms import GroupKind


@dataclass(frozen=True)
class TeamOf:
    division: Division
    kind: GroupKind
    group: CareGroup | None
    members: list[GroupMember]

    @property
    def name(self) -> str:
        return self.kind.label


@dataclass(frozen=True)
class LinkOf:
    division: Division
    psychiatrist: User | None
    since: date | None


@dataclass(frozen=True)
class StaffOf:
    member: StaffMember
    years: list[StaffYear]


def towns_in(reach: Reach) -> list[Division]:
    """Townships a person answers for; a village doctor's own township."""
    own = reach.townships | reach.village_townships
    rows = Division.objects.filter(level=DivisionLevel.TOWNSHIP, valid_to=None)
    found = rows.filter(pk__in=own) | rows.filter(parent__in=reach.counties)
    return list(found.select_related("parent").order_by("code"))


def staffing_of(towns: list[Division], on: date) -> dict[int, Staffing]:
    """Posts in force against open files, by township. Two queries, and one a county for its ratio."""
    keys = [town.pk for town in towns]
    registered = dict(
        Patient.objects.filter(duty_township__in=keys, closed_on=None)
        .values("duty_township")
        .annotate(n=Count("pk"))
        .values_list("duty_township", "n")
    )
    shares: dict[int, list[int]] = {key: [] for key in keys}
    rows = StaffMember.objects.filter(township__in=keys, starts_on__lte=on).defer("name", "phone")
    for row in in_force(rows, on):
        shares[row.township_id].append(row.share)
    rules = CountyRules(on)
    return {
        town.pk: staffing(
            shares[town.pk], registered.get(town.pk, 0), per_post=rules[town.parent_id or 0]["patients_per_staff"]
        )
        for town in towns
    }


def teams_of(town: Division, on: date) -> list[TeamOf]:
    """The township's two groups, then one for each village; those not set up yet are empty."""
    villages = villages_of(town)
    wanted = [(town, GroupKind.TOWNSHIP), (town, GroupKind.TREATMENT), *((v, GroupKind.VILLAGE) for v in villages)]
    groups = {
        (row.division_id, row.kind): row
        for row in CareGroup.objects.filter(division__in=[town, *villages]).order_by("pk")
    }
    members: dict[int, list[GroupMember]] = {}
    for row in in_force(GroupMember.objects.filter(group__in=[g.pk for g in groups.values()]), on):
        members.setdefault(row.group_id, []).append(row)
    found = []
    for division, kind in wanted:
        group = groups.get((division.pk, kind))
        people = sorted(members.get(group.pk, []) if group else [], key=lambda row: (not row.leads, row.pk))
        found.append(TeamOf(division, kind, group, people))
    return found


def villages_of(town: Division) -> list[Division]:
    return list(Division.objects.filter(parent=town, level=DivisionLevel.VILLAGE, valid_to=None).order_by("code"))


def links_of(town: Division, on: date) -> list[LinkOf]:
    """The township and its villages with the psychiatrist of each; nobody is a gap."""
    places = [town, *villages_of(town)]
    newest: dict[int, PsychiatristLink] = {}
    rows = PsychiatristLink.objects.filter(division__in=places, starts_on__lte=on).select_related("psychiatrist")
    for row in rows.order_by("starts_on"):
        newest[row.division_id] = row
    return [_link(place, newest.get(place.pk)) for place in places]


def _link(place: Division, row: PsychiatristLink | None) -> LinkOf:
    held = row is not None and row.psychiatrist is not None
    return LinkOf(place, row.psychiatrist if row else None, row.starts_on if row and held else None)


def linked_towns(towns: list[Division], on: date) -> set[int]:
    """Townships that have a psychiatrist of their own."""
    rows = PsychiatristLink.objects.filter(division__in=towns, starts_on__lte=on).order_by("starts_on")
    newest = dict(rows.values_list("division_id", "psychiatrist_id"))
    return {town for town, who in newest.items() if who}


def staff_of(town: Division, on: date) -> list[StaffOf]:
    people = sorted(in_force(StaffMember.objects.filter(township=town), on), key=lambda row: row.pk)
    years: dict[object, list[StaffYear]] = {}
    for year in StaffYear.objects.filter(township=town).order_by("-year"):
        years.setdefault(year.slot, []).append(year)
    return [StaffOf(row, years.get(row.slot, [])) for row in people]


def psychiatrists_in(county: int, on: date) -> list[User]:
    """Accounts whose live assignment in this county is 精神科医师."""
    rows = User.objects.filter(
        Q(assignments__ends_on=None) | Q(assignments__ends_on__gte=on), is_active=True, assignments__division=county,
        assignments__role=Role.PSYCHIATRIST, assignments__starts_on__lte=on,
    )  # fmt: skip
    return list(rows.select_related("agency").distinct().order_by("display_name", "pk"))


def counties_in(reach: Reach) -> list[Division]:
    return list(Division.objects.filter(pk__in=reach.counties).order_by("code"))


def town_in(reach: Reach, code: str) -> Division | None:
    """The township with that code, when it lies inside."""
    return next((town for town in towns_in(reach) if town.code == code), None)
