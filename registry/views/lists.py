"""The list of patients, the masked list of the commission, and the search."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import saw
from accounts.doors import can, requires, where
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import patients_for
from registry.queries.lists import ListFilter, Sought, found, has_colours, listed, places_in, townships_of
from registry.rules.search import read_word
from registry.terms import ENDING, CareStatus, Colour
from registry.views import cards
from registry.views.who import me

PAGE = 50
GROUPS = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK)
STATUSES = [
    ("", "在册"),
    *((s.value, s.label) for s in CareStatus if s not in ENDING),
    ("closed", "已结案"),
    *((s.value, s.label) for s in CareStatus if s in ENDING),
]
LEVELS = [("", "不限"), ("high", "3 级及以上"), *((str(n), f"{n} 级") for n in range(6)), ("none", "未评")]
COLOURS: list[tuple[str, str]] = [("", "不限"), *((c.value, str(c.label)) for c in Colour)]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


def _chosen(options: list[tuple[str, str]], value: str) -> list[Choice]:
    return [Choice(code, label, code == value) for code, label in options]


def _filter(request: HttpRequest, *, masked: bool) -> ListFilter:
    """Unknown values count as not chosen; nothing of the address is shown again. Masked lists know no level, no village."""
    names = ("status", "level", "place", "colour")
    status, level, place, colour = (request.GET.get(name, "")[:12] for name in names)
    return ListFilter(
        status=status if status in dict(STATUSES) else "",
        level=level if level in dict(LEVELS) and not masked else "",
        colour=colour if colour in Colour.values and not masked else "",
        place=place if place.isascii() and place.isdecimal() and len(place) in ((9,) if masked else (9, 12)) else "",
    )


def _page(request: HttpRequest, permission: Permission, *, masked: bool) -> dict[str, object]:
    today = timezone.localdate()
    wanted = _filter(request, masked=masked)
    mine = patients_for(me(request), permission)
    page = Paginator(listed(wanted.apply(mine)), PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    saw((patient.uuid for patient in people), GROUPS[:2] if masked else GROUPS, Purpose.LIST)
    places = [(place.code, place.usual_name) for place in places_in(where(me(request), permission))]
    return {
        "page": page,
        "rows": cards.rows(people, townships_of(people), today, masked=masked),
        "statuses": _chosen(STATUSES, wanted.status),
        "levels": [] if masked else _chosen(LEVELS, wanted.level),
        "colours": [] if masked or not has_colours(mine) else _chosen(COLOURS, wanted.colour),
        "places": _chosen([("", "全部"), *places], wanted.place),
        "filtered": wanted != ListFilter(),
        "can_register": can(me(request), Permission.REGISTER_PATIENT),
        "sees_exports": can(me(request), Permission.SEE_EXPORTS),
    }


@requires(Permission.VIEW_PATIENT)
@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/patient_list.html", _page(request, Permission.VIEW_PATIENT, masked=False))


@requires(Permission.VIEW_MASKED_LIST)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Case number, township, masked name: for those who oversee and do not treat (decisions D)."""
    return render(request, "registry/case_list.html", _page(request, Permission.VIEW_MASKED_LIST, masked=True))


@requires(Permission.VIEW_PATIENT)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """POST only: no name or number stands in an address. An exact number that is found opens the file."""
    today = timezone.localdate()
    word = read_word(request.POST.get("q", ""), today=today)
    people = []
    if word.kind:
        people = list(found(patients_for(me(request)), Sought(word.kind, word.text)))
    if len(people) == 1 and word.kind in ("id_number", "temporary"):
        return redirect(people[0])
    saw((patient.uuid for patient in people), GROUPS, Purpose.SEARCH)
    facts = {
        "rows": cards.rows(people, townships_of(people), today),
        "why": word.why,
        "typed": word.text if word.kind in ("name", "initials") else "",
        "can_register": can(me(request), Permission.REGISTER_PATIENT),
    }
    return render(request, "registry/patient_search.html", facts)
