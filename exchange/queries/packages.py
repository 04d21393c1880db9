"""Packages of a county, and the rows that stand in them: those are read within the county's reach only."""

from collections.abc import Iterator
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Division
from exchange.models import Package, PackagePart
from exchange.rules.packages import is_disputed_key, marked, plain_key, row_digest
from exchange.terms import PackageState

GONE_OUT = (PackageState.RELEASED, PackageState.COLLECTED)


def packages_of(county: Division) -> QuerySet[Package]:
    rows = Package.objects.filter(county=county)
    return rows.select_related("county", "agency", "template", "first_by", "released_by", "ended_by").order_by(
        "-period", "agency__name", "situation", "-version"
    )


def last_released(package: Package) -> Package | None:
    """What the same agency got last on the same occasion."""
    rows = Package.objects.filter(
        county=package.county, agency=package.agency, situation=package.situation, state__in=GONE_OUT
    ).exclude(pk=package.pk)
    return rows.order_by("-period", "-version").first()


def rows_of(package: Package, kind: str) -> Iterator[tuple[str, list[str]]]:
    """Key and cells of one list, in its order; a part at a time."""
    for part in PackagePart.objects.filter(package=package, list=kind).order_by("number").iterator(4):
        yield from cast("list[tuple[str, list[str]]]", part.content)


def digests_of(package: Package) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for section in package.template.parts:
        kind = section.kind.value
        found[kind] = {
            plain_key(key): row_digest(marked(cells, is_disputed_key(key))) for key, cells in rows_of(package, kind)
        }
    return found


def items_by_person(package: Package) -> dict[UUID, set[str]]:
    """For the ledger: which columns of somebody are not empty in this package, over all its lists."""
    found: dict[UUID, set[str]] = {}
    for section in package.template.parts:
        names = [item.value for item in section.items]
        for key, cells in rows_of(package, section.kind.value):
            person = _person_of(key)
            if person is not None:
                told = {name for name, cell in zip(names, cells, strict=True) if cell}
                told |= {"disputed"} if is_disputed_key(key) else set()
                found.setdefault(person, set()).update(told)
    return found


def _person_of(key: str) -> UUID | None:
    """None: a township's totals."""
    try:
        return UUID(key.partition("|")[0])
    except ValueError:
        return None
