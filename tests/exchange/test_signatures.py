"""Lists that the county's clerk carries in: signed by their office with its registered key, or refused in words.

Source: issue 4, Build 6 (signed or uploaded by the agency's own account); security T17.
"""

from base64 import b64encode
from hashlib import blake2b

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import AgencyKey, InboundList
from exchange.queries.agency_keys import key_in_force, own_keys
from exchange.rules.inbound_sequence import periods_offered
from exchange.services.agency_keys import confirm_key, end_key, enter_key
from exchange.services.inbound import draft_list
from exchange.services.minisign import NO_KEY, NO_SIGNATURE, OTHER_KEY, WRONG, BadSignature, check, read_key
from exchange.terms import InboundKind, KeyPurpose, Rhythm
from tests import factories
from tests.exchange.conftest import as_partner, client_of
from tests.exchange.inbound import csv_of, draft, handed, stranger
from tests.exchange.test_keys import new_pair
from tests.exchange.test_platform import HEADER

K = InboundKind
pytestmark = pytest.mark.django_db
CONTENT = csv_of(K.POLICE_REGISTER, [stranger()])


class Signer:
    """minisign's `-G` and `-S`, as far as a test needs them."""

    def __init__(self, number: bytes = b"12345678") -> None:
        self.key, self.number = Ed25519PrivateKey.generate(), number

    @property
    def public_key(self) -> str:
        return b64encode(b"Ed" + self.number + self.key.public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes, comment: str, how: bytes = b"ED") -> bytes:
        mark = self.key.sign(blake2b(content).digest() if how == b"ED" else content)
        whole = self.key.sign(mark + comment.encode())
        lines = (b"untrusted comment: x", b64encode(how + self.number + mark), b"trusted comment: " + comment.encode())
        return b"\n".join((*lines, b64encode(whole), b""))


def test_a_signature_that_minisign_itself_has_made_is_understood():
    """The example of minisign's own documentation."""
    key = read_key("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")
    signature = (
        b"untrusted comment: signature from minisign secret key\n"
        b"RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n"
        b"trusted comment: timestamp:1633700835\tfile:test\tprehashed\n"
        b"wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n"
    )
    assert check(b"test", signature, key) == "timestamp:1633700835\tfile:test\tprehashed"
    with pytest.raises(BadSignature, match="文件在签名以后改动过"):
        check(b"Test", signature, key)


def changed(signature, line, to):
    lines = signature.split(b"\n")
    lines[line] = to(lines[line])
    return b"\n".join(lines)


@pytest.mark.parametrize("how", [b"ED", b"Ed"])
def test_whatever_is_changed_the_signature_does_not_hold(how):
    one, other = Signer(), Signer(b"87654321")
    key, good = read_key(one.public_key), one.sign(CONTENT, "2026Q4-1", how)
    assert check(CONTENT, good, key) == "2026Q4-1"
    assert check(CONTENT, good.replace(b"\n", b"\r\n"), key) == "2026Q4-1"
    flip = lambda text: text[:-9] + (b"A" if text[-9:-8] != b"A" else b"B") + text[-8:]  # noqa: E731
    for wrong, sentence in (
        (other.sign(CONTENT, "2026Q4-1", how), OTHER_KEY),
        (Signer().sign(CONTENT, "2026Q4-1", how), WRONG),
        (one.sign(CONTENT + b"x", "2026Q4-1", how), WRONG),
        (good.replace(b"2026Q4-1", b"2026Q4-2"), WRONG),
        (changed(good, 1, flip), WRONG),
        (changed(good, 3, flip), WRONG),
        (changed(good, 1, lambda _: b"!!!!"), NO_SIGNATURE),
        (changed(good, 3, lambda _: b""), NO_SIGNATURE),
        (b"\n".join(good.split(b"\n")[:3]), NO_SIGNATURE),
        (b"", NO_SIGNATURE),
    ):
        with pytest.raises(BadSignature) as refused:
            check(CONTENT, wrong, key)
        assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["", "RWabc", "RW" + "A" * 54, "age1abc", "RW" + "?" * 54])
def test_a_text_that_is_no_signing_key_is_refused(text):
    with pytest.raises(BadSignature) as refused:
        read_key(text)
    assert str(refused.value) == NO_KEY


# at the county


@pytest.fixture
def carried(lists):
    """The police have a key for signing, entered by the clerk and confirmed by the privacy officer."""
    signer, health = Signer(), lists["clerk"].agency
    privacy = factories.make_user(Role.PRIVACY_OFFICER, lists["county"], health)
    key = enter_key(agency=lists["police_office"], public_key=signer.public_key, by=lists["clerk"])
    assert (key.purpose, key.state) == (KeyPurpose.SIGN, "waiting")
    confirm_key(key=key, by=privacy)
    return {**lists, "signer": signer, "key": key, "privacy": privacy}


def mark(number=1):
    return f"{periods_offered(Rhythm.QUARTERLY, timezone.localdate())[0].name}-{number}"


def carry(lists, signature=b"", *, office="police_office", kind=K.POLICE_REGISTER, content=CONTENT, **more):
    clerk = lists["clerk"]
    with scope(clerk):
        said = handed(clerk, lists[office], kind, county=lists["county"], **more)
        return draft_list(handed=said, content=content, name="名册.csv", by=clerk, signature=signature)


