"""与现在比较: what has been entered and corrected since a freeze, figure by figure and person by person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.doors import can, requires, where
from accounts.reach import standing
from accounts.refusals import NotHere
from accounts.terms import DivisionLevel, FieldGroup, Permission, Purpose
from reports.queries.freezes import Change, Opened, changes_of, one_change
from reports.queries.frozen_people import NO_RECORD, FrozenPerson, frozen_people, visible_keys
from reports.queries.outcomes import FROZEN
from reports.rules.cut import Cut
from reports.rules.frozen import Differing, outcome_of
from reports.rules.suppression import hide_small, one_cell, open_cell
from reports.terms import Outcome
from reports.views.asked import Asked, person
from reports.views.freezes import frozen_page, opened_for
from reports.views.frozen_cells import below_of, shown
from reports.views.people import GROUPS

PAGE = 20
CHANGED, COUNTED, NOT_COUNTED = "changed", "counted", "not"
INDICATORS = {indicator.code: indicator for indicator in FROZEN}
CARE_GROUPS = frozenset({FieldGroup.IDENTITY, FieldGroup.MANAGEMENT})


@require_GET
@requires(Permission.VIEW_INDICATORS)
def freeze_changes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every figure of people then and as the records stand now, with how many people count otherwise."""
    opened, wanted = opened_for(request, uuid)
    changes = changes_of(opened, timezone.localdate())
    moved = [change for change in changes if change.people]
    context = {
        **frozen_page(opened, wanted),
        "lines": _lines(opened, wanted, moved),
        "same": len(changes) - len(moved),
        "now": timezone.localtime(),
    }
    return render(request, "reports/freeze_changes.html", context)


def _lines(opened: Opened, wanted: Asked, moved: Sequence[Change]) -> list[dict[str, Any]]:
    """A figure that is hidden then or now hides how many have changed too."""
    definitions = opened.freeze.content["codes"]
    before = shown(definitions, opened.numbers, below_of(wanted))
    after = shown(definitions, {**opened.numbers, **{change.code: change.after for change in moved}}, below_of(wanted))
    query = f"?area={opened.area.code}" if wanted.area != wanted.own else ""
    return [
        {
            "name": definitions[change.code]["name"],
            "before": before[change.code],
            "after": after[change.code],
            "people": _cell(len(change.people), wanted).label,
            "href": reverse("reports:freeze_people", args=[opened.freeze.uuid, change.code]) + query,
        }
        for change in moved
    ]


def _cell(count: int, wanted: Asked) -> Any:
    return one_cell(count, wanted.below) if wanted.veiled else open_cell(count)


@require_GET
@requires(Permission.VIEW_INDICATORS)
def freeze_people(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """One figure of a freeze: by township, and the three lists of people."""
    opened, wanted = opened_for(request, uuid)
    if code not in opened.codes or code not in INDICATORS:
        raise NotHere
    change = one_change(opened, timezone.localdate(), INDICATORS[code])
    definitions = opened.freeze.content["codes"]
    numbers = {**opened.numbers, code: change.after}
    context = {
        **frozen_page(opened, wanted),
        "definition": definitions[code],
        "code": code,
        "before": shown(definitions, opened.numbers, below_of(wanted))[code],
        "after": shown(definitions, numbers, below_of(wanted))[code],
        "parts": _parts(opened, code, wanted),
        **_people(request, opened, change, wanted),
    }
    return render(request, "reports/freeze_people.html", context)


def _people(request: HttpRequest, opened: Opened, change: Change, wanted: Asked) -> dict[str, Any]:
    """One page of one list. The reading is logged."""
    user = person(request)
    sides = _sides(opened, change)
    side = request.GET.get("side", CHANGED)
    side = side if side in sides else CHANGED
    context: dict[str, Any] = {
        "sides": [_side(name, len(each), side, request, wanted) for name, each in sides.items()],
        "side": side,
        "is_change": side == CHANGED,
    }
    if wanted.meeting or not can(user, Permission.LIST_INDICATOR_PEOPLE):
        return {**context, "people": None}
    chosen = {each.patient: each for each in sides[side]}
    keys = visible_keys(list(chosen.values()), where(user, Permission.LIST_INDICATOR_PEOPLE))
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    rows = frozen_people(
        opened, INDICATORS[change.code], [chosen[key] for key in page.object_list],
        today=Cut(opened.freeze.as_of, timezone.localdate()), named=standing(user).named,
        moment=timezone.localtime(opened.freeze.frozen_at) if side == CHANGED else None,
    )  # fmt: skip
    audit.saw((row.uuid for row in rows), CARE_GROUPS | GROUPS.get(change.code, frozenset()), Purpose.INDICATOR)
    return {
        **context,
        "people": [_line(row, opens=can(user, Permission.VIEW_PATIENT)) for row in rows],
        "page": page,
        "elsewhere": len(chosen) - len(keys),
        "no_record": NO_RECORD,
        "full_names": all(row.is_named for row in rows),
    }


def _sides(opened: Opened, change: Change) -> dict[str, Sequence[Differing]]:
    """Those who count otherwise now, and the two sides of the figure as it was frozen."""
    then = [Differing(key, letter, letter) for key, letter in opened.letters(change.code).items()]
    found: dict[str, Sequence[Differing]] = {CHANGED: change.people}
    found[COUNTED] = [each for each in then if outcome_of(each.before) is Outcome.MET]
    if INDICATORS[change.code].needs and not INDICATORS[change.code].is_count:
        found[NOT_COUNTED] = [each for each in then if outcome_of(each.before) is Outcome.UNMET]
    return found


def _side(name: str, count: int, current: str, request: HttpRequest, wanted: Asked) -> dict[str, Any]:
    label = {CHANGED: "后来有变化的", COUNTED: "当时算进去的", NOT_COUNTED: "当时没算进去的"}[name]
    asked_for = request.GET.copy()
    asked_for["side"] = name
    asked_for.pop("page", None)
    return {
        "label": label,
        "count": _cell(count, wanted).label,
        "current": name == current,
        "href": f"?{asked_for.urlencode()}#people",
    }


def _line(row: FrozenPerson, *, opens: bool) -> dict[str, Any]:
    href = reverse("registry:patient", args=[row.uuid]) if row.is_named and opens else ""
    return {"row": row, "number": f"{row.number:05d}", "href": href}


def _parts(opened: Opened, code: str, wanted: Asked) -> list[dict[str, str]]:
    """The townships of an area, as they were frozen; small sensitive numbers with what would give them back."""
    if opened.area.level == DivisionLevel.TOWNSHIP:
        return []
    definition = opened.freeze.content["codes"][code]
    lines = {line["code"]: line for line in opened.townships}
    below = below_of(wanted) if definition["sensitive"] else 0
    cells = [hide_small({key: int(line["figures"][code][part] or 0) for key, line in lines.items()}, below).cells
             for part in (0, 1)]  # fmt: skip
    address = reverse("reports:freeze_people", args=[opened.freeze.uuid, code])
    found = []
    for key, line in lines.items():
        open_rate = not any(side[key].is_hidden for side in cells)
        said = shown({code: definition}, {code: line["figures"][code]})[code]
        fraction = f"{cells[0][key].label} / {cells[1][key].label}" if said.fraction else ""
        value = said.value if open_rate else "—" if said.fraction else cells[0][key].label
        found.append({"name": line["name"], "value": value, "fraction": fraction, "href": f"{address}?area={key}"})
    return found
