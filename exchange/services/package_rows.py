"""Rows into sealed parts of at most 500, and what they change of the rows that the recipient holds."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from exchange.models import Package, PackagePart
from exchange.queries.deltas import Held
from exchange.queries.packages import person_of
from exchange.queries.snapshots import BATCH
from exchange.rules.deltas import STANDING, change_row, difference, removal_reason, removed_cells
from exchange.rules.packages import compared, disputed_key, marked, row_digest
from exchange.rules.presets import Section
from exchange.terms import ChangeKind, ChangeReason, ListKind

K, R = ChangeKind, ChangeReason


class Writer:
    """A list keeps its own order. A correction writes only what changed; a whole package writes all, and who left."""

    def __init__(self, package: Package, held: Held | None) -> None:
        self.package, self.held, self.number, self.rows = package, held, 0, 0
        self.correcting = package.corrects_id is not None
        self.before = held.digests() if held else None
        self.waiting: dict[tuple[ListKind, bool], list[tuple[str, list[str]]]] = defaultdict(list)
        self.told: Counter[str] = Counter()  # rows of each list as it stands now
        self.digests: dict[str, dict[str, str]] = defaultdict(dict)  # only where there are earlier ones
        self.people: set[str] = set()  # whose objection holds

    def add(self, section: Section, key: str, cells: list[str], *, disputed: bool = False) -> None:
        kind = section.kind.value
        self.told[kind] += 1
        digest = ""
        if self.before is not None:
            digest = self.digests[kind][key] = row_digest(marked(cells, disputed))
        was = (self.before or {}).get(kind, {}).get(key)
        if disputed:
            self.people.add(key.partition("|")[0])
            key = disputed_key(key)
        if not self.correcting:
            self._put(section.kind, key, cells, is_change=False)
            return
        if was is None:
            self._put(section.kind, key, change_row(K.ADDED, R.LATE, cells), is_change=True)
        elif was != digest:
            self._put(section.kind, key, change_row(K.CHANGED, R.CORRECTED, cells), is_change=True)

    def _put(self, kind: ListKind, key: str, cells: list[str], *, is_change: bool) -> None:
        waiting = self.waiting[kind, is_change]
        waiting.append((key, cells))
        self.rows += 1
        if len(waiting) >= BATCH:
            self._write(kind, is_change=is_change)

    def _write(self, kind: ListKind, *, is_change: bool) -> None:
        self.number += 1
        PackagePart.objects.create(
            package=self.package, county=self.package.county, number=self.number, list=kind, is_change=is_change,
            content=self.waiting[kind, is_change],
        )  # fmt: skip
        self.waiting[kind, is_change] = []

    def close(self, sections: tuple[Section, ...], statuses: Mapping[UUID, str]) -> None:
        """`statuses`: where everybody with a file in the county stands on the package's day."""
        for section in sections:
            if self.correcting or section.kind in STANDING:
                self._remove(section, statuses)
        for kind, is_change in list(self.waiting):
            if self.waiting[kind, is_change]:
                self._write(kind, is_change=is_change)

    def _remove(self, section: Section, statuses: Mapping[UUID, str]) -> None:
        kind = section.kind.value
        gone = difference(self.digests.get(kind, {}), (self.before or {}).get(kind, {})).gone
        if not gone or self.held is None:
            return
        told = next((part for part in self.held.base.template.parts if part.kind is section.kind), section)
        for key, cells in self.held.cells(kind, gone).items():
            by_item = dict(zip(told.items, cells, strict=True))  # the columns may be others than last time
            row = removed_cells(section.items, [by_item.get(item, "") for item in section.items])
            person = person_of(key)
            why = removal_reason(statuses.get(person)) if person else R.CORRECTED
            self._put(section.kind, key, change_row(K.REMOVED, why, row), is_change=True)

    def counts(self, sections: tuple[Section, ...]) -> dict[str, dict[str, int]]:
        """For the page: each list beside what the recipient holds."""
        found = {}
        for kind in (section.kind.value for section in sections):
            if self.before is None:
                found[kind] = {"rows": self.told[kind]}
                continue
            found[kind] = compared(self.digests.get(kind, {}), self.before.get(kind, {}))
            if self.correcting:
                said = found[kind]
                said["rows"] = said["new"] + said["gone"] + said["changed"]
        return found
