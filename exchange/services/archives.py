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
from hashlib import sha256
from typing import IO, cast

from exchange.models import Package
from exchange.queries.packages import rows_of
from exchange.rules.items import header
from exchange.rules.packages import DISPUTED, is_disputed_key
from exchange.rules.presets import Section
from exchange.rules.receipts import WITHOUT_SERIAL
from exchange.services.letters import make_letter, moment_of
from exchange.services.workbooks import Sheet, entry, write_workbook
from exchange.terms import ListKind
from registry.services.importing import as_text

MARKS = ("行号", "异议")  # before the template's columns, in every list about people

Rows = Callable[[str], Iterator[tuple[str, list[str]]]]


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


def contents_of(package: Package) -> Contents:
    return Contents(
        number=package.uuid.hex[:12], stem=f"{package.period}-{package.situation}", agency=package.agency.name,
        at=moment_of(package), sections=package.template.parts, letter=make_letter(package),
        rows=lambda kind: rows_of(package, kind),
    )  # fmt: skip


def write_archive(package: Package, out: IO[bytes] | None = None) -> str:
    """Its SHA-256. In the reach of whoever calls."""
    return write_contents(contents_of(package), out)


def write_contents(said: Contents, out: IO[bytes] | None = None) -> str:
    hashed, firsts, next_one = Hashed(out), dict[ListKind, int](), 1
    with zipfile.ZipFile(cast("IO[bytes]", hashed), "w", zipfile.ZIP_DEFLATED) as archive:
        for section in said.sections:
            firsts[section.kind] = next_one
            with archive.open(entry(f"{said.stem}-{section.kind.value}.csv", said.at), "w") as raw:
                rows = _csv(said, section, raw, next_one)
            next_one += 0 if section.kind in WITHOUT_SERIAL else rows
        with archive.open(entry(f"{said.stem}.xlsx", said.at), "w") as raw:
            footer = f"{said.agency}  {said.stem}  {said.number}"
            sheets = [Sheet(part.kind.label, _lines(said, part, firsts[part.kind]), footer) for part in said.sections]
            write_workbook(raw, sheets, said.at)
        archive.writestr(entry("交换函.pdf", said.at), said.letter)
    return hashed.digest()


def _lines(said: Contents, section: Section, first: int) -> Iterator[list[str]]:
    """Header row, then every row; no cell can start a formula. Source: security T20.

    Rows about people begin with their 行号, by which a receipt names them, and the mark of an objection. 行号 run on
    through the lists (`first`). Source: issue 4, Build 5 and 9.
    """
    heads = [header(item) for item in section.items]
    numbered = section.kind not in WITHOUT_SERIAL
    yield [*MARKS, *heads] if numbered else heads
    for number, (key, cells) in enumerate(said.rows(section.kind.value), first):
        texts = [as_text(cell) for cell in cells]
        mark = DISPUTED if is_disputed_key(key) else ""
        yield [f"{said.number[:8].upper()}-{number:05d}", mark, *texts] if numbered else texts


def _csv(said: Contents, section: Section, raw: IO[bytes], first: int) -> int:
    """How many rows."""
    text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    rows = -1  # the head is none
    for line in _lines(said, section, first):
        writer.writerow(line)
        rows += 1
    text.detach()
    return rows
