"""Show 4: the level falls, and nothing of the person is left in a partner's hands but what it is told to take out.

An alert of level 3, told also in a quarter's package; then a visit at level 1. By no page, by no address kept from before
and by no way of the interface is there a name or a content; the next package says 移除; ledger and print agree line by
line. Source: issue 4, Show 4; threat T14.
"""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from accounts.services.tokens import create_token
from accounts.terms import Role
from config.celery import app
from exchange.models import Disclosure
from exchange.queries.told import told_of
from exchange.rules.items import header
from exchange.services.packages import sign_package
from exchange.terms import DataItem
from tests.exchange.conftest import cases_of, client_of, deliver, ledger, opened, save, sign, statuses
from tests.exchange.test_delivery import body, press, sent
from tests.exchange.test_deltas import next_quarter, tables
from tests.exchange.test_packages import archive, house

__all__ = ["house", "sent"]
PAGES = ("inbox", "inbox_new", "files", "my_joints")


@pytest.fixture
def told(sent):
    """高危甲 stands in the quarter that the county's police have fetched, and is alerted today to four offices."""
    world, high = sent["world"], sent["high"]
    assert body(press(sent, client_of(sent["officer"])))
    save(world.worker, high, 3)
    deliver()
    offices = (world.police, world.political_legal, sent["officer"], world.county_political_legal)
    for user in offices:
        assert sign(user)
        assert opened(user)
    cases = {user.agency.name: cases_of(high)[user.agency.name] for user in offices}
    tokens = {user.pk: create_token(user=user, name="程序", days=2, by=user) for user in offices}
    return {**sent, "offices": offices, "cases": cases, "tokens": tokens}


def read_by(told, user) -> str:
    """All that an office reads by its pages, by addresses of its case kept from before, and by a token."""
    client, case = client_of(user), told["cases"][user.agency.name]
    addresses = [reverse(f"exchange:{name}") for name in PAGES]
    addresses += [reverse(f"exchange:{name}", args=[case.uuid]) for name in ("case", "feedback")]
    addresses += [reverse("exchange:my_package", args=[told["package"].uuid])]
    answers = [client.get(address) for address in addresses]
    program = {"headers": {"authorization": f"Bearer {told['tokens'][user.pk]}"}, "content_type": "application/json"}
    answers.append(Client().get(reverse("api:alerts"), **program))
    answers.append(Client().get(reverse("api:exchanges"), **program))
    answers.append(Client().post(reverse("api:alert_acknowledge", args=[case.uuid]), **program))
    answers.append(client.post(reverse("exchange:acknowledge", args=[case.uuid]), follow=True))
    assert max(answer.status_code for answer in answers) < 500
    return "".join(answer.content.decode() for answer in answers)


def words_of(told) -> set[str]:
    """What an alert tells of the person: taken from what was told, so that nothing is missed."""
    with scope(counties=[told["county"].pk]):
        contents = [entry.content for case in told["cases"].values() for entry in case.entries.all() if entry.content]
    names = ("name", "address", "guardian_name", "guardian_phone", "worker", "worker_phone")
    return {said[name].lstrip("=") for said in contents for name in names if said.get(name)}


def test_after_the_fall_no_office_reads_anything_of_the_person_by_any_way(told):
    words = words_of(told)
    assert len(words) >= 5
    for user in told["offices"]:  # there is something to lose
        assert "高危甲" in read_by(told, user), user.agency.name
    save(told["world"].worker, told["high"], 1)
    for swept in (False, True):  # at once, before anybody has swept; and afterwards
        assert set(statuses(told["high"]).values()) == {"closed"}
        for user in told["offices"]:
            assert opened(user) == {}
            found = read_by(told, user)
            assert [word for word in words if word in found] == [], user.agency.name
            assert ("已解除" in found) is swept or not swept
        deliver()
    assert max(settings.SWEEP_SECONDS, app.conf.beat_schedule["deliver what waits"]["schedule"]) <= 60


def test_the_next_package_takes_the_row_out_and_ledger_and_print_agree_line_by_line(told):
    high, who = told["high"], told["who"]
    save(told["world"].worker, high, 1)
    deliver()
    package = next_quarter(told)
    found = tables(archive(package))
    (name,) = [one for one in found if one.endswith("high_risk-changes.csv")]
    head, row = found[name]
    said = dict(zip(head, row, strict=True))
    assert (said["变动"], said["原因"], said["姓名"]) == ("移除", "不再符合通报条件", "'=高危甲")
    assert (said[header(DataItem.LEVEL)], said[header(DataItem.PREVIOUS_LEVEL)]) == ("", "")
    plain = "".join(cell for name, lines in found.items() if "changes" not in name for line in lines for cell in line)
    assert "高危甲" not in plain
    with time_machine.travel(timezone.now() + timedelta(days=120)):
        for role in (Role.COMMISSION, Role.PRIVACY_OFFICER):
            package = sign_package(package=package, seen=package.content_sha256, by=who[role])

    lines = ledger(high)
    assert Counter(line.act for line in lines if line.release) == {"disclosed": 1, "collected": 1, "recalled": 1}
    assert Counter(line.act for line in lines if line.alert) == {"disclosed": 4, "opened": 4, "recalled": 4}
    with scope(told["world"].worker):
        paper = told_of(high.uuid)
    told_again = Counter(
        {(office.name, line.on, line.act, line.basis): line.times for office in paper for line in office.lines}
    )
    counted = Counter(
        (line.recipient_name, timezone.localdate(line.at), line.act, f"{line.get_basis_display()}：{line.citation}")
        for line in lines
    )
    assert told_again == counted
    with scope(told["world"].worker):
        assert sum(told_again.values()) == Disclosure.objects.filter(person=high.uuid).count()
    words = "".join(line.words for office in paper for line in office.lines)
    for part in ("告知", "在定期名单里告知", "该单位查看了 1 次", "该单位下载了 1 次有您信息的名单", "从名单里移除"):
        assert part in words
    assert [line for office in paper for line in office.lines if not line.basis] == []


def test_a_list_of_the_ledger_is_what_the_person_is_shown(told):
    """Each field that the ledger names has its plain word on the paper; nothing of the ledger is left out."""
    world = told["world"]
    page = client_of(world.worker).post(reverse("exchange:told", args=[told["high"].uuid]), {"who": "patient"})
    text = page.content.decode()
    for line in ledger(told["high"]):
        assert line.recipient_name in text
        assert line.citation in text
        assert timezone.localdate(line.at).isoformat() in text
