"""Where consent is the ground each person is asked: who has not agreed stands in no file, who withdraws leaves it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Disclosure, Package, PackageOffer
from exchange.queries.packages import rows_of
from exchange.services.agency_keys import confirm_key, enter_key
from exchange.services.delivery import offer_waiting, renew_offer
from exchange.services.deltas import open_corrections
from exchange.services.packages import reopen_package, sign_package
from exchange.services.preparing import open_due, prepare_due
from registry.models import SharingConsent
from registry.queries.sharing import agreed_among
from registry.services.sharing import record_sharing_consent
from tests.conftest import VILLAGE_A1
from tests.exchange import person_notices
from tests.exchange.conftest import client_of, save
from tests.exchange.sharing import agree
from tests.exchange.templates import in_force
from tests.exchange.test_keys import new_pair, proven
from tests.exchange.test_packages import archive, house, signed, text_of

__all__ = ["house"]


@pytest.fixture
def asked(house):
    """A template on consent with diagnosis and treatment, and a second person of level 4."""
    who, world = house["who"], house["world"]
    ago = (timezone.localdate() - house["one"].last).days
    other = world.patient(VILLAGE_A1, "高危丁")
    save(world.worker, other, 4, ago + 5)
    in_force(
        house["county"], "political_legal.standard_full", clerk=who[Role.EXCHANGE_CLERK],
        officer=who[Role.PRIVACY_OFFICER],
    )  # fmt: skip
    return {**house, "other": other, "worker": world.worker, "clerk": who[Role.EXCHANGE_CLERK]}


def package_of(asked, situation: str = "standard_full") -> Package:
    open_due(timezone.localdate())
    prepare_due()
    rows = Package.objects.select_related("county", "agency", "template")
    return rows.get(situation=situation, period=asked["one"].name, corrects=None)


def names(package: Package, kind: str = "standard", *, is_change: bool = False) -> list[str]:
    with scope(counties=[package.county_id]):
        return [cells[3 if is_change else 1] for _key, cells in rows_of(package, kind, is_change)]


def test_nobody_asked_nobody_told_and_the_statutory_lists_go_on(asked):
    package = package_of(asked)
    assert names(package) == []
    assert (package.counts["agreed"], package.counts["not_agreed"]) == (0, 2)
    police = package_of(asked, "quarterly")
    assert sorted(names_of_police(police)) == ["=高危甲", "高危丁"]
    assert "agreed" not in police.counts
    assert "同意" not in text_of(archive(police))


def names_of_police(package: Package) -> list[str]:
    with scope(counties=[package.county_id]):
        return [cells[0] for _key, cells in rows_of(package, "high_risk")]


def test_who_agreed_stands_in_the_file_and_both_numbers_are_said(asked):
    agree(asked["high"], asked["worker"])
    agree(asked["other"], asked["worker"], kind="police")  # to somebody else
    package = package_of(asked)
    assert names(package) == ["=高危甲"]
    said = "1 人同意，其余 1 人没有同意，不在名单里"
    assert said in text_of(archive(package)).replace("\n", "")
    officer = client_of(asked["who"][Role.PRIVACY_OFFICER])
    assert said in officer.get(reverse("exchange:package", args=[package.uuid])).content.decode()
    signed(asked, package)
    with scope(counties=[asked["county"].pk]):
        assert Disclosure.objects.get(release=package.uuid).basis == "consent"
    printed = client_of(asked["worker"]).post(reverse("exchange:told", args=[asked["high"].uuid]), {"who": "patient"})
    page = printed.content.decode()
    assert "依据：本人同意" in page
    assert "患者本人：同意向政法委（综治中心）提供" in page


def test_what_is_withdrawn_before_the_signature_does_not_leave(asked):
    for person in (asked["high"], asked["other"]):
        agree(person, asked["worker"])
    package = package_of(asked)
    agree(asked["other"], asked["worker"], agreed=False)
    with pytest.raises(Refused, match="1 人撤回了同意"):
        signed(asked, package)
    reopen_package(package=package, because="有人撤回同意", by=asked["clerk"])
    package = package_of(asked)
    assert names(package) == ["=高危甲"]
    assert signed(asked, package).state == "released"


def test_who_withdraws_between_the_two_signatures_is_not_told(asked):
    agree(asked["high"], asked["worker"])
    package, who = package_of(asked), asked["who"]
    package = sign_package(package=package, seen=package.content_sha256, by=who[Role.COMMISSION])
    agree(asked["high"], asked["worker"], agreed=False)
    with pytest.raises(Refused, match="1 人撤回了同意"):
        sign_package(package=package, seen=package.content_sha256, by=who[Role.PRIVACY_OFFICER])
    with scope(counties=[asked["county"].pk]):
        assert not Disclosure.objects.filter(release=package.uuid).exists()


def test_a_withdrawal_closes_the_download_and_the_removal_follows(asked):
    agree(asked["high"], asked["worker"])
    agree(asked["other"], asked["worker"])
    package = package_of(asked)
    _identity, public = new_pair()
    key = enter_key(agency=package.agency, public_key=public, by=asked["clerk"])
    confirm_key(key=key, by=asked["who"][Role.PRIVACY_OFFICER])
    package = signed(asked, package)
    assert PackageOffer.objects.filter(package=package, ended_at=None).count() == 1
    agree(asked["other"], asked["worker"], kind="police", agreed=False)  # of another office: nothing happens
    assert PackageOffer.objects.filter(package=package, ended_at=None).count() == 1
    agree(asked["other"], asked["worker"], agreed=False)
    assert not PackageOffer.objects.filter(package=package, ended_at=None).exists()
    with pytest.raises(Refused, match="1 人不再同意"):
        renew_offer(package=package, by=asked["clerk"])
    page = client_of(asked["clerk"]).get(reverse("exchange:package", args=[package.uuid])).content.decode()
    assert "包里有 1 人不再同意提供" in page
    open_corrections()
    correction = Package.objects.select_related("county", "agency", "template").get(corrects=package)
    assert names(correction, is_change=True) == ["高危丁"]
    with scope(counties=[asked["county"].pk]):
        ((_key, cells),) = list(rows_of(correction, "standard", is_change=True))
    assert cells[0] == "移除"
    assert "01" not in cells  # neither diagnosis nor treatment is told again
    assert signed(asked, correction).state == "released"  # taking out asks for no consent


def test_what_waited_for_a_key_is_not_opened_after_a_withdrawal(asked):
    agree(asked["high"], asked["worker"])
    package = signed(asked, package_of(asked))
    agree(asked["high"], asked["worker"], agreed=False)
    _identity, public = new_pair()
    key = enter_key(agency=package.agency, public_key=public, by=asked["clerk"])
    confirm_key(key=key, by=asked["who"][Role.PRIVACY_OFFICER])
    assert offer_waiting() == 0
    assert not PackageOffer.objects.filter(package=package).exists()
    agree(asked["high"], asked["worker"])  # said again with yes: it may go out
    assert offer_waiting() == 1


def test_the_newest_record_of_the_day_holds(asked):
    high, worker, today = asked["high"], asked["worker"], timezone.localdate()
    agree(high, worker, on=today - timedelta(days=9))
    agree(high, worker, on=today - timedelta(days=4), agreed=False)
    with scope(worker):
        days = [
            bool(agreed_among([high.uuid], "political_legal", today - timedelta(days=ago))) for ago in (10, 9, 4, 0)
        ]
    assert days == [False, True, False, False]
    agree(high, worker, on=today)
    agree(high, worker, on=today, agreed=False)  # said again on the same day: corrected
    with scope(worker):
        assert not agreed_among([high.uuid], "political_legal", today)
        assert SharingConsent.objects.filter(patient=high).count() == 3
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        agree(high, worker)
        with scope(worker):
            assert agreed_among([high.uuid], "political_legal", timezone.localdate())


def test_who_signs(asked):
    high, worker, today = asked["high"], asked["worker"], timezone.localdate()
    for wrong in (
        {"on": today + timedelta(days=1)}, {"signer": ""}, {"signer": "guardian"}, {"kind": "x"},
    ):  # fmt: skip
        with pytest.raises(Refused):
            agree(high, worker, **wrong)
    child = asked["world"].patient(VILLAGE_A1, "少年戊", birth_on=today - timedelta(days=13 * 365))
    with pytest.raises(Refused, match="14 周岁"):
        agree(child, worker)
    agree(child, worker, signer="guardian", relation="3")
    agree(child, worker, agreed=False)  # a child may always say no
    police = asked["world"].police
    with scope(police), pytest.raises(Denied):
        record_sharing_consent(
            patient=high, on=today, agency_kind="police", agreed=True, signer="patient", by=police
        )  # fmt: skip


def test_another_county_neither_sees_nor_changes_it(asked):
    agree(asked["high"], asked["worker"])
    with scope(counties=[asked["county"].pk + 100_000]):
        assert not agreed_among([asked["high"].uuid], "political_legal", timezone.localdate())
    assert client_of(asked["world"].worker_b).get(url_of(asked)).status_code == 404


def url_of(asked) -> str:
    return reverse("exchange:sharing_new", args=[asked["high"].uuid])


def test_it_is_entered_and_taken_back_on_the_page(asked):
    client, today = client_of(asked["worker"]), timezone.localdate().isoformat()
    assert "照常进行" in client.get(url_of(asked)).content.decode()
    assert client.post(url_of(asked), {}).status_code == 400
    given = {"agency_kind": "political_legal", "says": "yes", "on": today, "signer": "guardian"}
    assert "请选择与患者的关系" in client.post(url_of(asked), given).content.decode()
    given |= {"relation": "1", "words": "当面说明"}
    page = client.post(url_of(asked), given, follow=True).content.decode()
    assert "同意向政法委（综治中心）提供" in page
    page = client.post(url_of(asked), {**given, "says": "no", "signer": "patient"}, follow=True).content.decode()
    assert "法定的照常" in page
    assert "不同意" in page


def test_a_single_notice_on_consent_goes_to_nobody_without_it_and_ends_with_it(world):
    found = person_notices.make_house(world, ())
    in_force(
        found["county"], "police.lost_report", clerk=found["clerk"], officer=found["officer"], basis="consent",
        citation="个人信息保护法第二十九条",
    )  # fmt: skip
    worker, police = found["worker"], found["police"]
    person = person_notices.lost(found, world.patient(VILLAGE_A1, "走失者"))
    with scope(worker):
        person.refresh_from_db()
    assert person_notices.offered(worker, person, "lost_report") == []
    client = client_of(worker)
    proven(client)
    page = client.get(reverse("exchange:person_notice_new", args=[person.uuid, "lost_report"])).content.decode()
    assert "本人没有同意" in page
    agree(person, worker, kind="police")
    assert person_notices.offered(worker, person, "lost_report")
    notice = person_notices.send(worker, person, "lost_report", only=police)
    person_notices.sign_all(police)
    assert [one["name"] for one in person_notices.read(police)] == ["走失者"]
    agree(person, worker, kind="police", agreed=False)
    assert person_notices.read(police) == []
    assert person_notices.told(notice)[police.agency.name].ended_because == "withdrawn"
