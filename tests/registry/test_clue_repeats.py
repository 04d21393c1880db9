"""Somebody told of twice, and a clue that becomes a card or a file without being typed again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import NotHere, Refused
from accounts.rules.work import Topic
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from followup.models import Incident
from followup.services.incidents import record_incident
from registry.models import Clue, OwnClue, Patient
from registry.queries.clues import likely_same, whole_report, work_lines
from registry.rules.clue_likeness import Meant, same_person
from registry.rules.clues import Outcome
from registry.services.cards import accept_card, accept_new
from registry.services.clues import (
    assign_clue,
    link_known_clues,
    merge_clue,
    record_survey,
    register_from_clue,
    settle_clue,
)
from registry.services.refusals import FactsRefused
from registry.terms import ClueState
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1
from tests.followup.test_incidents import facts
from tests.registry.hospital import accepted, hospital_of, sent_card
from tests.registry.test_clues import diagnosed, report

S = ClueState
NUMBER = "500242198001010010"


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"id_number": NUMBER}, {"id_number": NUMBER}, ("身份证号相同",)),
        ({"id_number": NUMBER, "name": "甲", "village": 1}, {"id_number": "x", "name": "甲", "village": 1}, ()),
        ({"name": "甲", "village": 1}, {"name": "甲", "village": 1}, ("姓名和村（社区）相同",)),
        ({"name": "甲", "village": None}, {"name": "甲", "village": None}, ()),
        ({"name": "甲", "village": 1, "sex": "1"}, {"name": "甲", "village": 1, "sex": "2"}, ()),
        ({"name": "甲", "age": 40}, {"name": "甲", "age": 42}, ("姓名相同，年龄相近",)),
        ({"name": "甲", "age": 40, "village": 1}, {"name": "甲", "age": 43, "village": 1}, ()),
        ({"phone": "19900000001", "name": "甲"}, {"phone": "19900000001", "name": "甲"}, ("本人电话相同", "姓名相同")),
        ({"name": "甲"}, {"name": "乙"}, ()),
        ({}, {}, ()),
    ],
)
def test_what_speaks_for_one_person(one, other, reasons):
    assert same_person(Meant(**one), Meant(**other)) == reasons
    assert same_person(Meant(**other), Meant(**one)) == reasons


@pytest.fixture
def clerk(world):
    place = world.places[VILLAGE_A1]
    return factories.make_user(
        Role.VILLAGE_CLERK, place, factories.make_agency(AgencyKind.VILLAGE_COMMITTEE, place), username="clerk"
    )


pytestmark = pytest.mark.django_db


def test_a_person_told_of_twice_is_shown_with_the_reason_and_ends_in_one_clue(world, clerk, log_in):
    kept, again = report(world, clerk, phone="19900000001"), report(world, clerk, contact="线索乙", items=(3,))
    other = report(world, clerk, name="旁人")
    client, by = log_in(world.worker), world.worker
    with scope(by):
        record_incident(about=again, facts=facts(), form_id=uuid4(), by=by)
        assert [(one.pk, why) for one, why in likely_same(again, by)] == [(kept.pk, ("姓名和村（社区）相同",))]
    page = client.get(reverse("registry:clue", args=[again.uuid])).content.decode()
    assert "姓名和村（社区）相同" in page
    assert "旁人" not in page
    merge = reverse("registry:clue_same", args=[again.uuid, kept.uuid])
    assert "合并" in client.get(merge).content.decode()
    assert client.post(merge).status_code == 302
    with scope(by):
        again = Clue.objects.get(pk=again.pk)
        assert (again.state, again.same_as_id) == ("duplicate", kept.pk)
        assert Incident.objects.get().clue_id == kept.pk
        assert whole_report(kept)["contact"] == "线索乙"
        assert whole_report(kept)["phone"] == "19900000001"
        assert likely_same(kept, by) == []
    page = client.get(reverse("registry:clue", args=[kept.uuid])).content.decode()
    assert "也报告过" in page
    assert client.post(merge).status_code == 400  # a second window: said in words
    with scope(clerk):
        assert OwnClue.objects.get(uuid=again.uuid).bare_state == "done"
    assert other.state == "reported"


def test_only_what_still_goes_on_takes_another_clue_and_only_in_reach(world, clerk):
    one, done, far = report(world, clerk), report(world, clerk), report(world, world.police_b, village=VILLAGE_B1)
    diagnosed(world, done, "excluded")
    by = world.worker
    with scope(by):
        for into, error in ((one, Refused), (done, Refused), (far, NotHere)):
            with pytest.raises(error), transaction.atomic():
                merge_clue(clue=one, into=into, by=by)
        with pytest.raises(DatabaseError, match="no merged clue"), transaction.atomic():
            connection.cursor().execute("SELECT join_clue_records(%s)", [one.pk])


def test_records_of_a_clue_merged_into_another_township_go_there(world, clerk):
    again, kept, by = report(world, clerk), report(world, world.police_b, village=VILLAGE_B1), world.county_office
    with scope(world.worker):
        row = record_incident(about=again, facts=facts(), form_id=uuid4(), by=world.worker)
    with scope(by):
        merge_clue(clue=again, into=kept, by=by)
        row = Incident.objects.get(pk=row.pk)
        assert (row.clue_id, row.duty_township, row.at_township) == (kept.pk, world.town_b.pk, world.town_a.pk)


def test_a_refused_diagnosis_comes_back_on_the_day_agreed(world, clerk):
    clue, by, today = report(world, clerk), world.worker, timezone.localdate()
    with scope(by):
        clue = record_survey(clue=assign_clue(clue=clue, to=by, by=by), on=today, items=(3,), learned={}, by=by)
        outcome = Outcome(S.DECLINED, today, reason="家属不同意", again_on=today)
        with pytest.raises(FactsRefused):
            settle_clue(clue=clue, outcome=outcome, by=by)
        outcome = Outcome(S.DECLINED, today, reason="家属不同意", again_on=today + timedelta(days=60))
        settle_clue(clue=clue, outcome=outcome, by=by)
        assert work_lines(by, today) == []
        (line,) = work_lines(by, today + timedelta(days=60))
        assert (line.topic, line.verb) == (Topic.CLUES, "再次核实")


def test_a_card_for_somebody_a_clue_means_ends_the_clue(world, clerk):
    """Also a clue that nobody has visited yet: the hospital was quicker."""
    card = sent_card(hospital_of(world))
    clue, other = report(world, clerk, id_number=card.said["id_number"]), report(world, clerk, name="旁人")
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
        assert (Clue.objects.get(pk=clue.pk).state, Clue.objects.get(pk=clue.pk).patient_id) == (
            "registered",
            person.pk,
        )
        assert Clue.objects.get(pk=other.pk).state == "reported"
        assert link_known_clues(patient=person, by=world.worker) == 0


def test_a_village_clue_of_another_township_stays_when_a_card_is_taken(world, clerk):
    card = sent_card(hospital_of(world))
    number = card.said["id_number"]
    clue = report(world, world.police_b, village=VILLAGE_B1, id_number=number)
    with scope(world.worker):
        person = world.patient(VILLAGE_A2, id_number=number)
        accept_card(card=card, patient=person, by=world.worker)
    with scope(world.county_office):
        assert Clue.objects.get(pk=clue.pk).state == "reported"


def test_the_county_makes_a_card_of_a_confirmed_clue_without_typing_again(world, clerk, log_in):
    clue = report(world, clerk, id_number=NUMBER, contact="线索乙", contact_phone="19900000002")
    assert "card/new" not in log_in(world.worker).get(reverse("registry:clue", args=[clue.uuid])).content.decode()
    diagnosed(world, clue, "confirmed")
    office = log_in(world.county_office)
    href = f"{reverse('registry:card_new')}?clue={clue.uuid}"
    assert href in office.get(reverse("registry:clue", args=[clue.uuid])).content.decode()
    page = office.get(href).content.decode()
    assert all(word in page for word in ("线索甲", "线索乙", "已填 500242********0010", "已填 199****0002"))
    assert NUMBER not in page
    for text in (uuid4(), "x"):
        assert office.get(f"{reverse('registry:card_new')}?clue={text}").status_code == 200
    assert "线索甲" not in log_in(hospital_of(world)).get(href).content.decode()


def test_two_windows_make_one_file_of_a_clue(world, clerk):
    clue = report(world, clerk)
    diagnosed(world, clue, "confirmed")
    card = sent_card(hospital_of(world))
    said = accepted(card)
    with scope(world.worker):
        clue = Clue.objects.get(pk=clue.pk)
        register_from_clue(clue=clue, facts=said, by=world.worker)
        with pytest.raises(Refused, match="已经建档"):
            register_from_clue(clue=clue, facts=said, by=world.worker)
        assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.JUDICIAL, AgencyKind.JUDICIAL),
        (Role.COUNTY_CIVIL_AFFAIRS, AgencyKind.CIVIL_AFFAIRS),
        (Role.DISABLED_FEDERATION, AgencyKind.DISABLED_FEDERATION),
        (Role.HOSPITAL, AgencyKind.HOSPITAL),
    ],
)
def test_every_office_that_may_meet_somebody_reports(world, role, kind, log_in):
    client = log_in(factories.make_user(role, world.county, factories.make_agency(kind, world.county)))
    page = client.get(reverse("registry:clue_new")).content.decode()
    assert VILLAGE_A1 in page
    said = {"form_id": str(uuid4()), "name": "线索丁", "q3": "1", "place": VILLAGE_A1, "source": "other",
            "found_on": timezone.localdate().isoformat()}  # fmt: skip
    assert client.post(reverse("registry:clue_new"), said).status_code == 302
    assert "线索丁" in client.get(reverse("registry:clues")).content.decode()
