"""The lists behind the live numbers of the dashboard."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.doors import can, requires
from accounts.reach import standing
from accounts.refusals import NotHere
from accounts.terms import FieldGroup, Permission, Purpose
from reports.queries.care_lists import KINDS, OVERDUE, CareList
from reports.queries.live import GROUP_NAMES, all_unsigned
from reports.queries.people import PAGE
from reports.queries.periods import place_of
from reports.views.asked import asked, person
from reports.views.cards import alert_lines

UNSIGNED_PAGE = 50


@require_GET
@requires(Permission.LIST_INDICATOR_PEOPLE)
def care(request: HttpRequest, kind: str) -> HttpResponse:
    """Overdue or lost people of the area, masked for who must not read names; the reading is logged."""
    if kind not in KINDS:
        raise NotHere
    wanted, user = asked(request, Permission.LIST_INDICATOR_PEOPLE), person(request)
    context: dict[str, Any] = {"asked": wanted, "kind": kind, "heading": KINDS[kind], "people": None}
    if wanted.meeting:
        return render(request, "reports/care_list.html", context)
    group = _group(request.GET.get("group", "")) if kind == OVERDUE else None
    found = CareList(kind, place_of(wanted.area), wanted.cut.today, group)
    page = Paginator(range(found.count()), PAGE).get_page(request.GET.get("page"))
    rows = found.people(named=standing(user).named, start=max(page.start_index() - 1, 0), size=PAGE)
    audit.saw((row.uuid for row in rows), {FieldGroup.IDENTITY, FieldGroup.MANAGEMENT}, Purpose.INDICATOR)
    may_open = can(user, Permission.VIEW_PATIENT)
    context |= {
        "people": [
            {"row": row, "number": f"{row.number:05d}",
             "href": reverse("registry:patient", args=[row.uuid]) if row.is_named and may_open else ""}
            for row in rows
        ],
        "page": page,
        "full_names": all(row.is_named for row in rows),
        "group": GROUP_NAMES.get(group) if group is not None else "",
        "every": reverse("reports:live", args=[kind]) + wanted.query(),
    }  # fmt: skip
    return render(request, "reports/care_list.html", context)


def _group(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 1 and int(text) in GROUP_NAMES else None


@require_GET
@requires(Permission.VIEW_INDICATORS)
def unsigned(request: HttpRequest) -> HttpResponse:
    """Alerts that no office has signed for: number, office and time; no person is named here."""
    wanted = asked(request)
    page = Paginator(all_unsigned(place_of(wanted.area)), UNSIGNED_PAGE).get_page(request.GET.get("page"))
    lines = alert_lines(page.object_list, wanted, timezone.localtime())
    return render(request, "reports/unsigned.html", {"asked": wanted, "alerts": lines, "page": page})
