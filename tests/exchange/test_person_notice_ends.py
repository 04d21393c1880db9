"""单人告知: what an office sees of it, and how it ends: back, closed, moved, fallen, past its days, corrected, withdrawn.

Source: issue 4, Build 1 (urgent single-person, discharge, flow, sudden change, lost report) and Build 3.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.models import Agency
from accounts.refusals import NotHere
from accounts.scope import scope
from exchange.models import Notice, PersonNotice, PersonNoticeCopy
from exchange.queries.person_notice_lines import notice_lines
from exchange.queries.told import told_of
from exchange.services.channels import register_channel
from exchange.services.my_notices import open_notice, sign_for
from exchange.services.person_notice_checks import compare_notices
from exchange.services.person_notice_ends import end_expired, note_silence
from exchange.services.person_notices import (
    fingerprint,
    send_notice,
    sendable,
    withdraw_notice,
)
from registry.models import Patient
from registry.rules.person import PersonFacts
from registry.services.changes import change_patient
from registry.services.moves import move_patient
from registry.services.objections import record_objection
from registry.services.status import close_patient, set_status
from tests.conftest import TOWN_B
from tests.exchange.conftest import as_partner, ledger, save
from tests.exchange.person_notices import cards, lost, make_house, read, send, sign, sign_all, told


@pytest.fixture
def house(world):
    return make_house(world)


# the office's side


def test_an_office_signs_then_reads_and_every_reading_is_in_the_ledger(house):
    person = lost(house, house["world"].patient(name="甲"))
    sent = send(house["worker"], person, "lost_report")
    assert read(house["police"]) == []
    assert sign_all(house["police"]) == ["copy"]
    (said,) = read(house["police"])
    copy = told(sent)[house["police"].agency.name]
    assert said == copy.content
    assert copy.acknowledged_by == house["police"]
    assert copy.seen_at <= copy.acknowledged_at
    opened = [row for row in ledger(person) if row.act == "opened"]
    assert [(row.recipient, row.actor) for row in opened] == [(house["police"].agency.uuid, house["police"].uuid)]
    assert set(opened[0].fields) == {key for key, words in said.items() if words}


def test_an_office_sees_its_own_copies_only(house):
    person = lost(house, house["world"].patient(name="甲"))
    sent = send(house["worker"], person, "lost_report", only=house["police"])
    (copy,) = told(sent).values()
    for user in (house["police_b"], house["political"], house["village"]):
        assert cards(user) == []
        with as_partner(user):
            assert open_notice(notice=copy.uuid, by=user, proven=False) == []
            with pytest.raises(NotHere):
                sign_for(notice=copy.uuid, by=user)
    with as_partner(house["police"]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM exchange_personnoticecopy")


def test_a_moment_is_written_once(house):
    person = lost(house, house["world"].patient(name="甲"))
    sent = send(house["worker"], person, "lost_report", only=house["police"])
    sign_all(house["police"])
    for change in ({"delivered_at": timezone.now()}, {"number": "X-1"}, {"acknowledged_at": timezone.now()}):
        with scope(house["worker"]), pytest.raises(DatabaseError), transaction.atomic():
            PersonNoticeCopy.objects.filter(notice=sent).update(**change)


def test_an_objection_goes_along(house):
    person = lost(house, house["world"].patient(name="甲"))
    with scope(house["worker"]):
        record_objection(
            patient=person, on=timezone.localdate(), made_by="guardian", about="facts", words="不对", by=house["worker"]
        )
    send(house["worker"], person, "lost_report", only=house["police"])
    sign_all(house["police"])
    assert [card.row.disputed for card in cards(house["police"])] == [True]
    assert [row.fields[-1] for row in ledger(person)] == ["disputed"]


def test_addresses_outside_get_a_number_and_a_link_each_time(house):
    with scope(house["clerk"]):
        register_channel(
            agency=house["police"].agency.uuid, kind="mail", address="desk@police.example", by=house["clerk"]
        )
    person = lost(house, house["world"].patient(name="甲"), ago=1)
    sent = send(house["worker"], person, "lost_report")
    with scope(house["worker"]):
        withdraw_notice(notice=sent, because="发错", by=house["worker"])
    copy = told(sent)[house["police"].agency.name]
    assert list(Notice.objects.order_by("pk").values_list("entry", "word")) == [
        (copy.uuid, "new"),
        (copy.uuid, "ended"),
    ]


# how it ends


def test_a_withdrawal_reaches_everybody_who_ever_got_it(house):
    person = lost(house, house["world"].patient(name="甲"), ago=1)
    sent = send(house["worker"], person, "lost_report")
    sign_all(house["police"])
    with scope(house["worker"]):
        withdraw_notice(notice=sent, because="登记错了人", by=house["worker"])
    assert read(house["police"]) == []
    assert {copy.ended_because for copy in told(sent).values()} == {"withdrawn"}
    told_to = {row.recipient for row in ledger(person) if row.act == "disclosed"}
    assert {row.recipient for row in ledger(person) if row.act == "recalled"} == told_to
    with scope(house["worker"]):
        (police,) = [one for one in told_of(person.uuid) if one.name == house["police"].agency.name]
    assert [line.words for line in police.lines] == ["告知", "已通知该单位收回，不再使用"]
    assert sign_all(house["police"]) == ["end"]


def test_what_has_ended_is_still_withdrawn_from_everybody(house):
    person = lost(house, house["world"].patient(name="甲"), ago=2)
    sent = send(house["worker"], person, "lost_report", only=house["police"])
    with scope(house["worker"]):
        set_status(patient=person, value="managed", on=timezone.localdate(), by=house["worker"], reason="回来了")
    assert sign_all(house["police"]) == ["end"]
    with scope(house["worker"]):
        withdraw_notice(notice=sent, because="登记错了人", by=house["worker"])
    assert [(c.row.ended_because, c.waits) for c in cards(house["police"])] == [("withdrawn", True)]
    assert sign_all(house["police"]) == ["end"]


def test_a_correction_goes_to_everybody_who_reads_the_first_one(house):
    person = lost(house, house["world"].patient(name="甲", residence_address="旧址1号"), ago=1)
    first = send(house["worker"], person, "lost_report")
    sign_all(house["police"])
    with scope(house["worker"]):
        person = Patient.objects.get(pk=person.pk)
        change_patient(patient=person, said=PersonFacts(residence_address="新址9号"), by=house["worker"])
        person = Patient.objects.get(pk=person.pk)
        ready = sendable(person, "lost_report", by=house["worker"], corrects=first)
        second = send_notice(
            patient=person, situation="lost_report", agencies=[one.agency.uuid for one in ready], because="地址有误",
            seen=fingerprint("lost_report", ready).hex(), form_id=uuid4(), by=house["worker"], corrects=first,
        )  # fmt: skip
        first.refresh_from_db()
    assert set(told(second)) == set(told(first))
    assert (first.state, second.state) == ("ended", "sent")
    sign_all(house["police"])
    (said,) = read(house["police"])
    assert said["address"] == "东街道东一社区新址9号"
    acts = [row.act for row in ledger(person) if row.recipient == house["police"].agency.uuid and row.act != "opened"]
    assert sorted(acts) == ["disclosed", "disclosed", "recalled"]


def test_what_the_record_of_the_day_no_longer_says_is_to_be_corrected(house):
    """A late correction of the day asks for one; what happens afterwards does not."""
    person = house["world"].patient(name="甲")
    save(house["worker"], person, 3, ago=1)
    sent = sign(house["office"], send(house["worker"], person, "urgent"))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        save(house["worker"], person, 4)
        assert compare_notices() == 0
    with scope(house["worker"]):
        change_patient(patient=Patient.objects.get(pk=person.pk), said=PersonFacts(name="甲甲"), by=house["worker"])
    assert (compare_notices(), compare_notices()) == (1, 1)
    with scope(house["worker"]):
        lines = notice_lines(house["worker"], timezone.localdate())
        assert [line.verb for line in lines if "紧急" in line.why] == ["更正"]
        withdraw_notice(notice=sent, because="发错", by=house["worker"])
    assert compare_notices() == 0


def test_past_its_days_it_is_gone_at_once_and_the_clock_writes_it_down(house):
    person = lost(house, house["world"].patient(name="甲"), ago=1)
    sent = send(house["worker"], person, "lost_report")
    sign_all(house["police"])
    with scope(house["worker"]):
        ago = timezone.now() - timedelta(days=31)
        PersonNotice.objects.filter(pk=sent.pk).update(released_at=ago, expires_at=ago + timedelta(days=30))
    assert read(house["police"]) == []
    assert [(card.is_over, card.waits) for card in cards(house["police"])] == [(True, False)]
    assert end_expired() == len(told(sent))
    assert end_expired() == 0
    with scope(house["worker"]):
        sent.refresh_from_db()
    assert sent.state == "ended"
    assert sum(row.act == "recalled" for row in ledger(person)) == len(told(sent))


def test_with_the_alert_ends_the_urgent_notice_and_the_villages(house):
    person = house["world"].patient(name="甲")
    save(house["worker"], person, 3, ago=1)
    send(house["worker"], person, "sudden_change")
    sign(house["office"], send(house["worker"], person, "urgent"))
    for who in ("police", "village"):
        sign_all(house[who])
        assert len(read(house[who])) == 1
    save(house["worker"], person, 1)
    for who in ("police", "village"):
        assert read(house[who]) == []
        assert [card.row.ended_because for card in cards(house[who])] == ["fell"]


def test_a_move_ends_what_the_old_townships_offices_read(house):
    world = house["world"]
    person = lost(house, world.patient(name="甲"), ago=1)
    sent = send(house["worker"], person, "lost_report")
    with scope(house["office"]):
        move_patient(
            patient=Patient.objects.get(pk=person.pk), on=timezone.localdate(), by=house["office"],
            to_township=world.places[TOWN_B], reason="迁居", address="东路1号",
        )  # fmt: skip
    ended = {name: copy.ended_because for name, copy in told(sent).items()}
    assert ended[house["police"].agency.name] == ended[house["political"].agency.name] == "moved"
    assert ended[world.county_police.agency.name] == ""


def test_a_closed_file_is_read_by_nobody(house):
    person = lost(house, house["world"].patient(name="甲"), ago=1)
    sent = send(house["worker"], person, "lost_report")
    with scope(house["worker"]):
        close_patient(
            patient=Patient.objects.get(pk=person.pk), value="moved_out", on=timezone.localdate(), by=house["worker"],
            reason="迁出",
        )  # fmt: skip
    assert {copy.ended_because for copy in told(sent).values()} == {"closed"}


def test_the_writer_hears_of_offices_that_do_not_sign(house):
    """A desk on duty counts every hour; its silence is noted once after a day, and shows until somebody signs."""
    person = lost(house, house["world"].patient(name="甲"), ago=1)
    Agency.objects.filter(pk=house["police"].agency_id).update(on_duty=True)
    send(house["worker"], person, "lost_report", only=house["police"])
    for hours, noted in ((23, 0), (25, 1), (26, 0)):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            assert note_silence() == noted
    with scope(house["worker"]):
        (line,) = notice_lines(house["worker"], timezone.localdate())
    assert (line.verb, house["police"].agency.name in line.why) == ("督促", True)
    sign_all(house["police"])
    with scope(house["worker"]):
        assert notice_lines(house["worker"], timezone.localdate()) == []


def test_the_print_names_the_office_what_it_was_told_and_the_ground(house):
    person = lost(house, house["world"].patient(name="甲"))
    send(house["worker"], person, "lost_report", only=house["police"])
    with scope(house["worker"]):
        (police,) = told_of(person.uuid)
    (line,) = police.lines
    assert (police.name, line.words) == (house["police"].agency.name, "告知")
    assert "姓名" in line.fields
    assert "失访（死亡）患者登记" in line.basis
