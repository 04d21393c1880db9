"""A released package in its recipient's hands: the right is judged at that moment, each fetch is counted and noted."""

import io
import zipfile
from datetime import timedelta
from hashlib import sha256

import pyrage
import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Assignment
from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Disclosure, Package, PackageDownload, PackageOffer
from exchange.queries.delivery_lines import work_lines
from exchange.services.agency_keys import confirm_key, end_key, enter_key
from exchange.services.channels import register_channel
from exchange.services.delivery import offer_waiting, renew_offer
from exchange.services.delivery_sealing import encrypted
from exchange.services.noticing import send_due
from exchange.services.packages import recall_package
from exchange.services.templates import end_template
from exchange.terms import NoticeWord
from tests import factories
from tests.accounts.trail import told, whole
from tests.exchange.test_keys import new_pair
from tests.exchange.test_notices import TELLING
from tests.exchange.test_packages import archive, house, made, signed

__all__ = ["house"]


@pytest.fixture
def sent(house):
    """Released to the county's police, whose key was confirmed before."""
    package = made(house)
    identity, public = new_pair()
    clerk, privacy = house["who"][Role.EXCHANGE_CLERK], house["who"][Role.PRIVACY_OFFICER]
    key = confirm_key(key=enter_key(agency=package.agency, public_key=public, by=clerk), by=privacy)
    officer = factories.make_user(Role.COUNTY_POLICE, house["county"], package.agency)
    return {
        **house, "package": signed(house, package), "identity": identity, "key": key, "officer": officer,
        "clerk": clerk, "privacy": privacy,
    }  # fmt: skip


def press(sent, client):
    return client.post(reverse("exchange:file_fetch", args=[sent["package"].uuid]))


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def refused(sent, client) -> str:
    answer = client.post(reverse("exchange:file_fetch", args=[sent["package"].uuid]), follow=True)
    assert not answer.streaming
    return answer.content.decode()


def test_the_recipient_opens_exactly_what_two_people_signed(sent, log_in):
    client, package = log_in(sent["officer"]), sent["package"]
    page = client.get(reverse("exchange:files")).content.decode()
    assert "还能下载 3 次" in page
    answer = press(sent, client)
    content = body(answer)
    assert answer.headers["Content-Length"] == str(len(content))
    assert "高危甲" not in answer.headers["Content-Disposition"]
    assert "高危甲".encode() not in content
    plain = pyrage.decrypt(content, [sent["identity"]])
    assert sha256(plain).hexdigest() == package.archive_sha256
    assert plain == archive(package)
    with zipfile.ZipFile(io.BytesIO(plain)) as files:
        assert files.testzip() is None
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [new_pair()[0]])
    package.refresh_from_db()
    assert package.state == "collected"
    (row,) = PackageDownload.objects.all()
    assert (row.by, row.size, row.file_sha256) == (sent["officer"], len(content), sha256(content).hexdigest())
    assert "再下载一次" in client.get(reverse("exchange:files")).content.decode()
    county = log_in(sent["clerk"]).get(reverse("exchange:package", args=[package.uuid])).content.decode()
    assert "下载完成" in county
    assert sent["officer"].display_name in county


def test_a_fetch_is_in_the_ledger_and_in_the_access_log_for_everybody_in_it(sent, log_in):
    body(press(sent, log_in(sent["officer"])))
    with scope(counties=[sent["county"].pk]):
        people = set(
            Disclosure.objects.filter(act="disclosed", release=sent["package"].uuid).values_list("person", flat=True)
        )
        lines = list(Disclosure.objects.filter(act="collected"))
    assert {line.person for line in lines} == people
    assert {line.actor for line in lines} == {sent["officer"].uuid}


@pytest.mark.django_db(transaction=True)
def test_the_trail_names_the_fetch_and_everybody_in_the_file(sent, log_in):
    content = body(press(sent, log_in(sent["officer"])))
    (fetched,), (collected,) = told("exchange.package.fetched"), told("exchange.package.collected")
    assert (fetched["way"], fetched["people"]) == ("page", 2)
    assert collected["sha256"] == sha256(content).hexdigest()
    assert str(sent["high"].uuid) in whole()
    assert "高危甲" not in whole()


