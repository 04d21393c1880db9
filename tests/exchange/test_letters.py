"""What goes into the archive: a letter and a workbook that are the same bytes each time, and nothing on the disk."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import time_machine
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from exchange.services.letters import make_letter
from exchange.services.workbooks import Sheet, write_workbook
from tests.exchange.test_packages import archive, house, made, signed

__all__ = ["house"]
AT = datetime(2026, 10, 9, 1, 30, tzinfo=UTC)
HEAD = ["姓名", "住址"]
ROWS = [["甲 & 乙", "三组<5>号"], ["丙", ""], [" 丁\x0b", "'=1+1"]]


def book(rows=ROWS, name="名单"):
    out = io.BytesIO()
    write_workbook(out, [Sheet(name, iter([HEAD, *rows]), "县公安局 2026Q3 & 附"), Sheet("空", iter([HEAD]), "")], AT)
    return out.getvalue()


def test_a_workbook_says_what_it_was_given_and_nothing_runs():
    sheets = load_workbook(io.BytesIO(book()))
    assert sheets.sheetnames == ["名单", "空"]
    sheet = sheets["名单"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        HEAD, ["甲 & 乙", "三组<5>号"], ["丙", None], [" 丁", "'=1+1"],
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet["A1"].font.b) == ("A2", "$1:$1", True)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.oddFooter.center.text.startswith("县公安局 2026Q3 && 附")


def test_a_workbook_is_the_same_bytes_at_any_hour():
    first = book()
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert book() == first


def test_a_sheets_name_is_one_that_every_program_takes():
    assert load_workbook(io.BytesIO(book(name="a[1]:b*?/\\'" + "长" * 40))).sheetnames[0] == "a 1  b     " + "长" * 20


def test_a_wide_workbook_has_its_columns():
    out = io.BytesIO()
    head = [str(one) for one in range(60)]
    write_workbook(out, [Sheet("x", iter([head, head]), "")], AT)
    assert [cell.value for cell in list(load_workbook(out)["x"].iter_rows())[1]] == head


def test_the_letter_is_a_page_with_the_releases_day_and_no_name(house):
    package = signed(house, made(house))
    first = make_letter(package)
    with time_machine.travel(timezone.now() + timedelta(days=50)):
        assert make_letter(package) == first
    pdf = PdfReader(io.BytesIO(first))
    text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert len(pdf.pages) == 1
    day = timezone.localtime(package.released_at)
    for said in (
        "信息交换函",
        package.agency.name,
        f"{day:%Y年%-m月%-d日}",
        package.template.agreement,
        "三级及以上人员",
    ):
        assert said in text
    assert package.content_sha256[:32] in text
    assert "高危甲" not in text


def test_the_archive_holds_the_letter_and_leaves_nothing_on_the_disk(house, tmp_path, monkeypatch, pdf_in_a_child):
    package = made(house)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    content = archive(package)
    assert list(tmp_path.iterdir()) == []
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert files.testzip() is None
        assert files.read("交换函.pdf").startswith(b"%PDF-")
        assert [name for name in files.namelist() if "精神" in name or "患者" in name] == []
