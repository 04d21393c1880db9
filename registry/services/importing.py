"""Shared import machinery: a file in, a report out. Used by every import command of every app.

A command does: `table = read_table(path)`, `check_columns(...)`, rows through its own pure rules, writes in blocks of
`BLOCK` rows, one transaction each (services/staging.py), then `write_report(...)` and prints `counts.line()`.
registry/services/patient_import.py and management/commands/import_patients.py show the whole shape.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from django.db import transaction

from registry.rules.table import Counts, RowRefusal, Table, TableRefused, make_table
from registry.services.workbooks import MOST_UNPACKED, MOST_UNPACKED_FILE, workbook_lines

BLOCK = 5_000
MOST_CSV_BYTES = 200 * 1024 * 1024  # commands only: a county's visits of ten years
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\x00")
T = TypeVar("T")


@dataclass
class ImportResult:
    """What an import did. `refusals` holds the cells refused and the remarks on rows that are in."""

    counts: Counts = field(default_factory=Counts)
    refusals: list[RowRefusal] = field(default_factory=list)

    def refuse(self, problems: Sequence[RowRefusal]) -> None:
        """One row out, with everything that is wrong in it."""
        self.counts.refused += 1
        self.refusals.extend(problems)

    @property
    def parted(self) -> tuple[list[RowRefusal], list[RowRefusal]]:
        """Cells of rows that stay out, and remarks on rows that are in; both from the first row down."""
        ordered = sorted(self.refusals, key=lambda one: one.row)  # as the file has them, whichever check found them
        return [one for one in ordered if not one.remark], [one for one in ordered if one.remark]

    def add(self, other: "ImportResult") -> None:
        """What another part of the same file came to."""
        for name in ("created", "updated", "unchanged", "refused"):
            setattr(self.counts, name, getattr(self.counts, name) + getattr(other.counts, name))
        self.refusals.extend(other.refusals)


def read_table(source: Path | str | BinaryIO, *, name: str = "") -> Table:
    """Read an .xlsx or .csv file into a table. Raises: TableRefused.

    Source: import files of the outside contract; security T23. CSV may be UTF-8 with or without BOM, or GB18030.
    """
    if isinstance(source, Path | str):
        path = Path(source)
        if not path.is_file():
            raise TableRefused(f"找不到文件 {path.name}。请核对文件的位置。")
        content, name, most = path.read_bytes(), path.name, MOST_UNPACKED_FILE
    else:
        content, most = source.read(), MOST_UNPACKED
    if name.lower().endswith(".csv"):
        return make_table(_csv_lines(content))
    if name.lower().endswith(".xlsx"):
        return make_table(workbook_lines(content, most))
    raise TableRefused("只能导入 .xlsx 或 .csv 文件。请另存为其中一种再导入。")


def _csv_lines(content: bytes) -> Iterator[Sequence[str]]:
    if len(content) > MOST_CSV_BYTES:
        raise TableRefused("文件太大。请分成几个文件导入。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableRefused("文件的编码不认识。请另存为“CSV UTF-8”再导入。")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        raise TableRefused("CSV 的引号不成对，读不下去。请用表格软件重新另存。") from None


_UNFIT = re.compile(r"(?:^|\n)[=+\-@]|[\x00-\x09\x0b-\x1f]")


def are_plain(texts: Iterable[str]) -> bool:
    """Whether as_text() would leave every one of them as it is; asked once for a whole row."""
    return _UNFIT.search("\n".join(texts)) is None


def as_text(value: object) -> str:
    """Text for a cell of a workbook that we hand out: a formula stays text, control characters fall away."""
    text = "".join(c for c in str(value) if c >= " " or c == "\n")
    return f"'{text}" if text.startswith(FORMULA_START) else text


def write_report(path: Path, refusals: Iterable[RowRefusal]) -> None:
    """Row, column, value and reason of everything refused or remarked, as .xlsx."""
    from openpyxl import Workbook  # asked for here: to load it costs an import as much as 3,000 rows
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("导入结果")
    sheet.append(["行号", "列", "值", "原因", "结果"])
    for refusal in sorted(refusals, key=lambda r: r.row):
        line: list[Any] = [refusal.row]
        for text in (refusal.column, refusal.value, refusal.reason, "已导入，请核对" if refusal.remark else "未导入"):
            cell = WriteOnlyCell(sheet, as_text(text))
            cell.data_type = "s"
            line.append(cell)
        sheet.append(line)
    book.save(path)


def blocks(rows: Sequence[T], size: int = BLOCK) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class _DryRun(Exception):
    """Carries nothing: its only work is to roll the block back."""


def in_block(work: Callable[[], None], *, dry_run: bool) -> None:
    """Run `work()` in one transaction; a dry run does everything and then takes it back."""
    try:
        with transaction.atomic():
            work()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
