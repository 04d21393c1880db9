"""What every page's frame needs. Reads only what the middleware has already loaded: not one query of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.reach import standing
from accounts.terms import AgencyKind, Permission
from config.navigation import NavLink, links_for

BRAND = "精神卫生个案管理"
PARTNER_BRAND = "精神卫生预警"
FOOTNOTE = "内部资料，注意保密。查看患者信息会记入访问日志。"
PARTNER_FOOTNOTE = "内部资料，注意保密。每次打开都记录时间和姓名，患者和家属可以查询。"
DEMO_FOOTNOTE = "演示数据，全部为编造，不含任何真实个人。"
NAMED_BY_PLACE = {AgencyKind.HEALTH_CENTRE, AgencyKind.VILLAGE_CLINIC}
IN_BAR = 5  # places in the top bar; the rest stands under 更多
TABS = 3  # places in the phone's bottom bar beside 找人 and 更多


@dataclass(frozen=True)
class Me:
    name: str
    place: str
    role: str


def _me(user: User) -> Me:
    agency = user.agency
    place = agency.division.name if agency.kind in NAMED_BY_PLACE else agency.name
    return Me(user.display_name, place, "、".join(sorted(role.label for role in standing(user).roles)))


@dataclass(frozen=True)
class Menus:
    """Where whoever may do the same can go from one page, as markup too: the top bar, and the phone's tabs and the rest."""

    places: tuple[NavLink, ...]
    top: SafeString
    tabs: SafeString
    tabs_more: SafeString


@lru_cache(maxsize=1024)
def _menus(permissions: frozenset[Permission], view_name: str) -> Menus:
    """Made once in a process: they name no person, and were a fifth of what a page's markup costs."""
    places = links_for(permissions, view_name)
    tabs = _tabs(places)
    rest = [link for link in places if link not in tabs] if tabs else []
    return Menus(
        places,
        render_to_string("components/_menu_top.html", {"links": places[:IN_BAR], **_folded(places[IN_BAR:])}),
        render_to_string("components/_menu_links.html", {"links": tabs}),
        render_to_string("components/_menu_tabs_more.html", _folded(rest)),
    )


def _folded(rest: Sequence[NavLink]) -> dict[str, Any]:
    return {"rest": rest, "present_in_rest": any(link.current for link in rest)}


def _number(request: HttpRequest) -> str:
    look = getattr(request, "look", None)
    return look.number if look else ""


def _footnote(is_partner: bool) -> str:
    words = PARTNER_FOOTNOTE if is_partner else FOOTNOTE
    return f"{words}{DEMO_FOOTNOTE}" if settings.DEMO else words


def _tabs(nav: tuple[NavLink, ...]) -> list[NavLink]:
    """The phone's bottom bar: all places when they fit, else the marked ones; none for who has a single place."""
    if len(nav) <= TABS:
        return list(nav) if len(nav) > 1 else []
    return [link for link in nav if link.phone][:TABS]


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"brand": BRAND, "request_number": _number(request), "footnote": _footnote(is_partner=False)}
    held = standing(user)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "brand": PARTNER_BRAND if held.is_partner else BRAND,
        "is_partner": held.is_partner,
        "menus": _menus(held.permissions, view_name),
        "me": _me(user),
        "can_search": Permission.VIEW_PATIENT in held.permissions,
        "request_number": _number(request),
        "footnote": _footnote(held.is_partner),
    }
