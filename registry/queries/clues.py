"""Clues for whoever handles them, one's own office's clues for whoever reported them, and the lines of 今日工作."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from accounts.doors import where
from accounts.models import Assignment, Division, User
from accounts.queries.places import townships_under, villages_under
from accounts.reach import Reach, standing
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import ROLES, DivisionLevel, Permission, Role
from registry.models import Clue, OwnClue
from registry.queries.clocks import Clocks, clocks
from registry.rules.clocks import Clock
from registry.rules.clue_likeness import Meant, same_person
from registry.rules.clues import OVER, SETTLED
from registry.terms import ClueState

S = ClueState
VERBS = {
    S.REPORTED: "分派", S.ASSIGNED: "记录核实", S.VISITED: "送诊或排除", S.SENT: "记录诊断结果", S.WATCHED: "再次核实",
    S.DECLINED: "再次核实",
    S.CONFIRMED: "建档",
}  # fmt: skip
AGAIN = (S.WATCHED, S.DECLINED)
BARE = {"received": "已提交", "checking": "核实中", "done": "已办结"}


def inside(reach: Reach) -> Q:
    """Rows that name a township or county of the reach."""
    return Q(township__in=reach.townships) | Q(county__in=reach.counties)


def clues_for(user: User) -> QuerySet[Clue]:
    """Clues of the places for which the person handles them."""
    rows = Clue.objects.filter(inside(where(user, Permission.HANDLE_CLUE)))
    return rows.select_related("township", "village", "agency", "assigned_to")


def own_clues(user: User) -> QuerySet[OwnClue]:
    """What the person's own offices have reported; the view ends at them by itself."""
    return OwnClue.objects.order_by("-id")


def areas_of(user: User, today: date) -> list[Division]:
    """Divisions for which the person may report a clue."""
    rows = Assignment.objects.filter(user=user).live(today).select_related("division")
    may = [row for row in rows if Permission.REPORT_CLUE in ROLES[Role(row.role)].permissions]
    return [row.division for row in may]


def homes_of(user: User, today: date) -> list[tuple[str, str]]:
    """Places (code, name) a reporter may name: the own village, or the villages of the own townships."""
    found: dict[str, str] = {}
    for area in areas_of(user, today):
        if area.level == DivisionLevel.VILLAGE:
            found[area.code] = area.usual_name
            continue
        towns = list(townships_under(area))
        for town in towns:
            found[town.code] = f"{town.name}（村不详）"
        names = {town.pk: town.name if len(towns) > 1 else "" for town in towns}
        for village in villages_under(area):
            found[village.code] = f"{names.get(village.parent_id or 0, '')}{village.usual_name}"
    return sorted(found.items())


def workers_of(township: Division, today: date) -> list[User]:
    """Who can be sent: the township's own mental-health workers."""
    rows = Assignment.objects.filter(role=Role.TOWNSHIP_WORKER, division=township, user__is_active=True).live(today)
    return [row.user for row in rows.select_related("user__agency").order_by("user__display_name")]


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone(get_current_timezone()).date()


def clue_clock(clue: Clue, has: Clocks) -> Clock | None:
    """The running limit of a clue, where there is one."""
    county = clue.county_id
    if clue.state == S.REPORTED:
        return has.run("clue_visit_days", day_of(clue.entered_at), county)
    if clue.state == S.ASSIGNED and clue.assigned_on:
        return has.run("clue_visit_days", clue.assigned_on, county)
    return None


def due_on(clue: Clue, has: Clocks) -> date | None:
    running = clue_clock(clue, has)
    return running.due_on if running else clue.again_on if clue.state in AGAIN else None


def idle_since(clue: Clue) -> date | None:
    """Since when nothing is fixed for a person whose data is kept all the same: diagnosed without a file, or refused
    without a day to come back. Such a clue is never forgotten by itself (rules.clues.FORGOTTEN)."""
    if clue.state == S.CONFIRMED:
        return clue.settled_on
    return clue.visited_on if clue.state == S.DECLINED and clue.again_on is None else None


def idle_words(clue: Clue, has: Clocks) -> str:
    """The reminder once that has lasted longer than the county allows. Source: 个人信息保护法 §19; clue_idle_days."""
    since = idle_since(clue)
    if since is None or has.today <= since + timedelta(days=has.days("clue_idle_days", clue.county_id)):
        return ""
    lasting = (has.today - since).days
    if clue.state == S.CONFIRMED:
        return f"已确诊 {lasting} 天，还没有建档，个人信息一直保留；请建档，确诊有误的请更正"
    return f"拒绝诊断 {lasting} 天，没有约再次核实，个人信息一直保留；请再次核实，不再上门的请排除"


