"""单人告知: who is asked, who is told what by whom, two signatures under an urgent one, and how it ends.

Source: issue 4, Build 1 (urgent single-person, discharge, flow, sudden change, lost report) and Build 3.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.signals import post_save
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind
from exchange.models import PersonNotice
from exchange.queries.my_notices import waiting_lines
from exchange.queries.person_notice_lines import notice_lines
from exchange.queries.person_notices import offices_to_tell
from exchange.services.my_notices import open_notice, sign_for
from exchange.services.person_notices import (
    decline_notice,
    fingerprint,
    return_notice,
    send_notice,
    sendable,
    sign_notice,
)
from registry.models import Patient
from registry.rules.person import PersonFacts
from registry.services.admissions import admit, discharge
from registry.services.away import register_away
from registry.services.changes import change_patient
from registry.services.status import close_patient, set_status
from tests.conftest import TOWN_B
from tests.exchange.conftest import ledger, save
from tests.exchange.person_notices import cards, lost, make_house, offered, read, send, sign, sign_all, told, waiting
from tests.exchange.test_keys import proven


@pytest.fixture
def house(world):
    return make_house(world)


@pytest.fixture
def trail():
    """Actions of this page's services, as they are written."""
    kept = []
    keep = lambda instance, **said: kept.append(instance.action)  # noqa: E731
    post_save.connect(keep, sender=AuditEvent, weak=False)
    yield kept
    post_save.disconnect(keep, sender=AuditEvent)


# what the system asks for


def test_a_loss_asks_for_the_written_report_and_somebody_sends_it(house, trail):
    person = lost(house, house["world"].patient(name="甲"))
    (asked,) = waiting(person)
    assert asked.situation == "lost_report"
    with scope(house["worker"]):
        (line,) = notice_lines(house["worker"], timezone.localdate())
    assert (line.verb, "失访（死亡）登记表待发出" in line.why) == ("告知", True)
    sent = send(house["worker"], person, "lost_report")
    assert (sent.pk, sent.state) == (asked.pk, "sent")
    kinds = {copy.agency.kind for copy in told(sent).values()}
    assert kinds == {AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL, AgencyKind.PREVENTION_OFFICE}
    with scope(house["worker"]):
        assert notice_lines(house["worker"], timezone.localdate()) == []
    ours = [action for action in trail if action.startswith("exchange.person_notice.")]
    assert ours == ["exchange.person_notice.asked", "exchange.person_notice.sent"]


def test_who_is_back_is_searched_for_no_longer(house):
    person = lost(house, house["world"].patient(name="甲"), ago=2)
    sent = send(house["worker"], person, "lost_report")
    sign_all(house["police"])
    assert read(house["police"])[0]["name"] == "甲"
    with scope(house["worker"]):
        set_status(patient=person, value="managed", on=timezone.localdate(), by=house["worker"], reason="回来了")
    assert read(house["police"]) == []
    assert {copy.ended_because for copy in told(sent).values()} == {"back"}
    assert [(card.is_end, card.waits) for card in cards(house["police"])] == [(True, True)]
    assert sign_all(house["police"]) == ["end"]
    assert sign_all(house["police"]) == [""]


def test_what_was_asked_for_is_dropped_when_it_is_over(house):
    person = lost(house, house["world"].patient(name="甲"), ago=2)
    with scope(house["worker"]):
        set_status(patient=person, value="managed", on=timezone.localdate(), by=house["worker"], reason="回来了")
    assert waiting(person) == []


def test_a_level_that_newly_reaches_the_threshold_asks_once(house):
    person = house["world"].patient(name="甲")
    save(house["worker"], person, 1, ago=3)
    assert waiting(person) == []
    save(house["worker"], person, 3, ago=2)
    save(house["worker"], person, 4, ago=1)
    assert [row.situation for row in waiting(person)] == ["sudden_change"]
    sent = send(house["worker"], person, "sudden_change")
    assert {copy.agency.kind for copy in told(sent).values()} == {AgencyKind.GOVERNMENT, AgencyKind.VILLAGE_COMMITTEE}
    for user in (house["government"], house["village"]):
        sign_all(user)
        (copy,) = read(user)
        assert set(copy) == {"name", "address", "worker", "worker_phone"}


def test_nobody_is_told_of_a_loss_or_a_discharge_that_there_was_not(house, log_in):
    person, url, today = house["world"].patient(name="甲"), "exchange:person_notice_new", timezone.localdate()
    with scope(house["worker"]):
        assert offices_to_tell(person, "lost_report", today) == []
        assert offices_to_tell(person, "discharge", today) == []
    page = proven(log_in(house["worker"])).get(reverse(url, args=[person.uuid, "lost_report"])).content.decode()
    assert "现在没有要告知的单位" in page
    assert 'class="btn btn-primary"' not in page
    with scope(house["worker"]):
        admit(patient=person, on=today - timedelta(days=5), by=house["worker"], hospital_name="试验医院")
        discharge(patient=Patient.objects.get(pk=person.pk), on=today, by=house["worker"])
        assert {one.kind for one in offices_to_tell(person, "discharge", today)} == {AgencyKind.HEALTH_CENTRE}


