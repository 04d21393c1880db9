"""回执: whatever an office says, in whatever order, sent = matched + unmatched + refused + pending."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from accounts.models import Assignment
from accounts.refusals import NotHere, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.doors import own_package
from exchange.models import MyPackage, PackageClosing, PackageReceipt, PackageReceiptRow, PackageRefusal
from exchange.queries.package_receipts import balance_of, my_package, said_of
from exchange.rules.receipts import (
    ISSUE,
    Balance,
    Said,
    list_of,
    read_lines,
    sent_rows,
    serial_of,
    wrong_columns,
)
from exchange.services.receiving import (
    ReceiptClosed,
    ReceiptFormUsed,
    accept_all,
    send_receipt,
)
from exchange.services.refusals import check_refusal, close_package, follow_refusals, settle_refusal
from exchange.terms import ReceiptWay, RowVerdict
from tests import factories
from tests.exchange.conftest import as_partner, client_of
from tests.exchange.test_packages import archive, house, made, signed, text_of  # noqa: F401 - the fixture

V = RowVerdict

# the rules


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(list(RowVerdict))), max_size=40), st.integers(30, 60))
def test_the_sum_comes_out_by_construction(said, sent):
    newest = dict(said)
    balance = Balance.of(sent, newest)
    assert balance.sent == balance.matched + balance.unmatched + balance.refused + balance.pending
    assert balance.pending == sent - len(newest) >= 0


def test_rows_of_totals_have_no_serial_and_a_serial_knows_its_list():
    lists = [("high_risk", 2), ("totals", 3), ("new", 1)]
    assert sent_rows(lists) == 3
    assert [list_of(lists, number) for number in (1, 2, 3)] == [("high_risk", 0), ("high_risk", 1), ("new", 0)]
    for wrong in (0, 4):
        with pytest.raises(ValueError, match=str(wrong)):
            list_of(lists, wrong)


PACKAGE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"serial": "", "verdict": "一致"}, "没有填行号"),
        ({"serial": "17", "verdict": "一致"}, "不像行号"),
        ({"serial": serial_of(PACKAGE, 4), "verdict": "一致"}, "不在这个包里"),
        ({"serial": serial_of(PACKAGE, 0), "verdict": "一致"}, "不在这个包里"),
        ({"serial": serial_of(OTHER, 1), "verdict": "一致"}, "属于另一个包：2026年第3季度"),
        ({"serial": serial_of(uuid4(), 1), "verdict": "一致"}, "不在发给本单位的包里"),
        ({"serial": serial_of(PACKAGE, 1), "verdict": ""}, "没有填结果"),
        ({"serial": serial_of(PACKAGE, 1), "verdict": "好"}, "不认识"),
        ({"serial": serial_of(PACKAGE, 1), "verdict": "退回"}, "退回要有原因"),
        ({"serial": serial_of(PACKAGE, 1), "verdict": "一致", "because": "查无此人"}, "只有退回的行"),
        ({"serial": serial_of(PACKAGE, 1), "verdict": "退回", "because": "查无此人", "note": "长" * 101}, "100 个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(cells, words):
    good = {"serial": serial_of(PACKAGE, 2), "verdict": "对不上"}
    prefix = OTHER.hex[:8].upper()
    found = read_lines([(2, good), (3, cells)], package=PACKAGE, sent=3, others={prefix: "2026年第3季度"})
    assert found.said == []
    assert [one.line for one in found.wrong] == [3]
    assert words in found.wrong[0].sentence


def test_a_row_named_twice_and_an_empty_receipt_are_refused():
    line = {"serial": serial_of(PACKAGE, 1), "verdict": "matched"}
    found = read_lines([(2, line), (3, line)], package=PACKAGE, sent=3, others={})
    assert "第 2 行已经有了" in found.wrong[0].sentence
    assert read_lines([], package=PACKAGE, sent=3, others={}).wrong


def test_a_sheet_of_another_kind_is_refused_by_its_columns():
    assert wrong_columns(["行号", "结果", "退回原因", "说明", ISSUE]) == ""
    assert wrong_columns(["行号", "结果", ISSUE]) == ""
    assert "缺少“结果”“填表编号”列" in wrong_columns(["行号"])
    assert "不该有“姓名”列" in wrong_columns(["行号", "结果", ISSUE, "姓名"])


# a package of the county's police


@pytest.fixture
def sent(house):  # noqa: F811
    """The package released, and the officer of the police of the county who receives it."""
    package = signed(house, made(house))
    officer = factories.make_user(Role.COUNTY_POLICE, house["county"], package.agency)
    Assignment.objects.update(ends_on=None)
    return {**house, "package": package, "officer": officer}


def mine(officer) -> MyPackage:
    found = my_package([officer.agency_id], MyPackage.objects.get().uuid)
    assert found is not None
    return found


def say(officer, *said, form=None, way=ReceiptWay.ROWS):
    with as_partner(officer):
        return send_receipt(package=mine(officer), said=said, way=way, form_id=form or uuid4(), by=officer)


def test_the_file_carries_the_serials_and_totals_do_not(sent):
    text = text_of(archive(sent["package"]))
    assert serial_of(sent["package"].uuid, 1) in text
    assert serial_of(sent["package"].uuid, 2) in text
    assert serial_of(sent["package"].uuid, 3) not in text
    with as_partner(sent["officer"]):
        row = mine(sent["officer"])
        assert (row.sent, row.pending, row.receipts) == (2, 2, 0)


def test_one_press_then_a_correction_keeps_the_earlier(sent):
    officer = sent["officer"]
    with as_partner(officer):
        assert accept_all(package=mine(officer), form_id=uuid4(), by=officer)
        assert not accept_all(package=mine(officer), form_id=uuid4(), by=officer)
    assert say(officer, Said(2, V.REFUSED, "facts", "出生日期不对"))
    with scope(counties=[sent["county"].pk]):
        assert [(r.number, r.matched, r.refused, r.pending) for r in PackageReceipt.objects.order_by("number")] == [
            (1, 2, 0, 0), (2, 1, 1, 0),
        ]  # fmt: skip
        rows = list(PackageReceiptRow.objects.filter(serial=2).order_by("receipt__number"))
        assert [row.verdict for row in rows] == ["matched", "refused"]
        assert rows[1].note == "出生日期不对"
    assert balance_of(sent["package"]).refused == 1


def test_the_same_receipt_twice_counts_once_and_a_form_belongs_to_its_receipt(sent):
    officer, form = sent["officer"], uuid4()
    assert say(officer, Said(1, V.UNMATCHED), form=form)
    assert not say(officer, Said(1, V.UNMATCHED), form=form)
    assert not say(officer, Said(1, V.UNMATCHED))
    with pytest.raises(ReceiptFormUsed):
        say(officer, Said(2, V.UNMATCHED), form=form)
    assert PackageReceipt.objects.count() == 1


def test_another_office_and_nobody_see_the_same(sent):
    office = factories.make_agency(AgencyKind.POLITICAL_LEGAL, sent["county"])
    stranger = factories.make_user(Role.COUNTY_POLITICAL_LEGAL, sent["county"], office)
    Assignment.objects.update(ends_on=None)
    with as_partner(stranger):
        assert not MyPackage.objects.exists()
        for number in (sent["package"].uuid, uuid4()):
            with pytest.raises(NotHere):
                own_package(stranger, number)
    with as_partner(sent["officer"]):
        package = mine(sent["officer"])
    with as_partner(stranger), pytest.raises(NotHere):
        send_receipt(package=package, said=[Said(1, V.MATCHED)], way=ReceiptWay.ROWS, form_id=uuid4(), by=stranger)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.just("all"),
            st.dictionaries(
                st.integers(1, 2),
                st.sampled_from([(V.MATCHED, ""), (V.UNMATCHED, ""), (V.REFUSED, "twice")]),
                min_size=1,
            ),
        ),
        max_size=6,
    )
)
def test_whatever_is_said_the_database_adds_up(sent, story):
    officer, county = sent["officer"], sent["county"]
    newest = {}
    with transaction.atomic():
        for step in story:
            if step == "all":
                with as_partner(officer):
                    accept_all(package=mine(officer), form_id=uuid4(), by=officer)
                newest = {1: "matched", 2: "matched"} | newest
            else:
                say(officer, *(Said(serial, *what) for serial, what in step.items()))
                newest |= {serial: what[0].value for serial, what in step.items()}
            with as_partner(officer):
                row = mine(officer)
                assert row.sent == row.matched + row.unmatched + row.refused + row.pending
                assert {s: one.verdict for s, one in said_of(row).items()} == newest
            assert balance_of(sent["package"]) == Balance.of(2, newest)
        with scope(counties=[county.pk]):
            for one in PackageReceipt.objects.all():
                assert one.sent == one.matched + one.unmatched + one.refused + one.pending
        transaction.set_rollback(True)


def test_a_sum_that_does_not_come_out_cannot_be_written(sent):
    facts = dict.fromkeys(("matched", "unmatched", "refused", "pending"), 0)
    with pytest.raises(DatabaseError), transaction.atomic():
        PackageClosing.objects.create(
            package=sent["package"],
            county=sent["county"],
            closed_by=sent["officer"],
            receipts=0,
            sent=2,
            because="x",
            **facts,
        )
    say(sent["officer"], Said(1, V.MATCHED))
    for statement in ("UPDATE exchange_packagereceipt SET matched = 2", "DELETE FROM exchange_packagereceiptrow",
                      "INSERT INTO exchange_packagereceipt DEFAULT VALUES"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# what came back


def test_a_row_about_facts_goes_to_the_township_then_to_the_county(sent):
    officer, clerk = sent["officer"], sent["who"][Role.EXCHANGE_CLERK]
    worker = sent["world"].worker
    say(officer, Said(1, V.REFUSED, "facts", "住址不对"), Said(2, V.REFUSED, "twice"))
    assert follow_refusals() == 2
    assert follow_refusals() == 0
    with scope(worker):
        rows = {row.serial: row for row in PackageRefusal.objects.select_related("package__county")}
        assert {number: row.state for number, row in rows.items()} == {1: "checking", 2: "deciding"}
        assert rows[1].said == "住址不对"
        assert rows[1].patient.uuid == sent["high"].uuid
        with pytest.raises(Refused):
            check_refusal(refusal=rows[1], found="nonsense", by=worker)
        check_refusal(refusal=rows[1], found="corrected", by=worker)
    settle_refusal(refusal=rows[1], settled="next", by=clerk)
    with pytest.raises(Refused):
        settle_refusal(refusal=rows[1], settled="next", by=clerk)
    say(officer, Said(2, V.MATCHED))
    follow_refusals()
    with scope(worker):
        assert {row.serial: row.settled for row in PackageRefusal.objects.all()} == {1: "next", 2: "by_office"}
    say(officer, Said(1, V.REFUSED, "facts", "还是不对"))
    assert follow_refusals() == 1  # sent back anew: work anew


def test_a_sheet_that_repeats_a_row_takes_no_note_back(sent):
    say(sent["officer"], Said(1, V.REFUSED, "facts", "住址不对"))
    say(sent["officer"], Said(1, V.REFUSED, "facts"), Said(2, V.MATCHED))  # the downloaded sheet has no notes
    assert follow_refusals() == 1
    with scope(sent["world"].worker):
        assert PackageRefusal.objects.get().said == "住址不对"


def test_the_period_closes_when_nothing_waits_or_with_a_reason(sent):
    officer, clerk, package = sent["officer"], sent["who"][Role.EXCHANGE_CLERK], sent["package"]
    say(officer, Said(1, V.MATCHED))
    with pytest.raises(Refused, match="还有 1 行"):
        close_package(package=package, because="", by=clerk)
    closing = close_package(package=package, because="单位撤并", by=clerk)
    assert (closing.sent, closing.matched, closing.pending, closing.because) == (2, 1, 1, "单位撤并")
    with pytest.raises(Refused, match="已经办结"):
        close_package(package=package, because="x", by=clerk)
    with pytest.raises(ReceiptClosed):
        say(officer, Said(2, V.MATCHED))


# pages and the interface


def test_the_officers_pages(sent):
    officer, uuid = sent["officer"], sent["package"].uuid
    client = client_of(officer)
    page = client.get(reverse("exchange:files")).content.decode()
    assert reverse("exchange:my_package", args=[uuid]) in page
    page = client.get(reverse("exchange:my_package", args=[uuid])).content.decode()
    assert "全部一致" in page
    assert "高危甲" not in page
    blank = client.get(reverse("exchange:receipt_blank", args=[uuid])).content.decode("utf-8-sig")
    assert blank.splitlines()[1].startswith(serial_of(uuid, 1))
    file = SimpleUploadedFile("r.csv", "行号,结果,填表编号,姓名\nx,y,w,z".encode())
    answer = client.post(reverse("exchange:receipt_file", args=[uuid]), {"file": file})
    assert answer.status_code == 400
    assert "不该有“姓名”列" in answer.content.decode()
    rows = reverse("exchange:receipt_rows", args=[uuid])
    assert "高危甲" not in client.get(rows).content.decode()
    answer = client.post(rows, {"verdict_1": "refused", "verdict_2": "matched"})
    assert answer.status_code == 400
    assert f'<a href="#id_verdict_1">{serial_of(uuid, 1)}：退回要有原因' in answer.content.decode()
    answer = client.post(rows, {"verdict_1": "refused", "because_1": "facts", "verdict_2": ""})
    assert answer.status_code == 302
    assert client.post(reverse("exchange:receipt_all", args=[uuid])).status_code == 302
    assert balance_of(sent["package"]) == Balance(2, 1, 0, 1)
    assert client.get(reverse("exchange:my_package", args=[uuid4()])).status_code == 404


def test_the_countys_pages_and_the_certificate(sent):
    say(sent["officer"], Said(1, V.REFUSED, "facts"), Said(2, V.MATCHED))
    follow_refusals()
    clerk = client_of(sent["who"][Role.EXCHANGE_CLERK])
    uuid = sent["package"].uuid
    assert "第 1 次" in clerk.get(reverse("exchange:package", args=[uuid])).content.decode()
    page = clerk.get(reverse("exchange:refusals")).content.decode()
    assert "资料有误" in page
    assert "高危甲" not in page
    with scope(counties=[sent["county"].pk]):
        refusal = PackageRefusal.objects.get().uuid
    assert "高危甲" not in clerk.get(reverse("exchange:refusal_settle", args=[refusal])).content.decode()
    assert clerk.get(reverse("exchange:package_certificate", args=[uuid])).status_code == 404
    worker = client_of(sent["world"].worker)
    page = worker.get(reverse("followup:work_lines")).content.decode()
    assert reverse("exchange:refusal", args=[refusal]) in page
    assert "高危甲" in worker.get(reverse("exchange:refusal", args=[refusal])).content.decode()
    assert worker.post(reverse("exchange:refusal", args=[refusal]), {"found": "right"}).status_code == 302
    assert clerk.post(reverse("exchange:refusal_settle", args=[refusal]), {"settled": "kept"}).status_code == 302
    assert clerk.post(reverse("exchange:package_close", args=[uuid]), {}).status_code == 302
    page = client_of(sent["officer"]).get(reverse("exchange:files")).content.decode()
    assert "看回执" in page
    assert "核对并回执" not in page
    paper = clerk.get(reverse("exchange:package_certificate", args=[uuid])).content.decode()
    assert "2 行 ＝ 一致 1 ＋ 对不上 0 ＋ 退回 1 ＋ 没有回执 0" in paper
    assert sent["package"].archive_sha256 in paper
    pdf = PdfReader(io.BytesIO(clerk.get(reverse("exchange:package_certificate_pdf", args=[uuid])).content))
    words = "".join(page.extract_text() for page in pdf.pages)
    assert "信息交换办结单" in words
    assert "高危甲" not in words


def test_the_interface_takes_a_receipt_once(sent):
    client, uuid = client_of(sent["officer"]), sent["package"].uuid
    url = reverse("api:exchange_receipt", args=[uuid])
    body = {"rows": [{"serial": serial_of(uuid, 1), "verdict": "matched"}]}
    answer = client.post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()["pending"]) == (201, 1)
    assert client.post(url, body, content_type="application/json").status_code == 200
    wrong = {"rows": [{"serial": serial_of(uuid, 2), "verdict": "matched"}, {"serial": "X", "verdict": "matched"}]}
    answer = client.post(url, wrong, content_type="application/json")
    assert answer.status_code == 400
    assert "第 2 条" in answer.json()["fields"]["rows"][0]
    assert client.post(url, {}, content_type="application/json").status_code == 400
    assert client.post(url, {"all_matched": True}, content_type="application/json").json()["pending"] == 0
    (row,) = client.get(reverse("api:exchanges")).json()["results"]
    assert (row["sent"], row["matched"]) == (2, 2)
    assert (
        client.post(reverse("api:exchange_receipt", args=[uuid4()]), body, content_type="application/json").status_code
        == 404
    )