def test_the_office_hears_outside_of_a_package_and_of_its_recall(sent, settings):
    settings.NOTICE_MAIL_FROM = "notice@county.example"
    package, clerk = sent["package"], sent["clerk"]
    with scope(clerk):
        register_channel(agency=package.agency.uuid, kind="mail", address="desk@police.example", by=clerk)
    renew_offer(package=package, by=sent["clerk"])
    recall_package(package=package, because="发错", by=sent["privacy"])
    send_due()
    new, recalled = mail.outbox
    number, link = package.uuid.hex[:8].upper(), reverse("exchange:my_package", args=[package.uuid])
    for each, word in ((new, NoticeWord.NEW), (recalled, NoticeWord.CHANGED)):
        assert each.subject == f"{word.label} {number}"
        assert link in each.body
        assert not [said for said in TELLING if said in each.body]


def test_half_a_file_is_counted_but_the_package_is_not_collected(sent, log_in):
    answer = press(sent, log_in(sent["officer"]))
    next(iter(answer.streaming_content))
    for close in answer._resource_closers:  # what a server does when the browser has gone
        close()
    sent["package"].refresh_from_db()
    (row,) = PackageDownload.objects.all()
    assert (row.finished_at, sent["package"].state) == (None, "released")


def test_three_times_and_then_the_county_opens_again(sent, log_in):
    client = log_in(sent["officer"])
    contents = [body(press(sent, client)) for _ in range(3)]
    assert len({sha256(one).hexdigest() for one in contents}) == 3  # age never makes the same file twice
    assert len({pyrage.decrypt(one, [sent["identity"]]) for one in contents}) == 1
    assert "三次下载已用完" in refused(sent, client)
    with pytest.raises(Denied):
        renew_offer(package=sent["package"], by=sent["privacy"])
    answer = log_in(sent["clerk"]).post(reverse("exchange:package_renew", args=[sent["package"].uuid]), follow=True)
    assert "已重新开放" in answer.content.decode()
    assert body(press(sent, log_in(sent["officer"])))
    assert PackageOffer.objects.count() == 2


@pytest.mark.parametrize(("days", "good"), ((6.99, True), (7.01, False)))
def test_seven_days(sent, log_in, days, good):
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        client = log_in(sent["officer"])
        if good:
            assert body(press(sent, client))
        else:
            assert "下载期限已过" in refused(sent, client)


def _recalled(sent):
    recall_package(package=sent["package"], because="发错", by=sent["privacy"])


def _stopped(sent):
    end_template(template=sent["template"], because="协议到期", by=sent["privacy"])


def _closed(sent):
    Agency.objects.filter(pk=sent["package"].agency_id).update(is_active=False)


def _keyless(sent):
    end_key(key=sent["key"], because="私钥丢失", by=sent["clerk"])


def test_a_recalled_file_asks_for_nothing_any_more(sent, log_in):
    _recalled(sent)
    page = log_in(sent["officer"]).get(reverse("exchange:files")).content.decode()
    assert "看回执" in page
    assert "核对并回执" not in page
    assert "行没有回执" not in page


@pytest.mark.parametrize(
    ("happened", "said"),
    (
        (_recalled, "已被收回"),
        (_stopped, "已停用"),
        (_closed, "本单位在系统里已停用"),
        (_keyless, "还没有核对过的公钥"),
    ),
)
def test_what_happened_after_the_release_is_judged_at_the_download(sent, log_in, happened, said):
    happened(sent)
    assert said in refused(sent, log_in(sent["officer"]))
    assert not PackageDownload.objects.exists()
    with scope(counties=[sent["county"].pk]):
        assert not Disclosure.objects.filter(act="collected").exists()


def test_an_account_that_ended_after_the_release_gets_nothing(sent, log_in):
    officer = sent["officer"]
    Assignment.objects.filter(user=officer).update(ends_on=timezone.localdate() - timedelta(days=1))
    officer = type(officer).objects.select_related("agency").get(pk=officer.pk)
    assert press(sent, log_in(officer)).status_code == 403
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    answer = press(sent, log_in(officer))
    assert answer.status_code in (302, 403)
    assert not PackageDownload.objects.exists()