def test_a_late_entry_asks_for_nothing(house):
    person = lost(house, house["world"].patient(name="甲"), ago=30)
    assert waiting(person) == []


def test_without_a_template_in_force_nothing_is_asked(world):
    house = make_house(world, keys=("police.urgent",))
    assert waiting(lost(house, world.patient(name="甲"))) == []


def test_a_stay_abroad_is_told_to_civil_affairs_there_and_not_a_second_time_to_health(house):
    world, person = house["world"], house["world"].patient(name="甲")
    with scope(house["worker"]):
        register_away(
            patient=person, on=timezone.localdate(), by=house["worker"], until=timezone.localdate() + timedelta(days=90),
            to_township=world.places[TOWN_B], address="东路1号",
        )  # fmt: skip
        assert [line.verb for line in notice_lines(house["worker"], timezone.localdate())] == ["告知"]
    sent = send(house["worker"], person, "flow")
    assert {copy.agency.kind for copy in told(sent).values()} == {AgencyKind.CIVIL_AFFAIRS}
    sign_all(house["civil_b"])
    (copy,) = read(house["civil_b"])
    assert set(copy) == {"name", "sex", "address", "guardian_name", "guardian_phone", "needs_help"}
    assert copy["address"] == f"{world.places[TOWN_B].name}东路1号"  # where the person stays


def test_police_at_the_destination_hear_of_whom_alerts_would_be_told(house):
    world = house["world"]
    quiet, watched = world.patient(name="甲"), world.patient(name="乙")
    save(house["worker"], watched, 3, ago=1)
    for person in (quiet, watched):
        with scope(house["worker"]):
            register_away(
                patient=person, on=timezone.localdate(), by=house["worker"],
                until=timezone.localdate() + timedelta(days=90), to_township=world.places[TOWN_B],
            )  # fmt: skip
    police_b = house["police_b"].agency.name
    assert police_b not in offered(house["worker"], quiet, "flow")
    assert police_b in offered(house["worker"], watched, "flow")


def test_a_short_absence_has_no_place_to_tell(house):
    person = house["world"].patient(name="甲")
    with scope(house["worker"]):
        set_status(patient=person, value="away", on=timezone.localdate(), by=house["worker"], reason="探亲")
        assert notice_lines(house["worker"], timezone.localdate()) == []


def test_who_enters_the_discharge_is_not_told_of_it(house):
    world, today = house["world"], timezone.localdate()
    own, theirs = world.patient(name="甲"), world.patient(name="乙")
    for person, by in ((own, house["worker"]), (theirs, house["office"])):
        with scope(by):
            admit(patient=person, on=today - timedelta(days=9), by=by, hospital_name="市医院")
            discharge(patient=Patient.objects.get(pk=person.pk), on=today, by=by)
    assert waiting(own) == []
    assert [row.situation for row in waiting(theirs)] == ["discharge"]
    assert offered(house["office"], theirs, "discharge") == [house["worker"].agency.name]
    send(house["office"], theirs, "discharge")
    with scope(house["worker"]):
        (line,) = waiting_lines(house["worker"], today)
    assert line.verb == "签收"
    with scope(house["worker"]):
        (row,) = [card.row.uuid for card in cards(house["worker"])]
    with scope(house["worker"]):
        assert sign_for(notice=row, by=house["worker"]) == "copy"
        said = {item.value: words for item, words in open_notice(notice=row, by=house["worker"], proven=False)}
        assert waiting_lines(house["worker"], today) == []
    assert (said["discharged_on"], said["admitted_on"]) == (f"{today}", f"{today - timedelta(days=9)}")


def test_a_death_is_reported_to_the_higher_office_only(house):
    person = house["world"].patient(name="甲")
    with scope(house["worker"]):
        close_patient(
            patient=person,
            value="dead",
            on=timezone.localdate(),
            by=house["worker"],
            reason="家属告知",
            death_cause="1",
        )
    assert [row.situation for row in waiting(person)] == ["lost_report"]
    sent = send(house["worker"], person, "lost_report")
    assert [copy.agency.kind for copy in told(sent).values()] == [AgencyKind.PREVENTION_OFFICE]
    for situation in ("urgent", "sudden_change"):
        with pytest.raises(Refused, match="已经结案"):
            send(house["worker"], person, situation)


def test_what_is_declined_keeps_its_reason_and_stands_no_longer_in_the_work(house):
    person = lost(house, house["world"].patient(name="甲"))
    (asked,) = waiting(person)
    with scope(house["worker"]):
        with pytest.raises(Refused, match="原因"):
            decline_notice(notice=asked, because="", by=house["worker"])
        row = decline_notice(notice=asked, because="已当面报告", by=house["worker"])
        assert notice_lines(house["worker"], timezone.localdate()) == []
    assert (row.state, row.ended_because, row.ended_by) == ("declined", "已当面报告", house["worker"])


