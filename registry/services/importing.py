"""Shared import machinery: a file in, a report out. Used by every import command of every app.

A command does: `table = read_table(path)`, `check_columns(...)`, rows through its own pure rules, writes in blocks of
`BLOCK` rows, one transaction each (services/staging.py), then `write_report(...)` and prints `counts.line()`.
registry/services/patient_import.py and management/commands/import_patients.py show the whole shape.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import python_calamine
from django.db import transaction
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from registry.rules.table import Cell, Counts, RowRefusal, Table, TableRefused, make_table

BLOCK = 5_000
MOST_BYTES = 10 * 1024 * 1024
MOST_CSV_BYTES = 200 * 1024 * 1024  # commands only: a county's visits of ten years
MOST_PARTS = 200
MOST_UNPACKED = 100 * 1024 * 1024
MOST_UNPACKED_FILE = 320 * 1024 * 1024  # commands only: 200,000 visits with every column are 290 MB of XML
MOST_RATIO = 100
MOST_ROWS = 200_000
MOST_COLUMNS = b"@GR"  # 200 columns, written as the spreadsheet does and padded
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
        return make_table(_csv_grid(content))
    if name.lower().endswith(".xlsx"):
        return make_table(_xlsx_grid(content, most))
    raise TableRefused("只能导入 .xlsx 或 .csv 文件。请另存为其中一种再导入。")


def _csv_grid(content: bytes) -> list[list[Cell]]:
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
        return [list(line) for line in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        raise TableRefused("CSV 的引号不成对，读不下去。请用表格软件重新另存。") from None


def _xlsx_grid(content: bytes, most_unpacked: int) -> list[list[Cell]]:
    check_workbook(content, most_unpacked)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        return [[_cell(value) for value in line] for line in sheet.to_python(skip_empty_area=False)]
    except TableRefused:
        raise
    except Exception:  # a parser's own errors are many; the person needs one sentence
        raise TableRefused("表格打不开，文件可能已损坏。请用表格软件重新另存。") from None


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime | date | bool | float) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value) or None


def check_workbook(content: bytes, most_unpacked: int = MOST_UNPACKED) -> None:
    """Refuse bombs, macros and links before anything is unpacked. Raises: TableRefused. Source: security T23."""
    if len(content) > MOST_BYTES:
        raise TableRefused("文件超过 10 MB。请分成几个文件导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist(), most_unpacked)
            _check_sizes(archive, content, most_unpacked)
            _check_area(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        if isinstance(error, TableRefused):
            raise
        raise TableRefused("这不是有效的 .xlsx 文件。请用表格软件重新另存。") from None


def _check_parts(parts: Sequence[zipfile.ZipInfo], most_unpacked: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MOST_PARTS or unpacked > most_unpacked or unpacked / packed > MOST_RATIO:
        raise TableRefused("文件解开后过大，不像正常的表格。请只保留数据，另存为新文件。")
    names = [part.filename.lower() for part in parts]
    if any(name.startswith(("/", "..")) or "/../" in name for name in names):
        raise TableRefused("这不是有效的 .xlsx 文件。请用表格软件重新另存。")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise TableRefused("文件里带有宏。请另存为不带宏的 .xlsx。")
    if any("externallinks/" in name for name in names):
        raise TableRefused("文件里带有指向其他文件的链接。请断开链接，另存后再导入。")


def _check_sizes(archive: zipfile.ZipFile, content: bytes, most_unpacked: int) -> None:
    """The directory may lie: every part is unpacked as far as allowed, and must be as large as it says.

    Source: security T23. The readers behind trust the sizes; a part that goes on behind its own end is refused here.
    """
    left = most_unpacked
    for part in archive.infolist():
        stored = part.compress_type == zipfile.ZIP_STORED
        size = part.compress_size if stored else _inflated(_packed(part, content), left)
        if size != part.file_size or size > left:
            raise TableRefused("文件的目录与内容不一致，不像正常的表格。请用表格软件重新另存。")
        left -= size


def _packed(part: zipfile.ZipInfo, content: bytes) -> memoryview:
    """The bytes of a part: they begin behind its local header, whose name and extra field may differ in length."""
    start = part.header_offset
    name, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
    begin = start + 30 + name + extra
    return memoryview(content)[begin : begin + part.compress_size]


def _inflated(packed: memoryview, most: int) -> int:
    """How many bytes come out, counted up to one more than `most`."""
    stream, total, waiting = zlib.decompressobj(-15), 0, bytes(packed)
    while total <= most and not stream.eof:
        out = stream.decompress(waiting, 1 << 20)
        waiting = stream.unconsumed_tail
        total += len(out)
        if not out and not waiting:
            break
    return total


# The place of a cell or the number of a row, whatever the element's prefix and wherever its sheet lies in the archive.
_PLACE = re.compile(rb" r ?= ?[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_BLANKS = re.compile(rb"\s+")


def _check_area(archive: zipfile.ZipFile) -> None:
    """One value in the last cell of the sheet makes a grid of 17 thousand million cells: look before it is laid out."""
    for part in archive.infolist():
        last_row, last_column, tail = 0, b"", b""
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 20):
                text = _BLANKS.sub(b" ", tail + chunk)
                for column, row in _PLACE.findall(text):
                    last_row = max(last_row, int(row))
                    last_column = max(last_column, column.rjust(3, b"@"))
                tail = text[-200:]
        if last_row > MOST_ROWS or last_column > MOST_COLUMNS:
            raise TableRefused("表格的行或列太多，或者很远的地方有多余内容。请删去多余内容，或分成几个文件。")


def as_text(value: object) -> str:
    """Text for a cell of a workbook that we hand out: a formula stays text, control characters fall away."""
    text = "".join(c for c in str(value) if c >= " " or c == "\n")
    return f"'{text}" if text.startswith(FORMULA_START) else text


def write_report(path: Path, refusals: Iterable[RowRefusal]) -> None:
    """Row, column, value and reason of everything refused or remarked, as .xlsx."""
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