def test_a_carried_list_is_taken_with_its_offices_signature_only(carried):
    with pytest.raises(Refused, match="要有报送单位的签名") as refused:
        carry(carried)
    assert refused.value.field == "signature"
    with pytest.raises(Refused, match="文件在签名以后改动过"):
        carry(carried, carried["signer"].sign(CONTENT + b" ", mark()))
    with pytest.raises(Refused, match="不是这个单位登记的公钥"):
        carry(carried, Signer(b"87654321").sign(CONTENT, mark()))
    assert not InboundList.objects.exists()
    row = carry(carried, carried["signer"].sign(CONTENT, f"timestamp:1 {mark()}"))
    assert InboundList.objects.get(uuid=row.uuid).signed_with == carried["key"]


def test_a_signed_list_of_last_quarter_is_not_this_ones(carried):
    with pytest.raises(Refused, match=f"这里填的是“{mark(2)}”"):
        carry(carried, carried["signer"].sign(CONTENT, mark()), number=2, gap_because="第 1 份作废")


def test_an_office_without_a_key_is_not_spoken_for_unless_the_county_says_so(carried):
    with pytest.raises(Refused, match="还没有登记签名公钥") as refused:
        carry(carried, office="civil_office", kind=K.DEATHS, content=b"x")
    assert refused.value.field == "what"
    CountyPolicy.objects.create(
        county=carried["county"], key="carried_lists_signed", value=False, starts_on=timezone.localdate(),
        set_by=carried["office"],
    )  # fmt: skip
    rows = csv_of(K.DEATHS, [stranger(died_on=timezone.localdate().isoformat())])
    row = carry(carried, office="civil_office", kind=K.DEATHS, content=rows)
    assert InboundList.objects.get(uuid=row.uuid).signed_with is None
    with pytest.raises(Refused, match="要有报送单位的签名"):
        carry(carried)  # who has a key is asked for it all the same


def test_its_own_account_and_offices_elsewhere_are_not_asked(carried):
    assert draft(carried["police"], carried["police_office"], carried["county"], K.POLICE_REGISTER, [stranger()]).rows
    other = carried["world"].places["990002"]
    there = factories.make_agency(AgencyKind.PREVENTION_OFFICE, other)
    content = csv_of(K.FLOW, [stranger("流入子", 940)])
    assert carry({**carried, "there": there}, office="there", kind=K.FLOW, content=content).rows == 1
    office = carried["office"].agency
    export = "\n".join(",".join(line) for line in [HEADER, ["甲", factories.id_number(serial=1), "", ""]]).encode()
    assert carry({**carried, "own": office}, office="own", kind=K.NATIONAL, content=export).rows == 1


def test_a_key_for_signing_is_one_of_its_own_beside_the_one_for_packages(carried):
    clerk, privacy, police = carried["clerk"], carried["privacy"], carried["police_office"]
    seal = confirm_key(key=enter_key(agency=police, public_key=new_pair()[1], by=clerk), by=privacy)
    assert key_in_force(police) == seal
    assert key_in_force(police, KeyPurpose.SIGN) == carried["key"]
    second = confirm_key(key=enter_key(agency=police, public_key=Signer().public_key, by=clerk), by=privacy)
    carried["key"].refresh_from_db()
    seal.refresh_from_db()
    assert (carried["key"].state, seal.state) == ("replaced", "active")
    with as_partner(carried["police"]):
        assert [one.pk for one in own_keys([police.pk])] == [seal.pk]
    end_key(key=second, because="密钥丢失", by=clerk)
    with pytest.raises(Refused, match="还没有登记签名公钥"):
        carry(carried, carried["signer"].sign(CONTENT, mark()))


def test_an_offices_own_account_enters_no_key_for_signing(carried):
    text = Signer().public_key
    with as_partner(carried["police"]):
        with pytest.raises(Refused, match="签名公钥请用公函交县里"):
            enter_key(agency=carried["police_office"], public_key=text, by=carried["police"])
        with pytest.raises(DatabaseError), transaction.atomic():
            AgencyKey.objects.create(
                agency=carried["police_office"], purpose="sign", public_key=text, side="agency", fingerprint="x",
                entered_by=carried["police"],
            )  # fmt: skip


def test_packages_are_judged_by_the_key_for_packages(carried):
    """The functions that hand a package out are asked by name: none of them takes any key that is in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE prosrc LIKE '%exchange_agencykey%'")
        found = dict(cursor.fetchall())
    assert {"exchange_verdict", "exchange_collect"} <= set(found)
    assert {name for name, text in found.items() if "k.purpose = 'seal'" not in text} == set()


def test_the_clerks_page_asks_for_the_signature_and_the_offices_does_not(carried):
    clerk, address = client_of(carried["clerk"]), reverse("exchange:inbound_send")
    assert "signature" in clerk.get(address).content.decode()
    assert 'name="signature"' not in client_of(carried["police"]).get(address).content.decode()
    said = {"what": f"{carried['police_office'].uuid}|police_register", "period": mark().partition("-")[0], "number": 1}
    answered = clerk.post(address, {**said, "file": SimpleUploadedFile("a.csv", CONTENT)})
    assert (answered.status_code, "要有报送单位的签名" in answered.content.decode()) == (400, True)
    signature = SimpleUploadedFile("a.csv.minisig", carried["signer"].sign(CONTENT, mark()))
    answered = clerk.post(address, {**said, "file": SimpleUploadedFile("a.csv", CONTENT), "signature": signature})
    assert answered.status_code == 302
    keys = clerk.get(reverse("exchange:keys")).content.decode()
    assert carried["key"].fingerprint in keys
    assert "签名公钥" in clerk.get(reverse("exchange:key", args=[carried["key"].uuid])).content.decode()
