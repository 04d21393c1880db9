"""Places judged one by one on the cut-off day, and their counts by township."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from accounts.models import Division
from accounts.terms import DivisionLevel
from registry.models import GroupMember, PsychiatristLink
from registry.rules.around import in_force
from registry.terms import GroupKind
from reports.queries.counts import Counts
from reports.rules.place_indicators import PLACED, Judged, psychiatrist_link, township_group, village_group


@dataclass(frozen=True, slots=True)
class PlaceLine:
    place: Division
    township: int
    judged: Judged


class _Member(NamedTuple):
    slot: UUID
    starts_on: date
    ended: bool
    place: int
    kind: str


def place_lines(code: str, townships: Iterable[int], day: date) -> list[PlaceLine]:
    """Every place of the townships that existed on the day, in order of code. Two statements."""
    keys = tuple(townships)
    if code == "township_groups":
        towns = _valid(Division.objects.filter(pk__in=keys), day)
        members = _members(GroupKind.TOWNSHIP, keys, day)
        return [PlaceLine(town, town.pk, township_group(members.get(town.pk, []))) for town in towns]
    villages = _valid(Division.objects.filter(level=DivisionLevel.VILLAGE, parent__in=keys), day)
    if code == "village_groups":
        members = _members(GroupKind.VILLAGE, [village.pk for village in villages], day)
        return [PlaceLine(v, v.parent_id or 0, village_group(members.get(v.pk, []))) for v in villages]
    names = _psychiatrists([village.pk for village in villages], day)
    return [PlaceLine(v, v.parent_id or 0, psychiatrist_link(names.get(v.pk, ""))) for v in villages]


def _valid(rows: Iterable[Division], day: date) -> list[Division]:
    found = [
        row for row in rows
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to > day)
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.code)


def _members(kind: GroupKind, places: Collection[int], day: date) -> dict[int, list[str]]:
    """The agencies of the members in force, by place."""
    rows = GroupMember.objects.filter(group__kind=kind, group__division__in=places, starts_on__lte=day)
    threads = (
        _Member(*row) for row in rows.values_list("slot", "starts_on", "ended", "group__division", "agency_kind")
    )
    found: dict[int, list[str]] = {}
    for member in in_force(threads, day):
        found.setdefault(member.place, []).append(member.kind)
    return found


def _psychiatrists(places: Collection[int], day: date) -> dict[int, str]:
    """The newest link begun by the day; one without a psychiatrist ended it."""
    rows = PsychiatristLink.objects.filter(division__in=places, starts_on__lte=day).order_by("starts_on")
    newest = dict(rows.values_list("division", "psychiatrist__display_name"))
    return {place: name for place, name in newest.items() if name}


def placed_counts(codes: Iterable[str], townships: Collection[int], day: date) -> dict[int, Counts]:
    """How many places of each township are met, of how many."""
    found: dict[int, Counts] = {key: {} for key in townships}
    for code in PLACED.keys() & frozenset(codes):
        pairs = {key: [0, 0] for key in townships}
        for line in place_lines(code, townships, day):
            pairs[line.township][0] += line.judged.met
            pairs[line.township][1] += 1
        for key, (met, whole) in pairs.items():
            found[key][code] = (met, whole)
    return found
