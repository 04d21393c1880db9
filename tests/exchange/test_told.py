"""The person's side: an objection marks everything that leaves after it, and a print says who was told what."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import AlertEntry, Disclosure
from exchange.queries.told import told_of
from exchange.rules.packages import disputed_key, is_disputed_key, plain_key
from exchange.services.packages import reopen_package
from exchange.services.preparing import prepare_due
from exchange.services.told import print_told
from registry.models import Objection
from registry.queries.objections import is_disputed
from registry.services.objections import (
    close_objection,
    closing_mark,
    propose_closing,
    record_objection,
    return_closing,
)
from registry.signals import objection_changed
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import client_of, deliver, inbox, opened, save, sign
from tests.exchange.test_keys import proven
from tests.exchange.test_packages import archive, house, made, signed, text_of  # noqa: F401 - the fixture


def object_to(patient, by, **more):
    given = {"on": timezone.localdate(), "made_by": "patient", "about": "sharing", "words": "不想让派出所知道"}
    with scope(by):
        return record_objection(patient=patient, by=by, **{**given, **more})


def take_back(row, world, on=None):
    """One writes it down, another confirms it."""
    today = on or timezone.localdate()
    with scope(world.worker):
        row = propose_closing(objection=row, on=today, asked_by="guardian", words="已说清楚", by=world.worker)
    with scope(world.county_office):
        return close_objection(objection=row, seen=closing_mark(row), by=world.county_office)


def test_an_objection_is_dated_stays_and_is_taken_back_on_a_day(world):
    heard = []
    objection_changed.connect(hear := lambda **said: heard.append(said["patient"].pk), weak=False)
    patient = world.patient(VILLAGE_A1, "有异议者")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for wrong in ({"on": tomorrow}, {"made_by": "x"}, {"about": "x"}, {"about": "office", "words": ""}):
        with pytest.raises(Refused):
            object_to(patient, world.worker, **wrong)
    row = object_to(patient, world.worker, on=timezone.localdate() - timedelta(days=3))
    with pytest.raises(Refused, match="已经登记过"):
        object_to(patient, world.worker)
    with pytest.raises(Refused, match="不能早于"):
        take_back(row, world, timezone.localdate() - timedelta(days=4))
    take_back(row, world)
    with pytest.raises(Refused, match="已经撤回"):
        take_back(row, world)
    with scope(world.worker):
        for statement in (
            "UPDATE registry_objection SET made_on = current_date", "DELETE FROM registry_objection",
            "UPDATE registry_objection SET closing_at = now()", "UPDATE registry_objection SET withdrawn_on = NULL",
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        kept = Objection.objects.get()
        assert (kept.words, kept.closing_words) == ("不想让派出所知道", "已说清楚")
        assert (kept.closing_entered_by, kept.withdrawn_entered_by) == (world.worker, world.county_office)
    with scope(world.police), pytest.raises(Denied):
        record_objection(
            patient=patient, on=timezone.localdate(), made_by="patient", about="facts", words="", by=world.police
        )
    assert heard == [patient.pk] * 2
    objection_changed.disconnect(hear)


def test_nobody_ends_an_objection_alone_and_it_holds_until_the_second_has_confirmed(world):
    patient, worker, second = world.patient(VILLAGE_A1, "有异议者"), world.worker, world.county_office
    row, today = object_to(patient, worker), timezone.localdate()
    with scope(worker):
        with pytest.raises(Refused, match="没有待核对"):
            close_objection(objection=row, seen="", by=worker)
        with pytest.raises(Refused, match="为什么撤回"):
            propose_closing(objection=row, on=today, asked_by="patient", words="", by=worker)
        row = propose_closing(objection=row, on=today, asked_by="patient", words="不再介意", by=worker)
        with pytest.raises(Refused, match="不能自己核对"):
            close_objection(objection=row, seen=closing_mark(row), by=worker)
        statement = (
            "UPDATE registry_objection SET withdrawn_on = current_date, withdrawn_by = 'patient', withdrawn_at = now(), "
            "withdrawn_entered_by_id = %s"
        )
        with pytest.raises(DatabaseError, match="two people"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [worker.pk])
        assert is_disputed(patient.pk)
    with scope(second):
        with pytest.raises(Refused, match="改过"):
            close_objection(objection=row, seen="x", by=second)
        return_closing(objection=row, because="电话里本人说没有撤回", by=second)
        with pytest.raises(Refused, match="没有待核对"):
            return_closing(objection=row, because="再退", by=second)
        row = propose_closing(objection=row, on=today, asked_by="patient", words="这次是本人来的", by=second)
        with pytest.raises(Refused, match="不能自己核对"):
            close_objection(objection=row, seen=closing_mark(row), by=second)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=73)),
        scope(worker),
        pytest.raises(Refused, match="72 小时"),
    ):
        close_objection(objection=row, seen=closing_mark(row), by=worker)
    assert is_disputed_now(patient, worker)
    with scope(worker):
        close_objection(objection=row, seen=closing_mark(row), by=worker)
    assert not is_disputed_now(patient, worker)
    page = client_of(worker).get(reverse("exchange:objection_withdraw", args=[patient.uuid, row.uuid]), follow=True)
    assert "这项异议已经撤回" in page.content.decode()


def is_disputed_now(patient, by) -> bool:
    with scope(by):
        return is_disputed(patient.pk)


def test_alerts_after_an_objection_carry_the_mark_and_only_those(world):
    patient = world.patient(VILLAGE_A1, "有异议者")
    save(world.worker, patient, 3, 2)
    row = object_to(patient, world.worker)
    save(world.worker, patient, 4, 1)
    take_back(row, world)
    save(world.worker, patient, 5)
    with scope(world.worker):
        marks = (
            AlertEntry.objects.filter(alert__agency=world.police.agency).order_by("id").values_list("level", "disputed")
        )
        assert list(marks) == [(3, False), (4, True), (5, False)]
        lines = Disclosure.objects.filter(recipient=world.police.agency.uuid).order_by("at")
        assert ["disputed" in line.fields for line in lines] == [False, True, False]
    deliver()
    sign(world.police)
    ((card,),) = [inbox(world.police)]
    assert [entry.disputed for entry in card.entries].count(True) == 1
    (told,) = client_of(world.police).get(reverse("api:alerts")).json()["results"]
    assert (told["disputed"], told["content"]["name"]) == (True, "有异议者")


def test_the_key_carries_the_mark_and_loses_it_again():
    assert is_disputed_key(disputed_key("a|0"))
    assert not is_disputed_key("a|0")
    assert plain_key(disputed_key("a|0")) == plain_key("a|0") == "a|0"


def test_rows_of_a_package_carry_the_mark_under_the_signature(house):  # noqa: F811
    package, worker = made(house), house["world"].worker
    plain = package.content_sha256
    assert "有异议" not in text_of(archive(package))
    object_to(house["high"], worker)
    with pytest.raises(Refused, match="1 人提出了异议"):
        signed(house, package)
    package.refresh_from_db()
    assert package.first_by_id is None  # said to the first signer already
    reopen_package(package=package, because="有人提出异议", by=house["who"][Role.EXCHANGE_CLERK])
    prepare_due()
    package.refresh_from_db()
    assert package.content_sha256 != plain
    assert package.counts["disputed"] == 1
    text = text_of(archive(package))
    assert text.count("有异议") == 2  # the sheet and the plain list, one row
    package = signed(house, package)
    with scope(counties=[house["county"].pk]):
        assert "disputed" in Disclosure.objects.get(release=package.uuid, person=house["high"].uuid).fields


def test_the_signers_see_how_many_are_disputed(house):  # noqa: F811
    object_to(house["high"], house["world"].worker)
    package = made(house)
    page = client_of(house["who"][Role.PRIVACY_OFFICER]).get(reverse("exchange:package", args=[package.uuid]))
    assert "1 人本人或监护人有异议" in page.content.decode()


def test_the_print_says_who_was_told_what_and_when_and_names_no_officer(house):  # noqa: F811
    world, high = house["world"], house["high"]
    save(world.worker, high, 3)
    deliver()
    sign(world.police)
    opened(world.police)
    opened(world.police)
    signed(house, made(house))
    object_to(high, world.worker)
    with scope(world.worker):
        found = {office.name: office for office in told_of(high.uuid)}
        with pytest.raises(Refused):
            print_told(patient=high, asked_by="nobody", by=world.worker)
    station = found[world.police.agency.name]
    assert [line.words for line in station.lines][-1] == "该单位查看了 2 次"
    assert "住址" in station.lines[0].fields
    assert any(line.words == "在定期名单里告知" for office in found.values() for line in office.lines)
    client = client_of(world.worker)
    url = reverse("exchange:told", args=[high.uuid])
    assert (
        reverse("exchange:told", args=[high.uuid])
        in client.get(reverse("exchange:patient_tab", args=[high.uuid])).content.decode()
    )
    assert client.post(url, {}).status_code == 400
    kept: list[str] = []
    post_save.connect(keep := lambda instance, **said: kept.append(instance.action), sender=AuditEvent, weak=False)
    answer = client.post(url, {"who": "guardian"})
    post_save.disconnect(keep, sender=AuditEvent)
    page = answer.content.decode()
    assert world.police.agency.name in page
    assert world.police.display_name not in page
    assert "level_on" not in page
    assert "该单位查看了 2 次" in page
    assert "不同意把信息提供给其他单位" in page
    assert kept == ["exchange.told.printed"]
    assert client_of(world.police).get(url).status_code == 403


def test_objections_are_entered_on_pages(world):
    patient, client = world.patient(VILLAGE_A1, "有异议者"), client_of(world.worker)
    url = reverse("exchange:objection_new", args=[patient.uuid])
    assert client.post(url, {"who": "patient", "about": "facts", "on": "2999-01-01"}).status_code == 400
    answer = client.post(
        url, {"who": "patient", "about": "facts", "on": timezone.localdate().isoformat(), "words": "电话不对"}
    )
    assert answer.status_code == 302
    page = client.get(reverse("exchange:patient_tab", args=[patient.uuid])).content.decode()
    assert "提供的内容不准确" in page
    with scope(world.worker):
        row = Objection.objects.get()
    url = reverse("exchange:objection_withdraw", args=[patient.uuid, row.uuid])
    given = {"who": "patient", "on": timezone.localdate().isoformat()}
    assert "请写明来人为什么撤回" in client.post(url, given).content.decode()
    assert client.post(url, {**given, "words": "电话改好了"}).status_code == 302
    own = client.get(url).content.decode()
    assert "您登记的撤回由另一个人核对" in own
    assert "核对无误" not in own
    assert "撤回待另一人核对" in client.get(reverse("exchange:patient_tab", args=[patient.uuid])).content.decode()
    assert client.get(reverse("exchange:objection_withdraw", args=[patient.uuid, patient.uuid])).status_code == 404
    office = client_of(world.county_office)
    assert url in office.get(reverse("followup:work_lines")).content.decode()
    assert url not in client.get(reverse("followup:work_lines")).content.decode()
    back = reverse("exchange:objection_return", args=[patient.uuid, row.uuid])
    assert office.post(back, {}).status_code == 400
    assert office.post(back, {"because": "没有联系上本人"}).status_code == 302
    assert office.post(back, {"because": "再退"}).status_code == 302
    assert client.post(url, {**given, "words": "电话改好了，本人来过"}).status_code == 302
    page = office.get(url).content.decode()
    assert "电话改好了，本人来过" in page
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    close = reverse("exchange:objection_close", args=[patient.uuid, row.uuid])
    assert reverse("accounts:step_up") in office.post(close, {"seen": seen}).headers["Location"]
    proven(office)
    assert "请重新看过再核对" in office.post(close, {"seen": "x"}, follow=True).content.decode()
    assert "已撤回" in office.post(close, {"seen": seen}, follow=True).content.decode()
