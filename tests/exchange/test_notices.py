"""Notices without content: a number, a link and a neutral word; signed, tried again, sent once as far as we can tell."""

import hmac
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.refusals import NotHere, Refused
from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from exchange.models import AlertEntry, Delivery, Notice, NoticeChannel
from exchange.rules.notices import MOST_ATTEMPTS, Said, body, may_go_to, text, wait_seconds, webhook_problem, word_for
from exchange.services.channels import (
    end_channel,
    register_channel,
    retry_delivery,
    retry_notice,
    set_on_duty,
    try_channel,
)
from exchange.services.failpoints import EXIT_CODE, NOTICING
from exchange.services.noticing import send_due
from exchange.terms import EntryKind, NoticeWord
from tests import factories
from tests.exchange.conftest import deliver, save
from tests.exchange.stand import PROJECT
from tests.exchange.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LOOPBACK = [ip_network("127.0.0.0/8")]
# words that tell what the matter is about (threat T40), and what stands on the person of the tests
TELLING = (
    "精神", "障碍", "患者", "病", "危险", "肇事", "预警", "公安", "派出所", "随访", "级", "失访", "外出", "服药", "医生",
    "医院", "诊断", "监护", "住院", "评估", "试验", "19900000001", "东一社区", "18号", "东街道", "1980", "999999",
    "分裂", "症状", "事件",
)  # fmt: skip


