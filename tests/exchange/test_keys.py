"""An agency's key: what is refused, who confirms, what replaces what; its own account and the county's."""

import pyrage
import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.sessions import PROVEN
from accounts.terms import AgencyKind, Role
from exchange.models import AgencyKey
from exchange.queries.agency_keys import own_key
from exchange.rules.agency_keys import fingerprint, may_confirm, shape_problem
from exchange.services.agency_keys import confirm_key, end_key, enter_key, read_key
from exchange.terms import KeyState
from tests import factories
from tests.accounts.trail import actions
from tests.conftest import COUNTY


def new_pair() -> tuple[pyrage.x25519.Identity, str]:
    identity = pyrage.x25519.Identity.generate()
    return identity, str(identity.to_public())


def proven(client):
    """Password and code given just now."""
    session = client.session
    session[PROVEN] = timezone.now().isoformat()
    session.save()
    return client


GOOD = "age1kwe96e6nea76a8hufyxzc00er6du9ajs96zgwcmt767dcs0h4vjqp6lm3s"


@pytest.mark.parametrize(
    ("text", "said"),
    (
        ("", "请填公钥"),
        ("AGE-SECRET-KEY-1ZSQNK9HGF8AY3", "这是私钥"),
        ("age-secret-key-1zsqnk", "这是私钥"),
        ("ssh-ed25519 AAAAC3Nz", "不是本系统能用的公钥"),
        ("-----BEGIN PUBLIC KEY-----", "不是本系统能用的公钥"),
        ("kwe96e", "公钥以 age1 开头"),
        (GOOD[:-1], "现在有 61 个"),
        (GOOD[:-1] + "q", "抄错了"),
        (GOOD.upper(), "公钥以 age1 开头"),
        ("age1" + "q" * 58, "抄错了"),
    ),
)
def test_a_text_that_is_no_key_is_refused_with_what_to_do(text, said):
    with pytest.raises(Refused, match=said):
        read_key(text)


def test_a_key_with_a_line_break_in_it_is_read():
    assert read_key(f"  {GOOD[:30]}\n{GOOD[30:]}\r\n") == (GOOD, "seal")
    assert shape_problem(GOOD) == ""
    assert fingerprint(GOOD) == "6b72 0333 2443 6b6f 3d6b 0c9f 5c0e 4f51" or len(fingerprint(GOOD)) == 39


def test_who_may_confirm():
    assert "不能自己核对" in may_confirm("county", entered_by=1, by=1, of_agency=False)
    assert "由县里核对" in may_confirm("agency", entered_by=1, by=2, of_agency=True)
    assert may_confirm("agency", entered_by=1, by=2, of_agency=False) == ""
    assert may_confirm("county", entered_by=1, by=2, of_agency=True) == ""


@pytest.fixture
def cast(world):
    county = world.places[COUNTY]
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    police = factories.make_agency(AgencyKind.POLICE, county)
    return {
        "police": police,
        "officer": factories.make_user(Role.COUNTY_POLICE, county, police),
        "second": factories.make_user(Role.COUNTY_POLICE, county, police),
        "clerk": factories.make_user(Role.EXCHANGE_CLERK, county, office),
        "privacy": factories.make_user(Role.PRIVACY_OFFICER, county, office),
        "station": world.police,
        "world": world,
    }


@pytest.mark.django_db(transaction=True)
def test_entered_by_the_county_confirmed_by_another_and_replaced(cast):
    clerk, privacy, police = cast["clerk"], cast["privacy"], cast["police"]
    first = enter_key(agency=police, public_key=new_pair()[1], by=clerk)
    assert (first.state, first.side) == ("waiting", "county")
    with pytest.raises(Refused, match="等待核对"):
        enter_key(agency=police, public_key=new_pair()[1], by=clerk)
    with pytest.raises(Refused, match="不能自己核对"):
        confirm_key(key=first, by=clerk)
    confirm_key(key=first, by=privacy)
    with pytest.raises(Refused, match="正在使用"):
        enter_key(agency=police, public_key=first.public_key, by=clerk)
    second = enter_key(agency=police, public_key=new_pair()[1], by=clerk)
    first.refresh_from_db()
    assert first.state == "active"  # stays in force until the next is confirmed
    confirm_key(key=second, by=privacy)
    first.refresh_from_db()
    assert (first.state, first.ended_by) == ("replaced", privacy)
    with pytest.raises(Refused, match="原因"):
        end_key(key=second, because="", by=privacy)
    end_key(key=second, because="私钥丢失", by=clerk)
    words = ("entered", "confirmed", "entered", "replaced", "confirmed", "ended")
    assert actions("exchange.key.") == [f"exchange.key.{word}" for word in words]


