"""Division codes of a form or file turned into keys, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Division
from accounts.terms import DivisionLevel


@dataclass(frozen=True)
class Place:
    """Where somebody lives. `village` is None when only the township is known."""

    township: int
    county: int
    village: int | None
    name: str


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
    return Place(above.pk, above.parent_id, row.pk, f"{above.name}{row.name}")


def divisions_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Keys of live divisions of any level (户籍地)."""
    return dict(Division.objects.filter(code__in=set(codes), valid_to=None).values_list("code", "pk"))
