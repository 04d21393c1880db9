"""A receipt sheet that was sealed to the county: what came to harm is refused, what comes again says nothing new, and
what comes late has the place of the day on which it was made."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import Role
from exchange.models import PackageReceipt, PackageRefusal
from exchange.queries.package_receipts import balance_of, said_of
from exchange.rules.receipts import ISSUE, Balance, Said, issue_mark, serial_of
from exchange.services.receiving import ReceiptRefused, Taken, read_file, send_receipt
from exchange.services.refusals import follow_refusals, settle_refusal
from exchange.terms import ReceiptWay, RowVerdict
from tests.exchange.conftest import as_partner, client_of
from tests.exchange.test_packages import house
from tests.exchange.test_receipt_sheets import sheet
from tests.exchange.test_receipts import mine, say, sent

__all__ = ["house", "sent"]


@pytest.fixture
def county_key(settings):
    identity = pyrage.x25519.Identity.generate()
    settings.EXCHANGE_IDENTITY = str(identity)
    return identity.to_public()


def sealed(rows, key, minute=0) -> bytes:
    """`minute`: how long after the release the sheet was made."""
    issue = issue_mark(timezone.now() + timedelta(minutes=minute))
    head, *lines = rows
    return pyrage.encrypt(sheet([[*head, ISSUE], *([*line, issue] for line in lines)]).read(), [key])


def hand_in(officer, content: bytes) -> Taken:
    """As the page does it."""
    with as_partner(officer):
        one = read_file(package=mine(officer), file=SimpleUploadedFile("r.csv.age", content), name="r.csv.age")
        form_id = one.form_id or uuid4()
        return send_receipt(
            package=mine(officer), said=one.said, way=ReceiptWay.FILE, form_id=form_id, by=officer, issued=one.issued
        )


def words(officer) -> dict[int, str]:
    with as_partner(officer):
        return {serial: one.verdict for serial, one in said_of(mine(officer)).items()}


def test_a_sealed_sheet_that_turns_up_once_more_does_not_take_back_a_later_word(sent, county_key):
    officer, uuid = sent["officer"], sent["package"].uuid
    head = ["行号", "结果"]
    first = sealed([head, [serial_of(uuid, 1), "对不上"], [serial_of(uuid, 2), "一致"]], county_key)
    assert hand_in(officer, first)
    assert hand_in(officer, sealed([head, [serial_of(uuid, 1), "一致"]], county_key))
    assert not hand_in(officer, first)
    assert balance_of(sent["package"]) == Balance(2, 2, 0, 0)


@pytest.mark.parametrize(
    "harm", [lambda c: c[:-1], lambda c: c[:60], lambda c: b"", lambda c: c[:-9] + bytes([c[-9] ^ 1]) + c[-8:]]
)
def test_a_sealed_sheet_that_came_to_harm_is_refused_whole(sent, county_key, harm):
    officer, uuid = sent["officer"], sent["package"].uuid
    rows = [["行号", "结果"], [serial_of(uuid, 1), "一致"]]
    with pytest.raises(ReceiptRefused) as refused:
        hand_in(officer, harm(sealed(rows, county_key)))
    assert "文件解不开" in refused.value.wrong[0].sentence
    with pytest.raises(ReceiptRefused):
        hand_in(officer, sealed(rows, pyrage.x25519.Identity.generate().to_public()))
    assert balance_of(sent["package"]).pending == 2


def lines(uuid, **said):
    """row1="一致" and so on."""
    return [["行号", "结果", "退回原因"], *(
        [serial_of(uuid, int(row[-1])), word, "查无此人" if word == "退回" else ""] for row, word in said.items()
    )]  # fmt: skip


def test_whatever_the_order_in_which_sheets_arrive_the_one_made_last_has_the_last_word(sent, county_key):
    officer, uuid = sent["officer"], sent["package"].uuid
    made = [
        sealed(lines(uuid, row1="对不上", row2="一致"), county_key, 1),
        sealed(lines(uuid, row1="退回"), county_key, 2),
        sealed(lines(uuid, row1="对不上"), county_key, 3),  # the first word once more: it is the last all the same
    ]
    found = set()
    for order in permutations(made):
        with transaction.atomic():
            for one in order:
                assert hand_in(officer, one)
                row = balance_of(sent["package"])
                assert row.sent == row.matched + row.unmatched + row.refused + row.pending
            found.add((tuple(sorted(words(officer).items())), balance_of(sent["package"])))
            transaction.set_rollback(True)
    assert found == {(((1, "unmatched"), (2, "matched")), Balance(2, 1, 1, 0))}


def test_a_sheet_that_arrives_late_for_the_first_time_is_kept_and_changes_nothing_later(sent, county_key):
    officer, uuid = sent["officer"], sent["package"].uuid
    early = sealed(lines(uuid, row1="退回", row2="退回"), county_key)
    assert say(officer, Said(1, RowVerdict.MATCHED))  # on the page: said when it is said
    assert hand_in(officer, early) == Taken(rows=2, older=1)
    assert words(officer) == {1: "matched", 2: "refused"}
    with scope(counties=[sent["county"].pk]):
        assert PackageReceipt.objects.count() == 2
    assert follow_refusals() == 1  # of the second row only
    with scope(counties=[sent["county"].pk]):
        assert PackageRefusal.objects.get().serial == 2


def test_the_same_refusal_said_again_makes_no_new_work_but_keeps_an_earlier_word_out(sent, county_key):
    officer, uuid = sent["officer"], sent["package"].uuid
    between = sealed(lines(uuid, row1="一致"), county_key, 1)
    assert hand_in(officer, sealed(lines(uuid, row1="退回"), county_key))
    assert follow_refusals() == 1
    with scope(counties=[sent["county"].pk]):
        row = PackageRefusal.objects.select_related("package__county").get()
    settle_refusal(refusal=row, settled="kept", by=sent["who"][Role.EXCHANGE_CLERK])
    assert hand_in(officer, sealed(lines(uuid, row1="退回"), county_key, 2))  # the sheet downloaded again, as it stood
    assert follow_refusals() == 0
    assert hand_in(officer, between) == Taken(rows=1, older=1)
    assert (words(officer), follow_refusals()) == ({1: "refused"}, 0)


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([], "缺少“填表编号”列"),
        (["", ""], "没有看懂填表编号"),
        (["2026-11-30", "2026-11-30"], "没有看懂填表编号"),
        (["R20261331000000000"] * 2, "没有看懂填表编号"),
        (["R20240101000000000"] * 2, "比文件的签发还早"),
        (["R29990101000000000"] * 2, "比现在还晚"),
        (["R20240101000000000", "R20240102000000000"], "与第 2 行不同"),
    ],
)
def test_a_sheet_that_does_not_say_when_it_was_made_is_refused(sent, marks, said):
    uuid, officer = sent["package"].uuid, sent["officer"]
    rows = [["行号", "结果", *([ISSUE] if marks else [])]]
    rows += [[serial_of(uuid, number), "一致", *marks[number - 1 : number]] for number in (1, 2)]
    client = client_of(officer)
    answer = client.post(reverse("exchange:receipt_file", args=[uuid]), {"file": sheet(rows)})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert balance_of(sent["package"]).pending == 2


def test_the_downloaded_sheet_knows_its_own_time_and_a_prefilled_one_takes_nothing_back(sent):
    officer, uuid = sent["officer"], sent["package"].uuid
    client, url = client_of(officer), reverse("exchange:receipt_file", args=[sent["package"].uuid])
    say(officer, Said(1, RowVerdict.UNMATCHED))
    blank = client.get(reverse("exchange:receipt_blank", args=[uuid])).content
    say(officer, Said(1, RowVerdict.MATCHED))
    answer = client.post(url, {"file": SimpleUploadedFile("r.csv", blank)}, follow=True)
    assert "1 行已有更晚填写的登记" in answer.content.decode()
    assert words(officer) == {1: "matched"}
    again = client.post(url, {"file": SimpleUploadedFile("r.csv", blank)}, follow=True)
    assert "已经登记过" in again.content.decode()
    fresh = client.get(reverse("exchange:receipt_blank", args=[uuid])).content.decode().replace("一致", "对不上")
    client.post(url, {"file": SimpleUploadedFile("r.csv", fresh.encode())})
    assert words(officer) == {1: "unmatched"}


def test_a_program_says_when_its_receipt_was_written(sent):
    client, uuid = client_of(sent["officer"]), sent["package"].uuid
    url, now = reverse("api:exchange_receipt", args=[uuid]), timezone.now()

    def post(verdict, seconds, status):
        rows = [{"serial": serial_of(uuid, 1), "verdict": verdict}]
        given = {"rows": rows, "issued_at": (now + timedelta(seconds=seconds)).isoformat()}
        answer = client.post(url, given, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    assert post("matched", 9, 201)["matched"] == 1
    assert post("unmatched", 3, 201)["matched"] == 1
    assert post("unmatched", 3, 200)["unmatched"] == 0
    assert "issued_at" in post("matched", 3600, 400)["fields"]
