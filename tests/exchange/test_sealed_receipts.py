"""A receipt sheet that was sealed to the county: what came to harm is refused, what comes again says nothing new."""

from uuid import uuid4

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.queries.package_receipts import balance_of
from exchange.rules.receipts import Balance, serial_of
from exchange.services.receiving import ReceiptRefused, read_file, send_receipt
from exchange.terms import ReceiptWay
from tests.exchange.conftest import as_partner
from tests.exchange.test_packages import house
from tests.exchange.test_receipts import mine, sent, sheet

__all__ = ["house", "sent"]


@pytest.fixture
def county_key(settings):
    identity = pyrage.x25519.Identity.generate()
    settings.EXCHANGE_IDENTITY = str(identity)
    return identity.to_public()


def sealed(rows, key) -> bytes:
    return pyrage.encrypt(sheet(rows).read(), [key])


def hand_in(officer, content: bytes) -> bool:
    """As the page does it."""
    with as_partner(officer):
        one = read_file(package=mine(officer), file=SimpleUploadedFile("r.csv.age", content), name="r.csv.age")
        form_id = one.form_id or uuid4()
        return send_receipt(package=mine(officer), said=one.said, way=ReceiptWay.FILE, form_id=form_id, by=officer)


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
