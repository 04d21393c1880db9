"""Teams, links and staff in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Division
from registry.queries.teams import LinkOf, StaffOf, TeamOf
from registry.rules.masking import mask_phone
from registry.rules.staffing import Staffing, posts_of


@dataclass(frozen=True)
class TownLine:
    href: str
    name: str
    registered: int
    posts: str
    wanted: str
    short: str  # how many posts are missing, "" when enough
    psychiatrist: bool


@dataclass(frozen=True)
class TeamLine:
    place: str
    name: str
    members: list[tuple[str, str, str]]  # name, agency and post, phone


@dataclass(frozen=True)
class StaffLine:
    name: str
    about: str
    years: list[str]


def town_lines(towns: Iterable[Division], counted: Mapping[int, Staffing], linked: set[int]) -> list[TownLine]:
    found = []
    for town in towns:
        full = counted[town.pk]
        short = "" if full.is_enough else posts_of(full.missing_percent)
        found.append(TownLine(
            reverse("registry:team", args=[town.code]), town.name, full.registered, posts_of(full.percent),
            posts_of(full.wanted_percent), short, town.pk in linked,
        ))  # fmt: skip
    return found


def team_lines(teams: Iterable[TeamOf]) -> list[TeamLine]:
    found = []
    for team in teams:
        members = []
        for row in team.members:
            parts = (row.get_agency_kind_display(), row.post, "组长" if row.leads else "")
            phone = mask_phone(None if row.phone is None else str(row.phone))
            members.append((str(row.name), "，".join(part for part in parts if part), phone))
        found.append(TeamLine(team.division.usual_name, team.name, members))
    return found


def link_lines(links: Iterable[LinkOf]) -> list[tuple[str, str, str]]:
    """Place, who ("" is a gap), since when."""
    return [
        (
            link.division.usual_name,
            link.psychiatrist.display_name if link.psychiatrist else "",
            link.since.isoformat() if link.since else "",
        )
        for link in links
    ]


def staff_lines(staff: Iterable[StaffOf]) -> list[StaffLine]:
    found = []
    for one in staff:
        row = one.member
        about = "，".join(part for part in (row.post, f"折合全职 {row.share}%", f"自 {row.starts_on} 起") if part)
        years = [
            f"{year.year} 年培训 {year.hours} 学时" + (f"，考核{year.get_result_display()}" if year.result else "")
            for year in one.years
        ]
        found.append(StaffLine(str(row.name), about, years))
    return found
