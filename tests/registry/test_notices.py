"""A word from office to office: who sees it, who may send it, and when it is no longer work."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import NotHere
from accounts.scope import scope, system_scope
from registry.models import Notice
from registry.queries.notices import notices_for, work_lines
from registry.services.notices import read_notice, tell
from registry.terms import NoticeKind

WORDS = "冉启华外出到您这里，请建立临时档案。"


@pytest.fixture
def told(world, ran):
    with scope(world.worker):
        return tell(kind=NoticeKind.AWAY, words=WORDS, patient=ran, to_township=world.town_b, by=world.worker)


def lines(user):
    with scope(user):
        return [(item.name, item.why, item.place) for item in work_lines(user, timezone.localdate())]


def test_the_receiver_has_it_as_work_until_somebody_there_has_read_it(world, told):
    assert lines(world.worker_b) == [("外出与临时档案", WORDS, "西镇")]
    with scope(world.worker_b):
        read_notice(notice=told.uuid, by=world.worker_b)
        told.refresh_from_db()
    assert (told.read_by, lines(world.worker_b)) == (world.worker_b, [])


@pytest.mark.parametrize("who", ["worker", "village_doctor", "psychiatrist", "commission", "police_b", "county_office"])
def test_nobody_else_has_the_line(world, told, who):
    assert lines(getattr(world, who)) == []


def test_a_word_to_the_county_office_is_its_own_and_no_townships(world, ran):
    with scope(world.worker):
        tell(kind=NoticeKind.IDENTITY, words="请核对。", to_county=world.county, by=world.worker)
    assert [len(lines(user)) for user in (world.county_office, world.worker, world.worker_b)] == [1, 0, 0]


def test_a_word_to_an_agency_is_read_by_its_people(world, told):
    with scope(world.worker):
        tell(kind=NoticeKind.OTHER, words="请回电。", to_agency=world.worker_b.agency, by=world.worker)
    assert [why for _, why, _ in lines(world.worker_b)] == ["请回电。", WORDS]


def test_whoever_reads_first_is_the_reader(world, told):
    with scope(world.worker_b):
        first = read_notice(notice=told.uuid, by=world.worker_b).read_at
        assert read_notice(notice=told.uuid, by=world.worker_b).read_at == first


def test_a_word_to_others_cannot_be_read_away(world, told):
    with scope(world.stranger), pytest.raises(NotHere):
        read_notice(notice=told.uuid, by=world.stranger)


def seen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid::text FROM registry_notice")
        return {uuid for (uuid,) in cursor.fetchall()}


def test_the_wall_shows_it_to_sender_receiver_and_county_only(world, told):
    for user in (world.worker, world.worker_b, world.county_office):
        with scope(user):
            assert seen() == {str(told.uuid)}
    for user in (world.stranger, world.police_b):
        with scope(user):
            assert seen() == set()
    with transaction.atomic():
        assert seen() == set()


def refused(act):
    with pytest.raises(DatabaseError, match=r"policy|permission denied"), transaction.atomic():
        act()


def test_the_wall_refuses_a_forged_sender_and_a_strangers_patient(world, ran, told):
    facts = {"kind": "other", "words": "x", "to_township": world.town_b, "to_county": world.county}
    with scope(world.worker):
        refused(lambda: Notice.objects.create(**facts, told_by=world.worker_b))
        refused(lambda: Notice.objects.create(**facts))
    with scope(world.stranger):
        refused(lambda: Notice.objects.create(**facts, told_by=world.stranger, patient_id=ran.pk))


def test_the_wall_lets_nothing_but_the_reading_be_written(world, told):
    with scope(world.worker_b):
        refused(lambda: Notice.objects.filter(pk=told.pk).update(to_township=world.town_a))
        refused(lambda: Notice.objects.filter(pk=told.pk).delete())
    with scope(world.stranger):
        assert Notice.objects.filter(pk=told.pk).update(read_at=timezone.now()) == 0


def test_the_system_tells_in_its_own_name(world, ran):
    with system_scope():
        row = tell(kind=NoticeKind.CARE, words="逾期三天。", patient=ran, to_township=world.town_a, by=None)
    with scope(world.worker):
        assert [(found.pk, found.told_by) for found in notices_for(world.worker)] == [(row.pk, None)]


def test_the_page_shows_the_words_and_the_button_takes_them_off_the_list(world, told, log_in):
    client = log_in(world.worker_b)
    assert WORDS in client.get(reverse("registry:notices")).content.decode()
    answer = client.post(reverse("registry:notice_read", args=[told.uuid]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("registry:notices"))
    assert "看过" in client.get(reverse("registry:notices")).content.decode()
