"""Packages of a county, and the rows that stand in them: those are read within the county's reach only."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Division
from exchange.models import Package, PackagePart, PackageRun
from exchange.rules.deltas import HEADS
from exchange.rules.packages import is_disputed_key
from exchange.terms import ChangeKind, PackageState

GONE_OUT = (PackageState.RELEASED, PackageState.COLLECTED)
REMOVED, SKIP = str(ChangeKind.REMOVED.label), len(HEADS)
BLOCK = 2_000


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


@dataclass(frozen=True)
class ToldRow:
    """What one row of a package tells of somebody: the names of its columns that are not empty."""

    person: UUID
    items: tuple[str, ...]
    disputed: bool
    removed: bool  # the recipient is told to take the row out, and by which columns it finds it


def told_in_blocks(package: Package) -> Iterator[list[ToldRow]]:
    """Every row about a person, for the ledger: some at a time, whatever the package's size."""
    rows = _told(package)
    while block := list(islice(rows, BLOCK)):
        yield block


def _told(package: Package) -> Iterator[ToldRow]:
    for section in package.template.parts:
        names, kind = [item.value for item in section.items], section.kind.value
        changes = ((key, cells[SKIP:], cells[0] == REMOVED) for key, cells in rows_of(package, kind, is_change=True))
        rows = ((key, cells, False) for key, cells in rows_of(package, kind))
        for key, cells, removed in chain(rows, changes):
            if (person := person_of(key)) is not None:
                told = tuple(name for name, cell in zip(names, cells, strict=True) if cell)
                yield ToldRow(person, told, is_disputed_key(key), removed)


def run_of(package: Package) -> PackageRun | None:
    """How far the worker is; None: nobody has begun."""
    return PackageRun.objects.filter(package=package.uuid).first()


def person_of(key: str) -> UUID | None:
    """None: a township's totals."""
    try:
        return UUID(key.partition("|")[0])
    except ValueError:
        return None
