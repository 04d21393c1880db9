"""Packages of a county, and the rows that stand in them: those are read within the county's reach only."""

from collections.abc import Iterator
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Division
from exchange.models import Package, PackagePart, PackageRun
from exchange.rules.deltas import HEADS
from exchange.rules.packages import is_disputed_key
from exchange.terms import ChangeKind, PackageState

GONE_OUT = (PackageState.RELEASED, PackageState.COLLECTED)


def packages_of(county: Division) -> QuerySet[Package]:
    rows = Package.objects.filter(county=county)
    return rows.select_related(
        "county", "agency", "template", "first_by", "released_by", "ended_by", "corrects"
    ).order_by("-period", "agency__name", "situation", "-version")


def last_before(package: Package) -> Package | None:
    """What this agency got of the same kind for the period before."""
    rows = packages_of(package.county).filter(agency=package.agency, situation=package.situation, corrects=None)
    return rows.filter(period__lt=package.period, released_at__isnull=False, ended_at=None).first()


def rows_of(package: Package, kind: str, is_change: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Key and cells of one list, in its order; a part at a time. A change's first two cells say what and why."""
    parts = PackagePart.objects.filter(package=package, list=kind, is_change=is_change)
    for part in parts.order_by("number").iterator(4):
        yield from cast("list[tuple[str, list[str]]]", part.content)


def items_by_person(package: Package) -> dict[UUID, set[str]]:
    """For the ledger: which columns of somebody are not empty in this package, over all its lists."""
    return _items(package, removed=False)


def items_removed(package: Package) -> dict[UUID, set[str]]:
    """For the ledger: whose rows the recipient is told to take out, and by which columns it finds them."""
    return _items(package, removed=True)


def _items(package: Package, *, removed: bool) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for section in package.template.parts:
        names = [item.value for item in section.items]
        for key, cells in _told(package, section.kind.value, removed=removed):
            person = person_of(key)
            if person is not None:
                told = {name for name, cell in zip(names, cells, strict=True) if cell}
                told |= {"disputed"} if is_disputed_key(key) else set()
                found.setdefault(person, set()).update(told)
    return found


def _told(package: Package, kind: str, *, removed: bool) -> Iterator[tuple[str, list[str]]]:
    if not removed:
        yield from rows_of(package, kind)
    for key, cells in rows_of(package, kind, is_change=True):
        if (cells[0] == ChangeKind.REMOVED.label) is removed:
            yield key, cells[len(HEADS) :]


def run_of(package: Package) -> PackageRun | None:
    """How far the worker is; None: nobody has begun."""
    return PackageRun.objects.filter(package=package.uuid).first()


def person_of(key: str) -> UUID | None:
    """None: a township's totals."""
    try:
        return UUID(key.partition("|")[0])
    except ValueError:
        return None
