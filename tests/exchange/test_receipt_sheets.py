"""A receipt sheet: taken whole or not at all, whatever table it is."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from exchange.rules.receipts import ISSUE, issue_mark, serial_of
from exchange.services.receiving import ReceiptRefused, read_file
from exchange.terms import ReceiptWay
from tests.exchange.conftest import as_partner
from tests.exchange.test_packages import house
from tests.exchange.test_receipts import mine, say, sent

__all__ = ["house", "sent"]


def sheet(rows, name="r.csv") -> SimpleUploadedFile:
    if name.endswith(".xlsx"):
        book, out = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(out)
        return SimpleUploadedFile(name, out.getvalue())
    return SimpleUploadedFile(name, "\r\n".join(",".join(row) for row in rows).encode())


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx"])
def test_a_sheet_is_taken_whole_or_not_at_all(sent, name):
    officer, uuid = sent["officer"], sent["package"].uuid
    head, mark = ["行号", "结果", "退回原因", "说明", ISSUE], issue_mark(timezone.now())
    good = [
        head,
        [serial_of(uuid, 1), "一致", "", "", mark],
        [serial_of(uuid, 2), "退回", "查无此人", "号码不符", mark],
    ]
    bad = [*good, [serial_of(uuid, 9), "一致", "", "", mark]]
    with as_partner(officer):
        with pytest.raises(ReceiptRefused) as refused:
            read_file(package=mine(officer), file=sheet(bad, name), name=name)
        assert [one.line for one in refused.value.wrong] == [4]
        assert mine(officer).pending == 2
        said = read_file(package=mine(officer), file=sheet(good, name), name=name).said
    assert say(officer, *said, way=ReceiptWay.FILE)
    with as_partner(officer):
        assert (mine(officer).matched, mine(officer).refused, mine(officer).pending) == (1, 1, 0)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\x00\x01", "r.xlsx", ""),
        (b"a,b\n1,2", "r.csv", "不是回执表"),
        ("行号,结果,填表编号\n".encode(), "r.csv", "没有一行填了结果"),
        (b"x", "r.pdf", "只能导入"),
    ],
)
def test_a_sheet_that_is_none_is_refused_in_words(sent, content, name, words):
    with as_partner(sent["officer"]), pytest.raises(ReceiptRefused) as refused:
        read_file(package=mine(sent["officer"]), file=SimpleUploadedFile(name, content), name=name)
    assert words in refused.value.wrong[0].sentence