# two signatures


def test_an_urgent_notice_reaches_nobody_before_another_person_has_signed(house):
    person = house["world"].patient(name="甲")
    row = send(house["worker"], person, "urgent")
    assert row.state == "proposed"
    assert cards(house["police"]) == []
    assert ledger(person) == []
    with scope(house["office"]):
        (line,) = notice_lines(house["office"], timezone.localdate())
    assert line.verb == "签发"
    row = sign(house["office"], row)
    assert (row.state, row.first_by, row.released_by) == ("sent", house["worker"], house["office"])
    assert row.expires_at == row.released_at + timedelta(days=3)
    assert len(ledger(person)) == len(told(row)) == 4
    assert [card.waits for card in cards(house["police"])] == [True]


def test_who_wrote_it_cannot_sign_it(house):
    row = send(house["office"], house["world"].patient(name="甲"), "urgent")
    with pytest.raises(Refused, match="另一个人"):
        sign(house["office"], row)
    now = timezone.now()
    done = {"released_by": house["office"], "released_at": now, "expires_at": now + timedelta(days=1)}
    with scope(house["office"]), pytest.raises(DatabaseError, match="personnotice_two_people"), transaction.atomic():
        PersonNotice.objects.filter(pk=row.pk).update(state="sent", **done)
    assert sign(house["psychiatrist"], row).state == "sent"


def test_a_township_worker_cannot_give_the_second_signature(house):
    row = send(house["office"], house["world"].patient(name="甲"), "urgent")
    with pytest.raises(Denied):
        sign(house["worker"], row)


def test_the_second_person_signs_what_still_holds(house):
    person = house["world"].patient(name="甲")
    row = send(house["worker"], person, "urgent")
    save(house["worker"], person, 1)
    with pytest.raises(Refused, match="拟写以后"):
        sign(house["office"], row)
    with scope(house["office"]), pytest.raises(Refused, match="内容有变化"):
        sign_notice(notice=row, seen="00", by=house["office"])


def test_a_proposal_lapses_after_three_days(house):
    row = send(house["worker"], house["world"].patient(name="甲"), "urgent")
    with scope(house["office"]):
        PersonNotice.objects.filter(pk=row.pk).update(first_at=timezone.now() - timedelta(hours=73))
    with pytest.raises(Refused, match="72 小时"):
        sign(house["office"], row)


def test_what_is_returned_is_told_to_nobody(house):
    person = house["world"].patient(name="甲")
    row = send(house["worker"], person, "urgent")
    with scope(house["office"]):
        assert return_notice(notice=row, because="不紧急", by=house["office"]).state == "dropped"
    with pytest.raises(Refused):
        sign(house["psychiatrist"], row)
    assert (cards(house["police"]), ledger(person)) == ([], [])


# who may, and what is refused


def test_only_offices_of_the_list_are_told_and_only_what_was_seen(house):
    person = lost(house, house["world"].patient(name="甲"))
    with scope(house["worker"]):
        person = Patient.objects.get(pk=person.pk)
        ready = sendable(person, "lost_report", by=house["worker"])
        seen = fingerprint("lost_report", ready).hex()
        facts = {"patient": person, "situation": "lost_report", "by": house["worker"]}
        stranger = house["civil_b"].agency.uuid
        for agencies in ([], [stranger], [ready[0].agency.uuid, stranger]):
            with pytest.raises(Refused, match="列出的单位"):
                send_notice(agencies=agencies, because="找人", seen=seen, form_id=uuid4(), **facts)
        with pytest.raises(Refused, match="为什么"):
            send_notice(agencies=[ready[0].agency.uuid], because="", seen=seen, form_id=uuid4(), **facts)
        change_patient(patient=person, said=PersonFacts(residence_address="新址9号"), by=house["worker"])
        with pytest.raises(Refused, match="有变化"):
            send_notice(agencies=[ready[0].agency.uuid], because="找人", seen=seen, form_id=uuid4(), **facts)
    assert ledger(person) == []


def test_another_townships_worker_finds_nothing(house):
    person = lost(house, house["world"].patient(name="甲"))
    (asked,) = waiting(person)
    with scope(house["worker_b"]), pytest.raises(Denied):
        send_notice(
            patient=person, situation="lost_report", agencies=[], because="x", seen="", form_id=uuid4(),
            by=house["worker_b"],
        )  # fmt: skip
    with scope(house["worker_b"]), pytest.raises(NotHere):
        decline_notice(notice=asked, because="x", by=house["worker_b"])


def test_a_form_sent_twice_is_one_notice(house):
    person, form = lost(house, house["world"].patient(name="甲")), uuid4()
    first = send(house["worker"], person, "lost_report", form_id=form)
    again = send(house["worker"], person, "lost_report", form_id=form)
    assert first.pk == again.pk
    assert len(ledger(person)) == len(told(first))
