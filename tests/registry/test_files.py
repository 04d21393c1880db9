"""Files that must not be opened, and files that are no table."""

import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from registry.rules.table import TableRefused
from registry.services import importing, workbooks
from tests.registry.sheets import row, write_xlsx


def workbook_with(tmp_path, parts):
    path = tmp_path / "x.xlsx"
    write_xlsx(path, [row()])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("parts", "says"),
    (
        pytest.param({"xl/vbaProject.bin": b"x"}, "宏", id="macro"),
        pytest.param({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "链接", id="external-link"),
        pytest.param({"xl/bomb.xml": b"0" * 150_000_000}, "过大", id="bomb"),
        pytest.param({f"xl/part{i}.xml": b"x" for i in range(210)}, "过大", id="many-parts"),
        pytest.param({"../x": b"x"}, "有效", id="slip"),
        pytest.param({"xl/worksheets/far.xml": b'<c r="XFD1048576"><v>1</v></c>'}, "太多", id="far-cell"),
        pytest.param({"xl/worksheets/far.xml": b'<x:c r="XFD1048576"/>'}, "太多", id="far-cell-with-a-prefix"),
        pytest.param({"xl/worksheets/far.xml": b'<row r="1048576"><c><v>1</v></c></row>'}, "太多", id="far-row"),
        pytest.param({"elsewhere/far.bin": b"<c\nr = 'XFD1048576'/>"}, "太多", id="far-cell-in-a-hidden-sheet"),
    ),
)
def test_a_workbook_that_is_not_only_a_table_is_refused(tmp_path, parts, says):
    with pytest.raises(TableRefused, match=says):
        importing.read_table(workbook_with(tmp_path, parts))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    (
        ("x.xlsx", b"PK not a zip", "有效"),
        ("x.xlsx", b"0" * (11 * 1024 * 1024), "10 MB"),
        ("x.csv", b"\xff\xfe\x00\xd8\x00", "编码"),
        ("x.csv", b"", "空的"),
        ("x.csv", '姓名\n"不成对'.encode(), "引号"),
        ("x.xls", b"x", ".xlsx"),
    ),
    ids=str,
)
def test_a_file_that_is_no_table_is_refused_in_words(name, content, says):
    with pytest.raises(TableRefused, match=says):
        importing.read_table(io.BytesIO(content), name=name)


def test_nul_bytes_are_refused_by_row_not_by_a_crash(world):
    table = importing.read_table(io.BytesIO("姓名,身份证号\n冉\x00华,1\n".encode()), name="x.csv")
    assert table.rows[0].cells["姓名"] == "冉\x00华"


@pytest.mark.parametrize("strange", [None, b"<row r='5'", b"<row><c"], ids=["usual", "quoted-otherwise", "unnumbered"])
def test_a_large_sheet_read_in_pieces_says_the_same(tmp_path, monkeypatch, strange):
    """Blank rows between, a table that does not begin in the first cell, numbers, days and text."""
    book = Workbook()
    for number in range(4, 600):
        if number % 7:
            book.active.cell(number, 2, f"第 {number} 行")
            book.active.cell(number, 3, number / 2)
            book.active.cell(number, 5, date(2026, 1, 1 + number % 28))
    path = tmp_path / "x.xlsx"
    book.save(path)
    if strange:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = re.sub(rb'<row r="5"[^>]*><c', strange + (b"><c" if b"'" in strange else b""), parts[sheet])
        with zipfile.ZipFile(path, "w") as archive:
            for name, body in parts.items():
                archive.writestr(name, body)
    content = path.read_bytes()
    whole = [[cell or None for cell in line] for line in workbooks.workbook_lines(content)]
    monkeypatch.setattr(workbooks, "PIECE", 700)
    monkeypatch.setattr(workbooks, "CHUNK", 4096)
    assert len(list(workbooks._pieces(content))) > 2 or strange
    pieces = [[cell or None for cell in line] for line in workbooks.workbook_lines(content)]
    width = max(map(len, whole))
    assert [line + [None] * (width - len(line)) for line in pieces] == [
        line + [None] * (width - len(line)) for line in whole
    ]
    assert len(whole) == 599