@dataclass(frozen=True)
class Count:
    """How many clues of a source there have been and how they ended: what stays when the people are forgotten."""

    state: str
    label: str
    number: int


def counts(rows: QuerySet[Clue]) -> list[Count]:
    """By state, also of those whose person is forgotten."""
    states = list(rows.order_by().values_list("state", flat=True))
    return [Count(s.value, s.label, states.count(s.value)) for s in ClueState if s.value in states]


def name_of(clue: Clue) -> str:
    return str(clue.report.get("name") or "姓名不详") if clue.forgotten_at is None else "个人信息已删去"


MOST_COMPARED, MOST_SHOWN = 500, 5


def meant(clue: Clue) -> Meant:
    told = clue.report
    words = {name: str(told.get(name) or "") for name in ("name", "sex", "id_number", "phone")}
    return Meant(**words, age=told.get("age"), village=clue.village_id)


def repeats_of(clue: Clue) -> list[Clue]:
    """What was told again and has been merged into this clue (which came through a door)."""
    return list(Clue.objects.filter(same_as=clue).select_related("agency", "township", "village").order_by("pk"))


def whole_report(clue: Clue) -> dict[str, Any]:
    """What was told of the person, also by others whose clues were merged into this one: they fill what is missing."""
    told: dict[str, Any] = {}
    for report in (*(other.report for other in reversed(repeats_of(clue))), clue.report):
        told |= {name: value for name, value in report.items() if value not in (None, "")}
    return told


def likely_same(clue: Clue, user: User) -> list[tuple[Clue, tuple[str, ...]]]:
    """Clues in reach that still go on and may mean the same person, the surest first."""
    if clue.forgotten_at is not None or clue.state in OVER:
        return []
    going_on = clues_for(user).exclude(pk=clue.pk).exclude(state__in=OVER).order_by("-pk")[:MOST_COMPARED]
    mine = meant(clue)
    found = [(other, same_person(mine, meant(other))) for other in going_on]
    return sorted((pair for pair in found if pair[1]), key=lambda pair: (-len(pair[1]), -pair[0].pk))[:MOST_SHOWN]


def of_person(number: str, user: User) -> list[Clue]:
    """Clues in reach, still going on or diagnosed, that were told with this ID number."""
    going_on = clues_for(user).exclude(state__in=OVER).order_by("pk")[:MOST_COMPARED]
    return [clue for clue in going_on if clue.report.get("id_number") == number]


def work_lines(user: User, today: date) -> list[WorkItem]:
    """线索 of 今日工作: what waits for the township's next step."""
    if Permission.HANDLE_CLUE not in standing(user).permissions or not where(user, Permission.HANDLE_CLUE).townships:
        return []
    has = clocks(today)
    # a refusal comes back on the day that was set, without one once it has lain for long
    due = Q(again_on=None) | Q(again_on__lte=today)
    waiting = clues_for(user).exclude(state__in=SETTLED - {S.CONFIRMED}).filter(~Q(state__in=AGAIN) | due)
    return [_line(clue, has, today) for clue in waiting.order_by("id") if _waits(clue, has)]


def _waits(clue: Clue, has: Clocks) -> bool:
    return clue.state != S.DECLINED or clue.again_on is not None or idle_words(clue, has) != ""


def _line(clue: Clue, has: Clocks, today: date) -> WorkItem:
    running, day = clue_clock(clue, has), due_on(clue, has)
    why = f"{clue.get_source_display()}报告，{clue.get_state_display()}"
    if idle := idle_words(clue, has):
        why = idle
    elif running:
        why = f"{why}，{running.words}"
    elif clue.state == S.DECLINED:
        why = f"上次拒绝诊断，约好 {clue.again_on} 再次核实"
    elif clue.state == S.WATCHED:
        why = f"观察期到，应在 {clue.again_on} 再次核实"
    elif clue.state == S.CONFIRMED:
        why = "已确诊，还没有建档"
    return WorkItem(
        topic=Topic.CLUES,
        verb=VERBS[ClueState(clue.state)],
        href=reverse("registry:clue", args=[clue.uuid]),
        name=name_of(clue),
        place=f"{clue.township.name}{clue.village.usual_name if clue.village else ''}",
        why=f"{why}。",
        due_on=day,
        urgency=urgency_of(day, today=today),
        person=clue.uuid,
    )
