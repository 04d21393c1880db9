"""Places and other things judged one by one on the cut-off day, and their counts by township."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from accounts.models import Division
from accounts.terms import AgencyKind, DivisionLevel
from exchange.terms import SourceKind
from registry.models import GroupMember, PsychiatristLink
from registry.rules.around import in_force
from registry.terms import GroupKind
from reports.queries.counts import Counts
from reports.queries.packs import adopted_packs
from reports.rules.place_indicators import (
    ENTERED_WITHIN,
    GROUP_AGENCIES,
    PLACED,
    Judged,
    alert_timely,
    psychiatrist_link,
    township_group,
    village_group,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One thing counted: a place, or an assessment without whose it is. `name` empty: the township itself."""

    township: int
    judged: Judged
    name: str = ""


class _Member(NamedTuple):
    slot: UUID
    starts_on: date
    ended: bool
    place: int
    kind: str


def place_lines(code: str, area: Division, townships: Iterable[int], day: date) -> list[PlaceLine]:
    """Every place of the townships that existed on the day, in order of code; or every assessment that was to be told."""
    keys = tuple(townships)
    if code == "alert_timely":
        return _assessments(keys, day)
    if code == "township_groups":
        towns = _valid(Division.objects.filter(pk__in=keys), day)
        members, named = _members(GroupKind.TOWNSHIP, keys, day), _named_agencies(area)
        return [PlaceLine(town.pk, township_group(members.get(town.pk, []), named)) for town in towns]
    villages = _valid(Division.objects.filter(level=DivisionLevel.VILLAGE, parent__in=keys), day)
    if code == "village_groups":
        members = _members(GroupKind.VILLAGE, [village.pk for village in villages], day)
        return [_village(v, village_group(members.get(v.pk, []))) for v in villages]
    names = _psychiatrists([village.pk for village in villages], day)
    return [_village(v, psychiatrist_link(names.get(v.pk, ""))) for v in villages]


def _named_agencies(area: Division) -> tuple[str, ...]:
    """Who must sit in the group by the area's nearest plan that says so."""
    return next((pack.group_agencies for pack in adopted_packs(area) if pack.group_agencies), GROUP_AGENCIES)


def _village(village: Division, judged: Judged) -> PlaceLine:
    return PlaceLine(village.parent_id or 0, judged, village.usual_name)


# Where it was assessed decides, and when the level was first written down: a later correction of words changes nothing.
_ASSESSED = """
    WITH grave AS (
        SELECT v.root_id, v.patient_id, v.visited_on, v.level, v.at_township,
               (SELECT min(w.entered_at) FROM followup_visit w WHERE w.root_id = v.root_id AND w.level >= 3) AS since
        FROM followup_visit v
        WHERE v.is_current AND v.level >= 3 AND v.visited_on BETWEEN %(start)s AND %(day)s
          AND v.at_township = ANY (%(townships)s)
    )
    SELECT g.at_township, g.visited_on, g.level, g.since,
           min(c.delivered_at) FILTER (WHERE a.kind = %(police)s),
           min(c.delivered_at) FILTER (WHERE a.kind = %(political)s)
    FROM grave g JOIN followup_visitroot r ON r.id = g.root_id
    LEFT JOIN exchange_alertentry e ON e.patient_id = g.patient_id AND e.source = r.uuid AND e.source_kind = %(visit)s
    LEFT JOIN exchange_receipt c ON c.entry_id = e.id AND c.delivered_at >= g.since
    LEFT JOIN exchange_alert l ON l.id = e.alert_id LEFT JOIN accounts_agency a ON a.id = l.agency_id
    WHERE (g.since AT TIME ZONE 'Asia/Shanghai')::date <= least(g.visited_on + %(within)s, %(day)s)
    GROUP BY g.root_id, g.at_township, g.visited_on, g.level, g.since
    ORDER BY g.visited_on DESC, g.root_id DESC
"""


def _assessments(townships: tuple[int, ...], day: date) -> list[PlaceLine]:
    """Newest first. Whose assessment it was is not told: the list is about the channel, not about people."""
    asked: dict[str, Any] = {
        "townships": list(townships), "start": date(day.year, 1, 1), "day": day, "within": ENTERED_WITHIN,
        "police": AgencyKind.POLICE, "political": AgencyKind.POLITICAL_LEGAL, "visit": SourceKind.VISIT,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ASSESSED, asked)
        rows = cursor.fetchall()
    return [
        PlaceLine(
            township,
            alert_timely(police - since if police else None, political - since if political else None),
            f"{visited_on:%Y-%m-%d} 评估 {level} 级",
        )
        for township, visited_on, level, since, police, political in rows
    ]


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


def delays_on(lines: Iterable[PlaceLine]) -> dict[int, list[timedelta]]:
    """How long each alert took to reach both sides, by township."""
    found: dict[int, list[timedelta]] = {}
    for line in lines:
        if line.judged.after is not None:
            found.setdefault(line.township, []).append(line.judged.after)
    return found


def placed_lines(
    codes: Iterable[str], area: Division, townships: Collection[int], day: date
) -> dict[str, list[PlaceLine]]:
    return {code: place_lines(code, area, townships, day) for code in PLACED.keys() & frozenset(codes)}


def placed_counts(lines: Mapping[str, Iterable[PlaceLine]], townships: Collection[int]) -> dict[int, Counts]:
    """How many of each township are met, of how many."""
    found: dict[int, Counts] = {key: {} for key in townships}
    for code, each in lines.items():
        pairs = {key: [0, 0] for key in townships}
        for line in each:
            pairs[line.township][0] += line.judged.met
            pairs[line.township][1] += 1
        for key, (met, whole) in pairs.items():
            found[key][code] = (met, whole)
    return found
