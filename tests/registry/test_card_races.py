"""Two people act on one paper at the same moment: one of them does it, the other is told."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.scope import scope
from registry.models import DischargeNotice, ReportCard
from registry.services.cards import accept_card, correct_card, save_card
from registry.services.county_papers import hold_paper
from registry.services.discharges import send_discharge
from registry.terms import Held
from tests.exchange.test_races import at_once
from tests.registry.hospital import card_facts, discharge_facts, hospital_of, sent_card

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_is_accepted_once_while_another_returns_it(world):
    hospital = hospital_of(world)
    card, person = sent_card(hospital), world.patient()
    worker, office = world.worker, world.county_office

    def accept():
        with scope(worker):
            return str(accept_card(card=card, patient=person, by=worker).state)

    def give_back():
        with scope(office):
            return str(hold_paper(paper=card, because=Held.ADDRESS, reason="查无此址", by=office).state)

    results = at_once(accept, give_back)
    with scope(office):
        state = ReportCard.objects.get().state
    assert sorted(results) == sorted([state, "Refused"])


def test_a_card_withdrawn_while_it_is_accepted_is_either_but_never_both(world):
    hospital = hospital_of(world)
    card, person = sent_card(hospital), world.patient()
    worker, today = world.worker, timezone.localdate()

    def accept():
        with scope(worker):
            return str(accept_card(card=card, patient=person, by=worker).state)

    def withdraw():
        with scope(hospital):
            return str(correct_card(card=card, on=today, reason="误报", evidence="市医院再次诊断", by=hospital).state)

    results = at_once(accept, withdraw)
    with scope(worker):
        row = ReportCard.objects.get()
    assert (row.state, row.patient_id) in (("withdrawn", None), ("correcting", person.pk))
    assert ("Refused" in results) == (row.state == "withdrawn")


def test_one_form_sent_twice_at_once_is_one_card_and_both_are_answered(world):
    hospital, form_id, said = hospital_of(world), uuid4(), card_facts()

    def send():
        with scope(hospital):
            return save_card(said=said, form_id=form_id, by=hospital, send=True).number

    results = at_once(send, send, send)
    with scope(hospital):
        assert set(results) == {ReportCard.objects.get().number}


def test_one_discharge_form_sent_twice_at_once_is_one_notice(world):
    hospital, form_id, said = hospital_of(world), uuid4(), discharge_facts()

    def send():
        with scope(hospital):
            return send_discharge(said=said, form_id=form_id, by=hospital).number

    results = at_once(send, send, send)
    with scope(hospital):
        assert set(results) == {DischargeNotice.objects.get().number}
