"""Whom a clue, a card or a link names is judged by the service: a form offers a list, a caller may send anything."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind
from registry.models import Clue, PsychiatristLink, ReportCard
from registry.services import teams
from registry.services.cards import save_card
from registry.services.clues import assign_clue
from tests import factories
from tests.conftest import COUNTY
from tests.registry.hospital import card_facts, hospital_of
from tests.registry.test_clues import report

pytestmark = pytest.mark.django_db


def test_a_clue_goes_to_a_worker_of_its_own_township_alone(world):
    clue = report(world, world.worker)
    for stranger in (world.worker_b, world.county_office):
        with scope(world.worker), pytest.raises(Refused, match="本乡镇"):
            assign_clue(clue=clue, to=stranger, by=world.worker)
    with scope(world.worker):
        assert Clue.objects.get(pk=clue.pk).assigned_to is None
        assert assign_clue(clue=clue, to=world.worker, by=world.worker).assigned_to == world.worker


def test_a_hospital_reports_in_its_own_name_alone(world):
    hospital = hospital_of(world)
    other = factories.make_agency(AgencyKind.HOSPITAL, world.places[COUNTY], "另一医院")
    said = card_facts()
    with scope(hospital), pytest.raises(Denied):
        save_card(said=said, form_id=uuid4(), by=hospital, send=False, hospital=other)
    with scope(hospital):
        assert not ReportCard.objects.exists()
        assert save_card(said=said, form_id=uuid4(), by=hospital, send=False).pk


def test_the_county_enters_papers_of_hospitals_alone(world):
    office, said = world.county_office, card_facts(paper_on=timezone.localdate())
    police = factories.make_agency(AgencyKind.POLICE, world.places[COUNTY], "某公安局")
    with scope(office), pytest.raises(Refused, match="医院"):
        save_card(said=said, form_id=uuid4(), by=office, send=False, hospital=police)


def test_a_village_is_linked_to_a_psychiatrist_of_its_county_alone(world):
    day = timezone.localdate() - timedelta(days=1)
    with scope(world.worker), pytest.raises(Refused, match="精神科医师"):
        teams.link_psychiatrist(division=world.town_a, psychiatrist=world.worker_b, on=day, by=world.worker)
    with scope(world.worker):
        assert not PsychiatristLink.objects.exists()
