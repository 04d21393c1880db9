"""The person's side: an objection marks everything that leaves after it, and a print says who was told what."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import AlertEntry, Disclosure
from exchange.queries.packages import items_by_person
from exchange.queries.told import told_of
from exchange.rules.packages import disputed_key, is_disputed_key, plain_key
from exchange.services.packages import reopen_package
from exchange.services.preparing import prepare_due
from exchange.services.told import print_told
from registry.models import Objection
from registry.services.objections import record_objection, withdraw_objection
from registry.signals import objection_changed
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import client_of, deliver, inbox, opened, save, sign
from tests.exchange.test_packages import archive, house, made, signed, text_of  # noqa: F401 - the fixture


def object_to(patient, by, **more):
    given = {"on": timezone.localdate(), "made_by": "patient", "about": "sharing", "words": "不想让派出所知道"}
    with scope(by):
        return record_objection(patient=patient, by=by, **{**given, **more})


def test_an_objection_is_dated_stays_and_is_taken_back_on_a_day(world):
    heard = []
    objection_changed.connect(hear := lambda **said: heard.append(said["patient"].pk), weak=False)
    patient = world.patient(VILLAGE_A1, "有异议者")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for wrong in ({"on": tomorrow}, {"made_by": "x"}, {"about": "x"}):
        with pytest.raises(Refused):
            object_to(patient, world.worker, **wrong)
    row = object_to(patient, world.worker, on=timezone.localdate() - timedelta(days=3))
    with pytest.raises(Refused, match="已经登记过"):
        object_to(patient, world.worker)
    with scope(world.worker):
        with pytest.raises(Refused, match="不能早于"):
            withdraw_objection(
                objection=row, on=timezone.localdate() - timedelta(days=4), withdrawn_by="patient", by=world.worker
            )
        withdraw_objection(objection=row, on=timezone.localdate(), withdrawn_by="guardian", by=world.worker)
        with pytest.raises(Refused, match="已经撤回"):
            withdraw_objection(objection=row, on=timezone.localdate(), withdrawn_by="guardian", by=world.worker)
        for statement in ("UPDATE registry_objection SET made_on = current_date", "DELETE FROM registry_objection"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert Objection.objects.get().words == "不想让派出所知道"
    with scope(world.police), pytest.raises(Denied):
        record_objection(
            patient=patient, on=timezone.localdate(), made_by="patient", about="facts", words="", by=world.police
        )
    assert heard == [patient.pk] * 2
    objection_changed.disconnect(hear)


def test_alerts_after_an_objection_carry_the_mark_and_only_those(world):
    patient = world.patient(VILLAGE_A1, "有异议者")
    save(world.worker, patient, 3, 2)
    row = object_to(patient, world.worker)
    save(world.worker, patient, 4, 1)
    with scope(world.worker):
        withdraw_objection(objection=row, on=timezone.localdate(), withdrawn_by="patient", by=world.worker)
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
    reopen_package(package=package, because="有人提出异议", by=house["who"][Role.EXCHANGE_CLERK])
    prepare_due()
    package.refresh_from_db()
    assert package.content_sha256 != plain
    assert package.counts["disputed"] == 1
    text = text_of(archive(package))
    assert text.count("有异议") == 2  # the sheet and the plain list, one row
    package = signed(house, package)
    with scope(counties=[house["county"].pk]):
        assert "disputed" in items_by_person(package)[house["high"].uuid]
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
    assert client.post(url, {"who": "patient", "on": timezone.localdate().isoformat()}).status_code == 302
    assert client.get(reverse("exchange:objection_withdraw", args=[patient.uuid, patient.uuid])).status_code == 404
