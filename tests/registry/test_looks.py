"""Whom a line of 今日工作 names is noted as seen, wherever the line comes from, reached or not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.queries.work import work_lines
from accounts.scope import scope
from registry.models import Referral
from registry.rules.clues import ClueEntry
from registry.services.away import register_away, take_temporary_file
from registry.services.clues import enter_clue
from registry.services.referrals import propose_referral
from registry.services.transfers import answer_transfer, propose_transfer
from tests.conftest import VILLAGE_A1
from tests.registry.hospital import hospital_of, sent_card, sent_discharge

pytestmark = pytest.mark.django_db


def named(user, name):
    """The persons noted with the lines that show this name."""
    with scope(user):
        found = [item for items in work_lines(user, timezone.localdate()).values() for item in items]
    return {item.person for item in found if name in f"{item.name}{item.why}"}


def test_a_clues_line_notes_the_clue_as_its_list_does(world):
    told = {"name": "线索甲", "sex": "1"}
    entry = ClueEntry(
        township=world.town_a.pk, village=world.places[VILLAGE_A1].pk, source="village", items=(1,),
        found_on=timezone.localdate(), told=told,
    )  # fmt: skip
    with scope(world.worker):
        enter_clue(entry=entry, form_id=uuid4(), by=world.worker)
        from registry.models import Clue

        assert named(world.worker, "线索甲") == {Clue.objects.get().uuid}


@pytest.mark.parametrize("send", [sent_card, sent_discharge])
def test_a_papers_line_notes_the_paper(world, send):
    row = send(hospital_of(world))
    assert named(world.worker, str(row.said["name"])) == {row.uuid}


def test_a_transfers_line_notes_the_person_for_who_does_not_reach_the_file(world, ran):
    with scope(world.worker):
        row = propose_transfer(patient=ran, by=world.worker, reason="moved", to_township=world.town_b)
    assert named(world.worker_b, "冉启华") == {ran.uuid}
    with scope(world.worker_b):
        answer_transfer(transfer=row.uuid, answer="accept", by=world.worker_b)
    assert named(world.worker_b, "冉启华") == {ran.uuid}
    assert named(world.worker, "冉启华") == {ran.uuid}  # the notice to the old township


def test_a_temporary_files_line_and_notice_note_the_person(world, ran):
    with scope(world.worker):
        row = register_away(patient=ran, on=timezone.localdate(), by=world.worker, to_township=world.town_b)
    assert named(world.worker_b, "冉启华") == {ran.uuid}
    with scope(world.worker_b):
        take_temporary_file(file=row.uuid, by=world.worker_b)
    assert named(world.worker, "冉启华") == {ran.uuid}


def test_a_referrals_line_notes_the_person_for_the_hospital_too(world, ran):
    today, hospital = timezone.localdate(), world.hospital
    with scope(world.worker):
        propose_referral(
            patient=ran, on=today - timedelta(days=1), direction="up", reason="unstable", category="general",
            slip={"name": "冉启华"}, by=world.worker, to_agency=hospital.agency,
        )  # fmt: skip
        assert Referral.objects.count() == 1
    assert named(hospital, "冉启华") == named(world.worker, "冉启华") == {ran.uuid}


def test_the_list_of_notices_notes_whom_it_names_though_the_file_is_gone(world, ran, log_in):
    with scope(world.worker):
        row = propose_transfer(patient=ran, by=world.worker, reason="moved", to_township=world.town_b)
    with scope(world.worker_b):
        answer_transfer(transfer=row.uuid, answer="accept", by=world.worker_b)
    from registry.queries.trail import looks_at

    log_in(world.worker).get(reverse("registry:notices"))
    with scope(world.worker_b):
        assert [look.purpose for look in looks_at(ran.uuid)][:1] == ["名单"]
