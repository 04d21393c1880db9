"""The plain archive of a package: CSV and workbook per its lists, the letter; the same bytes on every re-run.

It is a stream: rows come out of their seals a part at a time and go into the archive, and nothing of it waits in a
file. Where it goes is the caller's: into a hash, into the cipher of the recipient, or (a command) into a directory.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import IO, cast

from exchange.models import Package, PackageLetter
from exchange.queries.packages import rows_of
from exchange.rules.delivery import stem_of
from exchange.rules.deltas import HEADS
from exchange.rules.items import header
from exchange.rules.packages import DISPUTED, is_disputed_key
from exchange.rules.presets import Section
from exchange.rules.receipts import WITHOUT_SERIAL
from exchange.services.letters import make_letter, moment_of
from exchange.services.workbooks import PIECE, Sheet, entry, write_workbook
from registry.services.importing import are_plain, as_text

MARKS = ("行号", "异议")  # before the template's columns, in every list about people
SMALL = 10_000  # rows of a package that is read once and held while both files are written

Rows = Callable[[str, bool], Iterator[tuple[str, list[str]]]]


@dataclass(frozen=True)
class Contents:
    """All that an archive is made from, whoever reads it: the county's side or the recipient's."""

    number: str
    stem: str
    agency: str
    at: datetime
    sections: tuple[Section, ...]
    letter: bytes
    rows: Rows
    is_correction: bool = False

    def tables(self) -> list["Table"]:
        """Each list, and beside it what it changes of the rows that the recipient holds, where there is any."""
        found = []
        for section in self.sections:
            if not self.is_correction:
                found.append(Table(section, is_change=False, is_told=True))
            if next(self.rows(section.kind.value, True), None) is not None:
                found.append(Table(section, is_change=True, is_told=self.is_correction))
        return found


@dataclass(frozen=True)
class Table:
    section: Section
    is_change: bool
    is_told: bool  # its rows are what the recipient gives a receipt for

    @property
    def name(self) -> str:
        kind = self.section.kind.value
        return f"{kind}-changes" if self.is_change else kind

    @property
    def label(self) -> str:
        label = str(self.section.kind.label)
        return f"{label[:26]}（变动）" if self.is_change else label

    @property
    def is_numbered(self) -> bool:
        return self.is_told and self.section.kind not in WITHOUT_SERIAL

    @property
    def head(self) -> list[str]:
        before = MARKS if self.is_numbered else MARKS[1:] if self.is_change else ()
        return [*before, *(HEADS if self.is_change else ()), *(header(item) for item in self.section.items)]


class Hashed(io.RawIOBase):
    """A way through that cannot go back: what passes is counted in, so that no copy is needed to know its digest."""

    def __init__(self, out: IO[bytes] | None = None) -> None:
        self.out, self.found, self.size = out, sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, block: object) -> int:
        plain = bytes(cast("bytes", block))
        self.found.update(plain)
        self.size += len(plain)
        if self.out is not None:
            self.out.write(plain)
        return len(plain)

    def digest(self) -> str:
        return self.found.hexdigest()


def contents_of(package: Package, *, letter: bytes | None = None) -> Contents:
    """`letter`: another than the package's own."""
    return Contents(
        number=package.uuid.hex[:12], stem=stem_of(package.period, package.situation, package.version), agency=package.agency.name,
        at=moment_of(package), sections=package.template.parts, letter=letter_of(package) if letter is None else letter,
        rows=_held(package) if package.rows <= SMALL else lambda kind, is_change: rows_of(package, kind, is_change),
        is_correction=package.corrects_id is not None,
    )  # fmt: skip


def _held(package: Package) -> Rows:
    """Each list opened once, for the plain file and the workbook."""

    @cache
    def rows(kind: str, is_change: bool) -> list[tuple[str, list[str]]]:
        return list(rows_of(package, kind, is_change))

    return lambda kind, is_change: iter(rows(kind, is_change))


def letter_of(package: Package) -> bytes:
    """As it was sent; before the release as it would be."""
    kept = PackageLetter.objects.filter(package=package).first()
    return make_letter(package) if kept is None else bytes(kept.content)


def write_archive(package: Package, out: IO[bytes] | None = None) -> str:
    """Its SHA-256. In the reach of whoever calls."""
    return write_contents(contents_of(package), out)


def write_contents(said: Contents, out: IO[bytes] | None = None) -> str:
    hashed, firsts, next_one = Hashed(out), dict[Table, int](), 1
    with zipfile.ZipFile(cast("IO[bytes]", hashed), "w", zipfile.ZIP_DEFLATED) as archive:
        tables = said.tables()
        for table in tables:
            firsts[table] = next_one
            with archive.open(entry(f"{said.stem}-{table.name}.csv", said.at), "w") as raw:
                rows = _csv(said, table, raw, next_one)
            next_one += rows if table.is_numbered else 0
        with archive.open(entry(f"{said.stem}.xlsx", said.at), "w") as raw:
            footer = f"{said.agency}  {said.stem}  {said.number}"
            sheets = [Sheet(table.label, _lines(said, table, firsts[table]), footer) for table in tables]
            write_workbook(raw, sheets, said.at)
        archive.writestr(entry("交换函.pdf", said.at), said.letter)
    return hashed.digest()


def _lines(said: Contents, table: Table, first: int) -> Iterator[list[str]]:
    """Header row, then every row; no cell can start a formula. Source: security T20.

    Rows about people begin with their 行号, by which a receipt names them, and the mark of an objection. 行号 run on
    through the lists (`first`); of a whole package the removals have none: there is nothing to match.
    Source: issue 4, Build 5 and 9.
    """
    yield table.head
    rows = said.rows(table.section.kind.value, table.is_change)
    for number, (key, cells) in enumerate(rows, first):
        texts = cells if are_plain(cells) else [as_text(cell) for cell in cells]
        mark = DISPUTED if is_disputed_key(key) else ""
        if table.is_numbered:
            yield [f"{said.number[:8].upper()}-{number:05d}", mark, *texts]
        else:
            yield [mark, *texts] if table.is_change else texts


def _csv(said: Contents, table: Table, raw: IO[bytes], first: int) -> int:
    """How many rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    rows = -1  # the head is none
    for line in _lines(said, table, first):
        writer.writerow(line)
        rows += 1
        if text.tell() >= PIECE:
            raw.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    raw.write(text.getvalue().encode())
    return rows