class Listener:
    """An office's own system on this machine. `answers` are given in turn, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[int] = [200]
        self.calls: list[tuple[dict[str, str], bytes]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                listener.calls.append((dict(self.headers.items()), payload))
                status = listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", listener.address)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


@pytest.fixture
def listener(settings) -> Iterator[Listener]:
    settings.NOTICE_NETWORKS = LOOPBACK
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def clerk(world):
    agency = factories.make_agency(AgencyKind.PREVENTION_OFFICE, world.county)
    return factories.make_user(Role.EXCHANGE_CLERK, world.county, agency, username="clerk")


def register(clerk, office, address, kind="webhook"):
    with scope(clerk):
        return register_channel(agency=office.agency.uuid, kind=kind, address=address, by=clerk)


def told(world, **more):
    patient = world.patient(**more)
    save(world.worker, patient, 3)
    deliver()
    return patient


def notices():
    return list(Notice.objects.order_by("id"))


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span))


# the rules


def test_every_kind_of_entry_has_a_neutral_word():
    for kind in EntryKind.values:
        said = Said(uuid4(), "JX-2026-0001", word_for(kind), "https://county.example/alerts/")
        for word in TELLING:
            assert word not in text(said)
            assert word not in json.loads(body(said))["text"]
        assert not {word for word in NoticeWord.labels for telling in TELLING if telling in word}


def test_a_call_goes_to_the_internet_or_to_a_named_network():
    inner, outer = ["10.1.2.3"], ["93.184.216.34"]
    networks = [ip_network("10.1.0.0/16")]
    assert may_go_to(inner, networks, is_encrypted=False)
    assert may_go_to(outer, [], is_encrypted=True)
    assert not may_go_to(outer, [], is_encrypted=False)
    for refused in (inner, ["127.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:10.1.2.3"], ["224.0.0.1"], []):
        assert not may_go_to(refused, [], is_encrypted=True)
    assert not may_go_to([*outer, "10.9.0.1"], networks, is_encrypted=True)


@pytest.mark.parametrize(
    "address",
    ["ftp://x.example/", "https://", "https://a:b@x.example/", "https://x.example:0/", "https://x.example/\r\nA: b",
     "https://x.example:99999/", "javascript:alert(1)", "https://例子.example/", "https://x.example/#y", "x" * 400],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(address):
    assert webhook_problem(address).endswith("。")


def test_waits_double_up_to_an_hour():
    assert [wait_seconds(n) for n in (1, 2, 3, 8, 12)] == [30, 60, 120, 3600, 3600]


# what is sent


def test_nothing_is_sent_before_an_address_is_registered(world):
    told(world)
    assert notices() == []


def test_a_webhook_gets_number_link_and_word_signed_and_nothing_of_the_person(world, clerk, listener):
    made = register(clerk, world.police, listener.address)
    patient = told(world)
    assert send_due() == 1
    ((headers, payload),) = listener.calls
    stamp = headers["X-Notice-Timestamp"]
    expected = hmac.new(made.secret.encode(), f"{stamp}.".encode() + payload, sha256).hexdigest()
    assert headers["X-Notice-Signature"] == f"v1={expected}"
    said = json.loads(payload)
    assert headers["Idempotency-Key"] == said["id"] == str(notices()[0].uuid)
    assert set(said) == {"id", "number", "kind", "text", "link"}
    with scope(counties=[world.county.pk]):
        case = AlertEntry.objects.select_related("alert").get(uuid=notices()[0].entry).alert
    assert (said["number"], said["kind"]) == (case.number, "new")
    assert said["link"] == f"http://testserver/alerts/{case.uuid}/"
    whole = payload.decode() + json.dumps(headers, ensure_ascii=False)
    for canary in (*TELLING, patient.name, patient.pinyin, str(patient.uuid), str(patient.id_number)):
        assert canary not in whole


def test_a_mail_says_no_more(world, clerk, settings):
    settings.NOTICE_MAIL_FROM = "notice@county.example"
    register(clerk, world.police, "duty@example.cn", kind="mail")
    told(world)
    assert send_due() == 1
    (message,) = mail.outbox
    whole = f"{message.subject}\n{message.body}\n{message.message().as_string()}"
    assert not [word for word in TELLING if word in whole]
    assert str(notices()[0].uuid) in message.extra_headers["Message-ID"]


def test_without_a_mail_server_the_list_says_so(world, clerk):
    register(clerk, world.police, "duty@example.cn", kind="mail")
    told(world)
    assert send_due() == 0
    assert notices()[0].last_error == "还没有设置发信服务器"


def test_a_failure_is_tried_again_with_the_same_key(world, clerk, listener):
    register(clerk, world.police, listener.address)
    told(world)
    listener.answers = [500, 200]
    assert send_due() == 0
    assert send_due() == 0  # not yet due
    with later(seconds=31):
        assert send_due() == 1
    keys = {headers["Idempotency-Key"] for headers, _ in listener.calls}
    assert len(listener.calls) == 2
    assert len(keys) == 1


def test_a_redirect_is_not_followed(world, clerk, listener):
    register(clerk, world.police, listener.address)
    told(world)
    listener.answers = [302, 200]
    assert send_due() == 0
    assert len(listener.calls) == 1
    assert notices()[0].last_error == "对方回答 302"


def test_an_inner_address_that_nobody_named_is_not_called(world, clerk, listener, settings):
    settings.NOTICE_NETWORKS = []
    register(clerk, world.police, listener.address)
    told(world)
    assert send_due() == 0
    assert listener.calls == []
    assert notices()[0].last_error == "这个地址不在允许的范围内"


def test_what_fails_for_hours_rests_until_somebody_sends_it_anew(world, clerk, listener):
    register(clerk, world.police, listener.address)
    told(world)
    listener.answers = [500]
    for n in range(MOST_ATTEMPTS):
        with later(hours=2 * n):
            send_due()
    (row,) = notices()
    assert row.failed_at is not None
    with later(days=3), scope(clerk):
        assert send_due() == 0
        retry_notice(notice=row.uuid, by=clerk)
        with pytest.raises(Refused, match="不用再按"):
            retry_notice(notice=row.uuid, by=clerk)
    listener.answers = [204]
    with later(days=3, minutes=1):
        assert send_due() == 1


def test_many_senders_at_once_send_each_notice_once(world, clerk, listener):
    register(clerk, world.police, listener.address)
    for n in range(3):
        told(world, name=f"第{n}人")
    assert sum(at_once(*[send_due] * 4)) == 3
    assert len({headers["Idempotency-Key"] for headers, _ in listener.calls}) == len(listener.calls) == 3


@pytest.mark.parametrize("point", NOTICING)
def test_a_sender_that_dies_anywhere_sends_under_one_key(world, clerk, listener, point):
    register(clerk, world.police, listener.address)
    told(world)
    program = (
        "import django; django.setup(); from django.conf import settings; from ipaddress import ip_network; "
        "settings.NOTICE_NETWORKS = [ip_network('127.0.0.0/8')]; "
        "from exchange.services.noticing import send_due; send_due()"
    )
    died = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, env={**os.environ, "FAILPOINT": point})
    assert died.returncode == EXIT_CODE
    with later(minutes=2):
        assert send_due() == 1
        assert send_due() == 0
    assert len({headers["Idempotency-Key"] for headers, _ in listener.calls}) == 1
    assert len(listener.calls) == (2 if point in ("notice_sent", "notice_marked") else 1)


# who keeps the addresses


def test_an_address_is_registered_tried_and_ended_and_its_secret_shown_once(world, clerk, listener, log_in):
    client = log_in(clerk)
    shown = client.post(
        "/alerts/channels/",
        {"agency": str(world.police.agency.uuid), "kind": "webhook", "address": listener.address},
    ).content.decode()
    channel = NoticeChannel.objects.get()
    assert str(channel.secret) in shown
    assert str(channel.secret) not in client.get("/alerts/channels/").content.decode()
    client.post(f"/alerts/channels/{channel.uuid}/try/")
    client.post(f"/alerts/channels/{channel.uuid}/try/")  # pressed twice
    assert send_due() == 1
    assert json.loads(listener.calls[0][1])["kind"] == "test"
    told(world)
    with scope(clerk):
        end_channel(channel=channel.uuid, by=clerk)
    assert send_due() == 0  # what was waiting does not go to an address that has ended


def test_a_second_address_of_a_kind_and_a_wrong_one_are_refused_beside_the_field(world, clerk, log_in):
    register(clerk, world.police, "https://one.example/in")
    client = log_in(clerk)
    form = {"agency": str(world.police.agency.uuid), "kind": "webhook", "address": "https://two.example/in"}
    page = client.post("/alerts/channels/", form)
    assert page.status_code == 400
    assert "请先停用原来的" in page.content.decode()
    page = client.post("/alerts/channels/", {**form, "kind": "mail", "address": "不是邮箱"})
    assert "请填一个电子邮件地址" in page.content.decode()


def test_a_clerk_keeps_only_the_own_county(world, clerk):
    abroad = factories.make_agency(AgencyKind.POLICE, world.places["990002"])
    with scope(clerk):
        with pytest.raises(NotHere):
            register_channel(agency=abroad.uuid, kind="webhook", address="https://one.example/in", by=clerk)
        with pytest.raises(NotHere):
            set_on_duty(agency=abroad.uuid, on_duty=True, by=clerk)
        with pytest.raises(NotHere):
            try_channel(channel=uuid4(), by=clerk)


def test_a_delivery_that_was_given_up_is_listed_without_a_name_and_delivered_anew(world, clerk, log_in):
    patient = world.patient(name="冉启明")
    save(world.worker, patient, 3)
    with system_scope():
        Delivery.objects.update(failed_at=timezone.now(), attempts=20, last_error="OperationalError")
        entry = AlertEntry.objects.select_related("alert").order_by("id").first()
    assert deliver() == 0
    page = log_in(clerk).get("/alerts/channels/").content.decode()
    assert entry.alert.number in page
    assert "冉启明" not in page
    with scope(clerk):
        retry_delivery(entry=entry.uuid, by=clerk)
        with pytest.raises(Refused, match="不用再按"):
            retry_delivery(entry=entry.uuid, by=clerk)
        with pytest.raises(NotHere):
            retry_delivery(entry=uuid4(), by=clerk)
    assert deliver() == 1