def test_nobody_elses_file_is_there(sent, log_in):
    other = factories.make_agency("civil_affairs", sent["county"])
    stranger = factories.make_user(Role.COUNTY_CIVIL_AFFAIRS, sent["county"], other)
    client = log_in(stranger)
    assert press(sent, client).status_code == 404
    assert sent["package"].uuid.hex[:8] not in client.get(reverse("exchange:files")).content.decode()
    assert log_in(sent["clerk"]).post(reverse("exchange:file_fetch", args=[sent["package"].uuid])).status_code == 403


def test_rows_that_no_longer_give_what_was_signed_leave_no_county(sent, log_in):
    """One bit of the archive is not as two people signed it: nothing goes out, nothing is counted."""
    Package.objects.filter(pk=sent["package"].pk).update(archive_sha256="0" + sent["package"].archive_sha256[1:][::-1])
    client = log_in(sent["officer"])
    client.raise_request_exception = False
    answer = press(sent, client)
    assert answer.status_code == 500
    assert not PackageDownload.objects.exists()
    with scope(counties=[sent["county"].pk]):
        assert not Disclosure.objects.filter(act="collected").exists()


def test_without_a_key_the_days_begin_with_its_confirmation(house):
    package = signed(house, made(house))
    assert not PackageOffer.objects.exists()
    clerk, privacy = house["who"][Role.EXCHANGE_CLERK], house["who"][Role.PRIVACY_OFFICER]
    with pytest.raises(Refused, match="公钥"):
        renew_offer(package=package, by=clerk)
    assert offer_waiting() == 0
    confirm_key(key=enter_key(agency=package.agency, public_key=new_pair()[1], by=clerk), by=privacy)
    assert PackageOffer.objects.get().package == package
    assert offer_waiting() == 0


def test_a_new_key_is_used_from_the_next_fetch_on(sent, log_in):
    identity, public = new_pair()
    confirm_key(key=enter_key(agency=sent["package"].agency, public_key=public, by=sent["clerk"]), by=sent["privacy"])
    content = body(press(sent, log_in(sent["officer"])))
    assert pyrage.decrypt(content, [identity])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [sent["identity"]])


def test_the_api_lists_and_hands_out_the_same(sent, log_in):
    client = log_in(sent["officer"])
    answer = client.get(reverse("api:exchanges"))
    (one,) = answer.json()["results"]
    assert (one["available"], one["downloads_left"], one["reason"]) == (True, 3, "")
    assert one["archive_sha256"] == sent["package"].archive_sha256
    assert client.head(one["file"]).status_code == 405
    plain = pyrage.decrypt(body(client.get(one["file"])), [sent["identity"]])
    assert sha256(plain).hexdigest() == one["archive_sha256"]
    _recalled(sent)
    client = log_in(sent["officer"])
    answer = client.get(one["file"])
    assert (answer.status_code, answer.json()["code"]) == (409, "file_recalled")
    assert client.get(reverse("api:exchanges")).json()["results"][0]["available"] is False


def test_what_goes_wrong_while_writing_comes_out_as_it_is():
    def broken(sink):
        sink.write(b"x" * 3_000_000)
        raise ValueError("rows")

    public = new_pair()[1]
    with pytest.raises(ValueError, match="rows"):
        encrypted(public, broken)
    with pytest.raises(pyrage.RecipientError):
        encrypted("age1x", lambda sink: sink.write(b"y" * 5_000_000))


def test_what_waits_and_what_nobody_fetched_stands_in_the_days_work(sent):
    today = timezone.localdate()
    enter_key(agency=sent["package"].agency, public_key=new_pair()[1], by=sent["clerk"])
    assert [line.verb for line in work_lines(sent["clerk"], today)] == []
    assert [line.verb for line in work_lines(sent["privacy"], today)] == ["核对"]
    late = [line.why for line in work_lines(sent["clerk"], today + timedelta(days=5))]
    assert [why.startswith("还没有领取") for why in late] == [True]
    assert [line.why for line in work_lines(sent["clerk"], today + timedelta(days=9))] == ["没有领取，下载期限已过"]
    assert work_lines(sent["officer"], today) == []


def test_a_package_that_waits_for_a_signature_stands_in_the_signers_work(house):
    made(house)
    today = timezone.localdate()
    assert [line.verb for line in work_lines(house["who"][Role.COMMISSION], today)] == ["签发"]
    assert work_lines(house["who"][Role.EXCHANGE_CLERK], today) == []
