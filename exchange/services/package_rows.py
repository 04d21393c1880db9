"""Rows into sealed parts of at most 500, and what they change of the rows that the recipient holds."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from exchange.models import Package, PackagePart
from exchange.queries.deltas import Held
from exchange.queries.packages import person_of
from exchange.queries.snapshots import BATCH
from exchange.rules.deltas import STANDING, change_row, removal_reason, removed_cells
from exchange.rules.packages import disputed_key, marked, row_digest
from exchange.rules.presets import Section
from exchange.services.package_marks import Marks
from exchange.terms import ChangeKind, ChangeReason, ListKind

K, R = ChangeKind, ChangeReason
Statuses = Callable[[Collection[UUID]], Mapping[UUID, str]]


class Writer:
    """A list keeps its own order. A correction writes only what changed; a whole package writes all, and who left."""

    def __init__(self, package: Package, held: Held | None) -> None:
        self.package, self.held, self.number, self.rows = package, held, 0, 0
        self.correcting = package.corrects_id is not None
        self.marks = Marks(package.pk, held.marks()) if held else None
        self.waiting: dict[tuple[ListKind, bool], list[tuple[str, list[str]]]] = defaultdict(list)
        self.unsure: dict[ListKind, list[tuple[str, list[str], str, bool]]] = defaultdict(list)
        self.told: Counter[str] = Counter()  # rows of each list as it stands now
        self.people: set[str] = set()  # whose objection holds

    def add(self, section: Section, key: str, cells: list[str], *, disputed: bool = False) -> None:
        kind = section.kind
        self.told[kind.value] += 1
        if disputed:
            self.people.add(key.partition("|")[0])
        if not self.correcting:
            self._put(kind, disputed_key(key) if disputed else key, cells, is_change=False)
        if self.marks is None:
            return
        digest = row_digest(marked(cells, disputed))
        self.marks.see(kind.value, key, digest)
        if self.correcting:
            self.unsure[kind].append((key, cells, digest, disputed))
            if len(self.unsure[kind]) >= BATCH:
                self._correct(kind)

    def _correct(self, kind: ListKind) -> None:
        """Of these rows those that the recipient does not hold, or holds otherwise."""
        rows = self.unsure.pop(kind, [])
        were = self.marks.were(kind.value, [key for key, _cells, _digest, _disputed in rows]) if self.marks else {}
        for key, cells, digest, disputed in rows:
            if were.get(key) == digest:
                continue
            change = change_row(K.CHANGED, R.CORRECTED, cells) if key in were else change_row(K.ADDED, R.LATE, cells)
            self._put(kind, disputed_key(key) if disputed else key, change, is_change=True)

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

    def close(self, sections: tuple[Section, ...], statuses: Statuses) -> None:
        """`statuses`: where those of these people stand who have a file in the county on the package's day."""
        for kind in list(self.unsure):
            self._correct(kind)
        for section in sections:
            if self.correcting or section.kind in STANDING:
                self._remove(section, statuses)
        for kind, is_change in list(self.waiting):
            if self.waiting[kind, is_change]:
                self._write(kind, is_change=is_change)

    def _remove(self, section: Section, statuses: Statuses) -> None:
        kind = section.kind.value
        if self.held is None or self.marks is None or not (gone := self.marks.gone(kind)):
            return
        told = next((part for part in self.held.base.template.parts if part.kind is section.kind), section)
        stands = statuses([person for key in gone if (person := person_of(key))])
        for key, cells in self.held.cells(kind, gone).items():
            by_item = dict(zip(told.items, cells, strict=True))  # the columns may be others than last time
            row = removed_cells(section.items, [by_item.get(item, "") for item in section.items])
            person = person_of(key)
            why = removal_reason(section.kind, stands.get(person)) if person else R.CORRECTED
            self._put(section.kind, key, change_row(K.REMOVED, why, row), is_change=True)

    def counts(self, sections: tuple[Section, ...]) -> dict[str, dict[str, int]]:
        """For the page: each list beside what the recipient holds."""
        found = {}
        for kind in (section.kind.value for section in sections):
            if self.marks is None:
                found[kind] = {"rows": self.told[kind]}
                continue
            found[kind] = self.marks.compared(kind)
            if self.correcting:
                said = found[kind]
                said["rows"] = said["new"] + said["gone"] + said["changed"]
        return found
