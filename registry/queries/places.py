"""Division codes of a form or file turned into keys, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Division
from accounts.reach import Reach
from accounts.rules.places import whole_address
from accounts.terms import DivisionLevel
from registry.models import Patient


@dataclass(frozen=True)
class Place:
    """Where somebody lives. `village` is None when only the township is known."""

    township: int
    county: int
    village: int | None
    name: str


def address_of(patient: Patient) -> str:
    """现住地 as a stranger needs it: township and village stand before what was typed. At most two queries."""
    village = patient.village
    if village is None or village.parent is None:
        township = Division.objects.filter(pk=patient.duty_township).values_list("name", flat=True).first()
        return whole_address(township or "", "", patient.residence_address)
    return whole_address(village.parent.name, village.name, patient.residence_address)


def places_by_code(codes: Iterable[str]) -> dict[str, Place]:
    """Live villages and townships among these codes."""
    rows = Division.objects.filter(
        code__in=set(codes), level__in=[DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE], valid_to=None
    ).select_related("parent__parent")
    return {row.code: found for row in rows if (found := _place(row)) is not None}


def _place(row: Division) -> Place | None:
    above = row.parent
    if above is None:
        return None
    if row.level == DivisionLevel.TOWNSHIP:
        return Place(row.pk, above.pk, None, row.name)
    if above.parent_id is None:
        return None
    return Place(above.pk, above.parent_id, row.pk, f"{above.name}{row.usual_name}")


def divisions_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Keys of live divisions of any level (户籍地)."""
    return dict(Division.objects.filter(code__in=set(codes), valid_to=None).values_list("code", "pk"))


def names_by_code(codes: Iterable[str | None]) -> dict[str, str]:
    """What a page says instead of the digits; divisions of the past keep their names too."""
    wanted = {code for code in codes if code}
    rows = Division.objects.filter(code__in=wanted).select_related("parent") if wanted else ()
    return {row.code: f"{row.parent.name if row.parent else ''}{row.usual_name}" for row in rows}


def homes_in(reach: Reach) -> list[tuple[str, str]]:
    """Villages (code, name) of the townships answered for, each township itself first (village unknown)."""
    towns = Division.objects.filter(
        Q(pk__in=reach.townships) | Q(parent__in=reach.counties), level=DivisionLevel.TOWNSHIP, valid_to=None
    ).order_by("code")
    names = {town.pk: town.name for town in towns}
    many = len(names) > 1
    found = [(town.code, f"{town.name}（村不详）") for town in towns]
    villages = Division.objects.filter(parent__in=names, level=DivisionLevel.VILLAGE, valid_to=None)
    for village in villages.order_by("code"):
        town = names[village.parent_id] if many and village.parent_id else ""
        found.append((village.code, f"{town}{village.usual_name}"))
    return sorted(found)


def destinations(patient: Patient) -> list[tuple[str, str]]:
    """Townships of the patient's county other than the present one, then those of the counties beside it."""
    county = Division.objects.select_related("parent").get(pk=patient.duty_county)
    towns = Division.objects.filter(level=DivisionLevel.TOWNSHIP, valid_to=None, parent__parent=county.parent)
    rows = towns.exclude(pk=patient.duty_township).select_related("parent")
    ordered = sorted(rows, key=lambda town: (town.parent_id != county.pk, town.code))
    return [(town.code, town.name if town.parent_id == county.pk else f"{town.parent}{town.name}") for town in ordered]


def address_places(patient: Patient) -> list[tuple[str, str]]:
    """The villages of the township on duty, it itself for an unknown village, then the county's other townships."""
    own = Division.objects.filter(pk=patient.duty_township).values_list("code", "name")
    others = Division.objects.filter(parent=patient.duty_county, level=DivisionLevel.TOWNSHIP, valid_to=None)
    beside = others.exclude(pk=patient.duty_township).order_by("code").values_list("code", "name")
    return [*villages_of(patient.duty_township), *((code, f"{name}（村不详）") for code, name in own), *beside]


def division_of(code: str) -> Division:
    """A live division that a form has offered. Raises: Division.DoesNotExist."""
    return Division.objects.get(code=code, valid_to=None)


def villages_of(township: int) -> list[tuple[str, str]]:
    """Live villages (code, usual name) of one township."""
    rows = Division.objects.filter(parent=township, level=DivisionLevel.VILLAGE, valid_to=None).order_by("code")
    return [(row.code, row.usual_name) for row in rows]
