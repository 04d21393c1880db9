"""Files that an agency should not have sent: refused whole or row by row, in one sentence that says what to do.

Source: issue 4, Bad input and faults; security T17, T23. Numbers, same file twice and a wrong key: test_inbound.py.
"""

import io
import zipfile

import pyrage
import pytest
from openpyxl import Workbook

from accounts.refusals import Refused
from exchange.models import InboundList
from exchange.terms import InboundKind
from tests import factories
from tests.exchange.inbound import draft, stranger
from tests.exchange.test_platform import HEADER, export

K = InboundKind
pytestmark = pytest.mark.django_db


def by_police(lists, content, name="名册.xlsx", **more):
    args = (lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [])
    return draft(*args, content=content, name=name, **more)


def by_platform(lists, content, name="导出.xlsx"):
    office = lists["office"]
    return draft(office, office.agency, lists["county"], K.NATIONAL, [], content=content, name=name)


def workbook(rows, more=()):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more:
            archive.writestr(name, content)
    return out.getvalue()


def plain(header=("姓名", "身份证号")):
    return [list(header), ["甲", factories.id_number(serial=1)]]


WAYS = pytest.mark.parametrize(
    ("hand_in", "header"),
    [(by_police, ("姓名", "身份证号")), (by_platform, ("患者姓名", "身份证号码"))],
    ids=["agency", "platform"],
)


@WAYS
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            [("xl/worksheets/sheet9.xml", b" " * 157_000_000)],
            "文件解开后过大，不像正常的表格。请只保留数据，另存为新文件。",
        ),
        ([("xl/vbaProject.bin", b"x")], "文件里带有宏。请另存为不带宏的 .xlsx。"),
        ([("xl/externalLinks/externalLink1.xml", b"<x/>")], "文件里带有指向其他文件的链接。请断开链接，另存后再导入。"),
    ],
    ids=["157-MB", "macro", "link"],
)
def test_a_workbook_that_is_more_than_a_table_is_refused_in_one_sentence(lists, hand_in, header, more, sentence):
    content = workbook(plain(header), more)
    assert len(content) < 200_000
    with pytest.raises(Refused) as refused:
        hand_in(lists, content)
    assert (refused.value.message, refused.value.field) == (sentence, "file")
    assert not InboundList.objects.exists()


def test_a_sealed_bomb_is_refused_once_it_is_opened(lists, settings):
    identity = pyrage.x25519.Identity.generate()
    settings.EXCHANGE_IDENTITY = str(identity)
    bomb = workbook(plain(), [("xl/worksheets/sheet9.xml", b" " * 157_000_000)])
    with pytest.raises(Refused, match="文件解开后过大"):
        by_police(lists, pyrage.encrypt(bomb, [identity.to_public()]), name="名册.xlsx.age")


@WAYS
def test_a_macro_workbook_by_its_name_says_how_to_save_it(lists, hand_in, header):
    for name in ("名册.xlsm", "名册.xls", "名册.et"):
        with pytest.raises(Refused, match=r"只能导入 .xlsx 或 .csv 文件。请另存为其中一种"):
            hand_in(lists, workbook(plain(header)), name=name)


@WAYS
def test_a_formula_is_no_value_and_its_cell_is_named(lists, hand_in, header):
    rows = [*plain(header), ['=HYPERLINK("http://x")', factories.id_number(serial=2)]]
    found = hand_in(lists, workbook(rows))  # a real formula: nothing has worked it out, the cell says nothing
    assert [(one["row"], one["column"], one["reason"]) for one in found.refusals] == [(3, header[0], "不能为空。")]
    text = "\n".join(",".join(row) for row in [*plain(header), ["=1+1", factories.id_number(serial=2)]])
    found = hand_in(lists, text.encode(), name="a.csv")
    assert [(one["row"], one["column"]) for one in found.refusals] == [(3, header[0])]
    assert found.refusals[0]["reason"] == "像是公式，没有收。请写成文字或数字，不要用公式。"
    assert "1+1" not in str(InboundList.objects.values())  # what stood there is not kept in clear


def test_somebody_of_another_county_is_named_by_row_with_what_to_do(lists):
    rows = [stranger(), stranger("外县戊", 902, township="500242001")]
    found = draft(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, rows)
    (one,) = found.refusals
    assert (one["row"], one["column"]) == (3, "所属乡镇")
    assert one["reason"] == "不是本县的乡镇（街道）。外县人员请送当地；本县的请写乡镇名称或 9 位区划代码。"
    assert "外县戊" not in str(InboundList.objects.values())


def test_the_platforms_export_is_judged_like_any_list(lists, settings):
    """Wrong key, a flipped byte, an older number, the same file again, another county's township."""
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    settings.EXCHANGE_IDENTITY = str(identity)
    rows = [["甲", factories.id_number(serial=1), "", ""], ["外县戊", factories.id_number(serial=2), "", "500242001"]]
    text = "\n".join(",".join(row) for row in [HEADER, *rows]).encode()
    sealed = pyrage.encrypt(text, [identity.to_public()])
    flipped = sealed[:-3] + bytes([sealed[-3] ^ 1]) + sealed[-2:]
    for wrong in (pyrage.encrypt(text, [other.to_public()]), flipped):
        with pytest.raises(Refused, match=r"文件解不开：.*请用本县公布的公钥重新加密。"):
            by_platform(lists, wrong, name="导出.csv.age")
    first = export(lists, HEADER, rows)
    assert [(one["row"], one["column"]) for one in first.refusals] == [(3, "所属乡镇")]
    with pytest.raises(Refused, match="已经收到第 1 份，第 1 份是旧的。请核对份号"):
        export(lists, HEADER, [["乙", factories.id_number(serial=3), "", ""]])
    again = by_platform(lists, sealed, name="导出.csv.age")
    assert (again.uuid, InboundList.objects.count()) == (first.uuid, 1)