def test_who_has_no_business_with_a_key(cast):
    key, police = new_pair()[1], cast["police"]
    with pytest.raises(Denied):
        enter_key(agency=police, public_key=key, by=cast["privacy"])
    with pytest.raises(NotHere):
        enter_key(agency=police, public_key=key, by=cast["station"])
    other = cast["world"].places["990002"]
    foreign = factories.make_user(
        Role.EXCHANGE_CLERK, other, factories.make_agency(AgencyKind.HEALTH_COMMISSION, other)
    )
    with pytest.raises(NotHere):
        enter_key(agency=police, public_key=key, by=foreign)


def test_the_agencys_own_account_enters_and_the_county_confirms(cast, log_in):
    officer, second, privacy = cast["officer"], cast["second"], cast["privacy"]
    mine = log_in(officer)
    answer = mine.post(reverse("exchange:own_key_enter"), {"public_key": "AGE-SECRET-KEY-1ABC"})
    assert answer.status_code == 400
    assert "这是私钥" in answer.content.decode()
    assert "AGE-SECRET-KEY-1ABC" not in answer.content.decode()  # nor does it stay in the browser's history
    assert mine.post(reverse("exchange:own_key_enter"), {"public_key": GOOD}).status_code == 302
    row = AgencyKey.objects.get()
    assert (row.side, row.state, row.entered_by) == ("agency", "waiting", officer)
    assert row.fingerprint in mine.get(reverse("exchange:files")).content.decode()
    confirm = reverse("exchange:own_key_confirm", args=[row.uuid])
    assert "由县里核对" in proven(log_in(second)).post(confirm, follow=True).content.decode()
    county = proven(log_in(privacy))
    page = county.get(reverse("exchange:key", args=[row.uuid])).content.decode()
    assert "指纹一致，启用" in page
    county.post(reverse("exchange:key_confirm", args=[row.uuid]))
    row.refresh_from_db()
    assert row.state == KeyState.ACTIVE
    end = reverse("exchange:own_key_end", args=[row.uuid])
    assert log_in(second).post(end, {"because": ""}).status_code == 400
    assert log_in(second).post(end, {"because": "私钥丢失"}).status_code == 302
    row.refresh_from_db()
    assert row.state == KeyState.ENDED


def test_another_offices_key_is_not_there(cast, log_in):
    county = cast["world"].places[COUNTY]
    civil = factories.make_agency(AgencyKind.CIVIL_AFFAIRS, county)
    row = enter_key(agency=civil, public_key=GOOD, by=cast["clerk"])
    officer = proven(log_in(cast["officer"]))
    assert row.fingerprint not in officer.get(reverse("exchange:files")).content.decode()
    assert officer.post(reverse("exchange:own_key_confirm", args=[row.uuid])).status_code == 404
    assert officer.get(reverse("exchange:own_key_end", args=[row.uuid])).status_code == 404
    assert log_in(cast["station"]).get(reverse("exchange:files")).status_code == 403


def test_the_countys_pages(cast, log_in):
    clerk, police = log_in(cast["clerk"]), cast["police"]
    assert "没有公钥" in clerk.get(reverse("exchange:keys")).content.decode()
    answer = clerk.post(reverse("exchange:key_new"), {"agency": str(police.uuid), "public_key": GOOD[:-1] + "q"})
    assert "抄错了" in answer.content.decode()
    answer = clerk.post(reverse("exchange:key_new"), {"agency": str(police.uuid), "public_key": GOOD})
    assert answer.status_code == 302
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert "由另一个人核对" in page
    assert "指纹一致，启用" not in page
    row = AgencyKey.objects.get()
    assert clerk.post(reverse("exchange:key_end", args=[row.uuid]), {"because": "念不上"}).status_code == 302
    assert log_in(cast["privacy"]).get(reverse("exchange:key_new")).status_code == 403
    page = log_in(cast["officer"]).get(reverse("exchange:files")).content.decode()
    assert "没有通过核对" in page  # or the office would telephone to hear why its key is gone
    assert "念不上" in page
    enter_key(agency=police, public_key=GOOD, by=cast["officer"])
    assert "没有通过核对" not in log_in(cast["officer"]).get(reverse("exchange:files")).content.decode()


def test_our_own_key_is_shown_where_it_is_set(cast, log_in):
    identity, public = new_pair()
    assert own_key() is None
    with override_settings(EXCHANGE_IDENTITY=str(identity)):
        page = log_in(cast["clerk"]).get(reverse("exchange:keys")).content.decode()
        sending = log_in(cast["officer"]).get(reverse("exchange:inbound_send")).content.decode()
    for shown in (page, sending):  # also where an office is told to encrypt to it
        assert public in shown
        assert str(identity) not in shown
