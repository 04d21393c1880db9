"""An .xlsx file from outside: looked at before anything is laid out, then read piece by piece.

Source: security T23. The reader (calamine) lays a whole sheet out in memory; a sheet of 100,000 rows is handed to it in
pieces of a few thousand, so that what an import needs does not grow with the file.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import python_calamine

from registry.rules.table import TableRefused

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 200
MOST_UNPACKED = 100 * 1024 * 1024
MOST_UNPACKED_FILE = 320 * 1024 * 1024  # commands only: 200,000 visits with every column are 290 MB of XML
MOST_RATIO = 100
MOST_ROWS = 200_000
MOST_COLUMNS = b"@GR"  # 200 columns, written as the spreadsheet does and padded
CHUNK = 1 << 20
PIECE = 4 << 20  # bytes of a sheet's XML that are laid out at a time
NOT_VALID = "这不是有效的 .xlsx 文件。请用表格软件重新另存。"
BROKEN = "表格打不开，文件可能已损坏。请用表格软件重新另存。"
LYING = "文件的目录与内容不一致，不像正常的表格。请用表格软件重新另存。"
TOO_FAR = "表格的行或列太多，或者很远的地方有多余内容。请删去多余内容，或分成几个文件。"


def check_workbook(content: bytes, most_unpacked: int = MOST_UNPACKED) -> None:
    """Refuse bombs, macros and links before anything is laid out. Raises: TableRefused. Source: security T23."""
    if len(content) > MOST_BYTES:
        raise TableRefused("文件超过 10 MB。请分成几个文件导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist(), most_unpacked)
            _check_contents(archive.infolist(), content, most_unpacked)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        if isinstance(error, TableRefused):
            raise
        raise TableRefused(NOT_VALID) from None


def _check_parts(parts: Sequence[zipfile.ZipInfo], most_unpacked: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MOST_PARTS or unpacked > most_unpacked or unpacked / packed > MOST_RATIO:
        raise TableRefused("文件解开后过大，不像正常的表格。请只保留数据，另存为新文件。")
    names = [part.filename.lower() for part in parts]
    if any(name.startswith(("/", "..")) or "/../" in name for name in names):
        raise TableRefused(NOT_VALID)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise TableRefused("文件里带有宏。请另存为不带宏的 .xlsx。")
    if any("externallinks/" in name for name in names):
        raise TableRefused("文件里带有指向其他文件的链接。请断开链接，另存后再导入。")


def _check_contents(parts: Sequence[zipfile.ZipInfo], content: bytes, most_unpacked: int) -> None:
    """The directory may lie: every part is unpacked as far as allowed, must be as large as it says, and holds no far
    cell. One value in the last cell of a sheet makes a grid of 17 thousand million cells.

    Source: security T23. The readers behind trust the sizes; a part that goes on behind its own end is refused here.
    """
    left = most_unpacked
    for part in parts:
        size, seal, tail = 0, 0, b""
        for chunk in _unpacked(part, content):
            size += len(chunk)
            if size > left:
                raise TableRefused(LYING)
            seal = zlib.crc32(chunk, seal)
            text = tail + chunk
            if _may_be_far(text) and _is_far(text):
                raise TableRefused(TOO_FAR)
            tail = text[-200:]
        if size != part.file_size:
            raise TableRefused(LYING)
        if seal != part.CRC:
            raise TableRefused(NOT_VALID)
        left -= size


def _unpacked(part: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    """The bytes of a part: they begin behind its local header, whose name and extra field may differ in length."""
    start = part.header_offset
    name, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
    begin = start + 30 + name + extra
    packed = memoryview(content)[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + CHUNK]) for at in range(0, len(packed), CHUNK))
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(part.compress_type)
    stream = zlib.decompressobj(-15)
    for at in range(0, len(packed), CHUNK // 8):
        waiting: bytes = bytes(packed[at : at + CHUNK // 8])
        while waiting and not stream.eof:
            out = stream.decompress(waiting, CHUNK)
            waiting = stream.unconsumed_tail
            if out:
                yield out
    while not stream.eof and (out := stream.decompress(b"", CHUNK)):
        yield out


# The place of a cell or the number of a row, whatever the element's prefix and wherever its sheet lies in the archive.
_PLACE = re.compile(rb" r ?= ?[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_BLANKS = re.compile(rb"\s+")
# The same as every spreadsheet writes it, and only beyond (or near) what is allowed: one fast look at 100 MB.
_UNUSUAL = (b"'", b"\n", b"\t", b"\r", b"\x0b", b"\x0c", b" =", b"= ")
_FAR_AS_USUAL = re.compile(rb' r="(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z]|[A-Z]{0,3}(?:[2-9][0-9]{5}|[0-9]{7}))')


def _may_be_far(text: bytes) -> bool:
    return any(mark in text for mark in _UNUSUAL) or _FAR_AS_USUAL.search(text) is not None


def _is_far(text: bytes) -> bool:
    return any(
        int(row) > MOST_ROWS or column.rjust(3, b"@") > MOST_COLUMNS
        for column, row in _PLACE.findall(_BLANKS.sub(b" ", text))
    )


def workbook_lines(content: bytes, most_unpacked: int = MOST_UNPACKED) -> Iterator[Sequence[Any]]:
    """The rows of the first sheet from its first line on, blank ones included. Raises: TableRefused."""
    check_workbook(content, most_unpacked)
    row = 0
    try:
        for piece in _pieces(content):
            sheet = python_calamine.load_workbook(io.BytesIO(piece)).get_sheet_by_index(0)
            if sheet.start is None:
                continue
            first, before = sheet.start
            if first < row:
                raise TableRefused(BROKEN)
            yield from repeat((), first - row)
            row = first
            for line in sheet.to_python(skip_empty_area=True):
                yield [""] * before + line if before else line
                row += 1
    except TableRefused:
        raise
    except Exception:  # a parser's own errors are many; the person needs one sentence
        raise TableRefused(BROKEN) from None


def _pieces(content: bytes) -> Iterator[bytes]:
    """The workbook, or, of a large one with a single sheet, one workbook after the other with some of its rows."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [p for p in archive.infolist() if p.filename.startswith("xl/worksheets/") and not p.is_dir()]
        sheets = [part for part in sheets if part.filename.endswith(".xml")]
        if len(sheets) != 1 or sheets[0].file_size <= PIECE:
            yield content
            return
        others = [(p.filename, archive.read(p)) for p in archive.infolist() if p is not sheets[0] and not p.is_dir()]
        most = max(PIECE, 2 * sum(len(body) for _name, body in others))  # shared words are read again for every piece
        with archive.open(sheets[0]) as stream:
            waiting = bytearray(stream.read(most))
            head, waiting = _head(waiting)
            if not head or not _is_numbered(waiting):
                yield content
                return
            while more := stream.read(CHUNK):
                waiting += more
                cut = waiting.rfind(b"</row>") + len(b"</row>")
                if len(waiting) >= most and cut > len(b"</row>"):
                    rows = waiting[:cut]
                    if not _is_numbered(rows):
                        raise TableRefused(BROKEN)
                    yield _workbook(others, sheets[0].filename, head + rows + b"</sheetData></worksheet>")
                    del waiting[:cut]
            if not _is_numbered(waiting):
                raise TableRefused(BROKEN)
            yield _workbook(others, sheets[0].filename, head + waiting)


def _head(text: bytearray) -> tuple[bytes, bytearray]:
    """Everything before the first row, and the rest; nothing where the sheet is written in another manner."""
    found = re.search(rb"<sheetData(?: [^>]*[^/>])?>", text)
    return (bytes(text[: found.end()]), text[found.end() :]) if found else (b"", text)


def _is_numbered(rows: bytes | bytearray) -> bool:
    """Every row says its number, so that a piece knows where it lies."""
    return rows.count(b"<row") == rows.count(b'<row r="')


def _workbook(others: Sequence[tuple[str, bytes]], name: str, sheet: bytes | bytearray) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for other, body in others:
            archive.writestr(other, body)
        archive.writestr(name, bytes(sheet))
    return out.getvalue()
