"""Clues, cards and notices: a list asks the database as often for three rows as for one, 今日工作 too."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from registry.queries.cards import cards_for
from registry.rules.clues import ClueEntry
from registry.services.cards import accept_card
from registry.services.clues import enter_clue
from registry.services.county_papers import hold_paper
from registry.services.discharges import accept_discharge
from registry.terms import Held
from tests.conftest import VILLAGE_A1
from tests.journeys.test_query_counts import statements
from tests.registry.hospital import hospital_of, sent_card, sent_discharge


def one_more_of_each(world, hospital, number):
    """A clue, a card and a notice to take, a card with the county, and a person who waits for the first visit."""
    place, worker = world.places[VILLAGE_A1], world.worker
    entry = ClueEntry(place.parent_id, place.pk, "family", (3,), timezone.localdate(), {"name": f"线索{number}"})
    with scope(worker):
        enter_clue(entry=entry, form_id=uuid4(), by=worker)
    person = world.patient(VILLAGE_A1, f"出院{number}")
    sent_card(hospital)
    held, taken, home = sent_card(hospital), sent_card(hospital), sent_discharge(hospital)
    sent_discharge(hospital)
    with scope(worker):
        hold_paper(paper=held, because=Held.ADDRESS, reason="查无此址", by=worker)
        accept_card(card=taken, patient=person, by=worker)
        accept_discharge(notice=home, patient=person, by=worker)


@pytest.mark.django_db(transaction=True)
def test_three_papers_cost_what_one_costs(world):
    hospital = hospital_of(world)
    one_more_of_each(world, hospital, 0)
    pages = [
        (who, reverse(name))
        for who in (world.worker, world.county_office, hospital)
        for name in ("registry:clues", "registry:cards", "registry:discharges", "followup:worklist")
    ]
    with scope(world.worker):
        card = cards_for(world.worker).filter(state="sent").first()
    pages += [(world.worker, reverse("registry:card", args=[card.uuid]))]
    for_one = {f"{user.username} {path}": statements(user, path) for user, path in pages}
    for number in (1, 2):
        one_more_of_each(world, hospital, number)
    for_three = {f"{user.username} {path}": statements(user, path) for user, path in pages}
    assert for_three == for_one
