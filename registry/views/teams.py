"""Teams, psychiatrists and staff, by township."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carrying import carried_out
from accounts.doors import can, requires, where
from accounts.models import Division, User
from accounts.refusals import NotHere
from accounts.terms import Permission
from registry.forms import teams as asked
from registry.queries.teams import (
    linked_towns,
    links_of,
    psychiatrists_in,
    staff_of,
    staffing_of,
    teams_of,
    town_in,
    towns_in,
    villages_of,
)
from registry.services import teams as acts
from registry.terms import GroupKind
from registry.views.team_words import link_lines, staff_lines, team_lines, town_lines
from registry.views.who import me

Said = dict[str, Any]
Offers = dict[str, list[tuple[str, str]]]


@requires(Permission.VIEW_TEAMS)
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Each township with its posts against its patients: numerator and denominator, and what is missing."""
    today = timezone.localdate()
    found = towns_in(where(me(request), Permission.VIEW_TEAMS))
    lines = town_lines(found, staffing_of(found, today), linked_towns(found, today))
    return render(request, "registry/team_list.html", {"towns": lines})


@requires(Permission.VIEW_TEAMS)
@require_safe
def town(request: HttpRequest, town: str) -> HttpResponse:
    place = _town(request, town, Permission.VIEW_TEAMS)
    today = timezone.localdate()
    full = staffing_of([place], today)[place.pk]
    facts = {
        "code": place.code,
        "name": place.name,
        "teams": team_lines(teams_of(place, today)),
        "links": link_lines(links_of(place, today)),
        "staff": staff_lines(staff_of(place, today)),
        "staffing": full,
        "may_edit": can(me(request), Permission.MANAGE_TEAMS) and _may_manage(request, place),
    }
    return render(request, "registry/team_detail.html", facts)


def _may_manage(request: HttpRequest, place: Division) -> bool:
    return town_in(where(me(request), Permission.MANAGE_TEAMS), place.code) is not None


def _town(request: HttpRequest, code: str, permission: Permission) -> Division:
    place = town_in(where(me(request), permission), code)
    if place is None:
        raise NotHere
    return place


@dataclass(frozen=True)
class Deed:
    title: str
    verb: str
    form: type[asked.Choosing]
    offers: Callable[[Division], Offers]
    run: Callable[[Division, Said, User], Any]


def _groups(place: Division) -> Offers:
    found = [(f"{kind}:{place.pk}", f"{place.name}{kind.label}") for kind in GroupKind if kind != GroupKind.VILLAGE]
    kind = GroupKind.VILLAGE
    return {"group": [*found, *((f"{kind}:{v.pk}", f"{v.usual_name}{kind.label}") for v in villages_of(place))]}


def _members(place: Division) -> Offers:
    teams = teams_of(place, timezone.localdate())
    return {"slot": [(str(m.slot), f"{t.division.usual_name} {m.name!s}") for t in teams for m in t.members]}


def _posts(place: Division) -> Offers:
    return {"slot": [(str(s.member.slot), str(s.member.name)) for s in staff_of(place, timezone.localdate())]}


def _links(place: Division) -> Offers:
    doctors = psychiatrists_in(place.parent_id or 0, timezone.localdate())
    return {
        "place": [(str(place.pk), place.name), *((str(v.pk), v.usual_name) for v in villages_of(place))],
        "psychiatrist": [(str(d.uuid), f"{d.display_name}（{d.agency.name}）") for d in doctors],
    }


def _inside(place: Division, key: str) -> Division:
    return next(found for found in (place, *villages_of(place)) if str(found.pk) == key)


def _add_member(place: Division, said: Said, by: User) -> None:
    kind, _colon, key = said["group"].partition(":")
    acts.add_member(
        division=_inside(place, key), kind=kind, on=said["on"], name=said["name"], agency_kind=said["agency_kind"],
        post=said["post"] or "", phone=said["phone"], leads=said["leads"], by=by,
    )  # fmt: skip


def _link(place: Division, said: Said, by: User) -> None:
    doctors = psychiatrists_in(place.parent_id or 0, timezone.localdate())
    who = next((d for d in doctors if str(d.uuid) == said["psychiatrist"]), None)
    acts.link_psychiatrist(division=_inside(place, said["place"]), psychiatrist=who, on=said["on"], by=by)


def _staff(place: Division, said: Said, by: User) -> None:
    acts.place_staff(
        township=place, on=said["on"], name=said["name"], share=said["share"], post=said["post"] or "",
        phone=said["phone"], slot=UUID(said["slot"]) if said["slot"] else None, by=by,
    )  # fmt: skip


def _year(place: Division, said: Said, by: User) -> None:
    acts.record_staff_year(
        township=place, slot=UUID(said["slot"]), year=said["year"], hours=said["hours"], result=said["result"] or "",
        by=by,
    )  # fmt: skip


DEEDS: dict[str, Deed] = {
    "member": Deed("登记小组成员", "保存成员", asked.MemberForm, _groups, _add_member),
    "member-end": Deed(
        "成员不再担任", "结束", asked.MemberEndForm, _members,
        lambda place, said, by: acts.end_member(slot=UUID(said["slot"]), on=said["on"], by=by),
    ),
    "link": Deed("精神科医师对口联系", "保存联系", asked.LinkForm, _links, _link),
    "staff": Deed("登记精防人员", "保存人员", asked.StaffForm, _posts, _staff),
    "staff-end": Deed(
        "精防人员离岗", "记为离岗", asked.StaffEndForm, _posts,
        lambda place, said, by: acts.end_staff(township=place, slot=UUID(said["slot"]), on=said["on"], by=by),
    ),
    "year": Deed("培训学时和考核", "保存", asked.StaffYearForm, _posts, _year),
}  # fmt: skip


@requires(Permission.MANAGE_TEAMS)
@require_http_methods(["GET", "HEAD", "POST"])
def deed(request: HttpRequest, town: str, deed: str) -> HttpResponse:
    wanted = DEEDS.get(deed)
    if wanted is None:
        raise Http404
    place = _town(request, town, Permission.MANAGE_TEAMS)
    today = timezone.localdate()
    begin = {"on": today.isoformat(), "year": today.year}
    form = wanted.form(request.POST or None, offers=wanted.offers(place), initial=begin)
    done = "已保存。以前的记录都保留。"
    if carried_out(request, form, lambda: wanted.run(place, form.cleaned_data, me(request)), done):
        return redirect("registry:team", place.code)
    facts = {"form": form, "code": place.code, "name": place.name, "deed": wanted}
    return render(request, "registry/team_deed.html", facts, status=400 if form.errors else 200)
