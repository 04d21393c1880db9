"""What a recipient holds now: the whole packages it got, each with its corrections, in their order."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from exchange.models import Package
from exchange.queries.packages import GONE_OUT, REMOVED, SKIP, rows_of
from exchange.rules.deltas import BACK, PERIODIC
from exchange.rules.packages import is_disputed_key, marked, plain_key, row_digest
from exchange.rules.presets import Section


@dataclass(frozen=True)
class Held:
    base: Package
    corrections: tuple[Package, ...]

    def marks(self) -> Iterator[tuple[str, str, str | None]]:
        """List, row key and digest of every row in the order in which it was told; None: it was taken back."""
        for section in self.base.template.parts:
            kind = section.kind.value
            for key, cells in rows_of(self.base, kind):
                yield kind, plain_key(key), _digest(key, cells)
            for one in self.corrections:
                for key, cells in rows_of(one, kind, is_change=True):
                    yield kind, plain_key(key), None if cells[0] == REMOVED else _digest(key, cells[SKIP:])

    def cells(self, kind: str, keys: Collection[str]) -> dict[str, list[str]]:
        """The rows of these keys as the recipient holds them."""
        wanted = set(keys)
        found = {plain_key(key): cells for key, cells in rows_of(self.base, kind) if plain_key(key) in wanted}
        for one in self.corrections:
            for key, cells in rows_of(one, kind, is_change=True):
                if plain_key(key) in wanted and cells[0] != REMOVED:
                    found[plain_key(key)] = cells[SKIP:]
        return found


def _digest(key: str, cells: list[str]) -> str:
    """An objection is part of the row."""
    return row_digest(marked(cells, is_disputed_key(key)))


def held_before(package: Package) -> Held | None:
    """What the agency holds when this package comes; None: it never got one on this occasion."""
    base = package.corrects or _last_whole(package)
    if base is None:
        return None
    rows = Package.objects.filter(corrects=base, state__in=GONE_OUT).exclude(pk=package.pk)
    return Held(base, tuple(rows.order_by("version")))


def _last_whole(package: Package) -> Package | None:
    rows = Package.objects.filter(
        county=package.county, agency=package.agency, situation=package.situation, state__in=GONE_OUT, corrects=None
    ).exclude(pk=package.pk)
    return rows.select_related("template").order_by("-period", "-version").first()


def counties_to_correct() -> list[int]:
    return list(_wholes().filter(state__in=GONE_OUT).values_list("county", flat=True).distinct().order_by("county"))


def bases_to_correct(county: int | None = None) -> list[Package]:
    """Every whole package that is out, unless something new is under way for it; the newest of each agency first.

    Of one that a newer has followed only the lists about its own period are corrected (`sections_to_correct`).
    """
    found: dict[tuple[int, str], list[Package]] = defaultdict(list)
    wholes = _wholes() if county is None else _wholes().filter(county=county)
    for row in wholes.select_related("template", "county", "agency").order_by("-period", "-version"):
        found[row.agency_id, row.situation].append(row)
    waits = set(Package.objects.filter(state__in=("opened", "prepared")).values_list("corrects", flat=True))
    return [
        row
        for rows in found.values()
        for place, row in enumerate(rows[: BACK + 1])
        if row.state in GONE_OUT and row.pk not in waits and (place == 0 or _periodic(row))
    ]


def sections_to_correct(package: Package) -> tuple[Section, ...]:
    """Which lists a package tells: all of its template; of an older package's correction those about its own period.

    A standing list was told anew since, and who left it was told then.
    """
    base = package.corrects
    if base is None or not _wholes().filter(
        county=base.county_id, agency=base.agency_id, situation=base.situation, period__gt=base.period
    ).exists():  # fmt: skip
        return package.template.parts
    return _periodic(base)


def _wholes() -> QuerySet[Package]:
    return Package.objects.filter(corrects=None).exclude(state="dropped")


def _periodic(package: Package) -> tuple[Section, ...]:
    return tuple(section for section in package.template.parts if section.kind in PERIODIC)
