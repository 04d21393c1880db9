"""Somebody watched or unstable leaves, or is lost: told to every office, held open by the search, over when they are back."""

import random
from contextlib import suppress
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import CountyPolicy
from accounts.refusals import Refused
from accounts.scope import scope
from exchange.models import Alert, AlertEntry
from exchange.rules.absence import Standing, is_told, keeps_open
from exchange.services.reviewing import confirm_fall
from exchange.terms import DISCLOSING
from followup.rules.facts import VisitFacts
from followup.services.visits import record_visit
from registry.models import Patient
from registry.services.moves import move_patient
from registry.services.status import correct_status, set_status
from tests.exchange.conftest import cases_of, deliver, inbox, opened, save, sign, statuses
from tests.exchange.test_races import at_once

POLICE = "东街道公安局（派出所）"
UNSTABLE = {"insight": 3}


@pytest.mark.parametrize(
    ("status", "level", "stability", "denied", "told"),
    [
        ("away", 3, 3, False, True),
        ("away", 1, 1, False, True),
        ("away", 1, 3, False, False),
        ("away", 3, 1, True, False),
        ("lost", 3, None, False, True),
        ("lost", 2, 1, False, False),
        ("lost", None, None, False, False),
        ("managed", 4, 1, False, False),
    ],
)
def test_who_is_told_of(status, level, stability, denied, told):
    assert is_told(status, Standing(level, stability, denied), from_level=3) is told


@given(level=st.integers(0, 5), from_level=st.integers(3, 5))
def test_below_the_threshold_nobody_hears_of_a_lost_or_stable_person(level, from_level):
    told = is_told("lost", Standing(level, 1), from_level=from_level)
    assert told is (level >= from_level)
    assert is_told("away", Standing(level, 1), from_level=from_level, unstable_too=False) is told


def test_a_search_keeps_open_whatever_the_record_says():
    assert keeps_open("lost", 3)
    assert keeps_open("away", 1)
    assert not keeps_open("away", 2)
    assert not keeps_open("managed", 1)


def change(world, patient, value, **more):
    with scope(world.worker):
        person = Patient.objects.get(pk=patient.pk)
        set_status(patient=person, value=value, on=timezone.localdate(), by=world.worker, **more)


def back(world, patient):
    change(world, patient, "managed")


def kinds(told, patient, office=POLICE):
    return [kind for name, kind, _level in told(patient) if name == office]


def unstable(world, patient):
    recorded = save(world.worker, patient, 1, **UNSTABLE)
    assert recorded.visit.stability == 1


@pytest.mark.django_db
def test_an_unstable_patient_who_leaves_is_told_once_and_the_case_ends_with_the_return(world, told):
    patient = world.patient()
    unstable(world, patient)
    assert cases_of(patient) == {}
    change(world, patient, "away")
    assert set(statuses(patient).values()) == {"preliminary"}
    assert len(told(patient)) == 4
    back(world, patient)
    assert kinds(told, patient) == ["left", "closed"]
    assert {case.closed_because for case in cases_of(patient).values()} == {"back"}


@pytest.mark.django_db
def test_a_county_may_leave_unstable_patients_below_the_threshold_out(world):
    CountyPolicy.objects.create(
        county=world.county, key="alert_unstable_leaving", value=False, starts_on=timezone.localdate()
    )
    patient = world.patient()
    unstable(world, patient)
    change(world, patient, "away")
    assert cases_of(patient) == {}


@pytest.mark.django_db
def test_a_stable_patient_may_travel_without_anybody_being_told(world):
    patient = world.patient()
    save(world.worker, patient, 0)
    change(world, patient, "away")
    assert cases_of(patient) == {}


@pytest.mark.django_db
def test_a_lost_patient_of_level_three_joins_the_open_case_and_the_search_keeps_it_open(world, told):
    patient = world.patient()
    save(world.worker, patient, 3)
    change(world, patient, "lost")
    assert kinds(told, patient) == ["raised", "lost"]
    with scope(world.psychiatrist):
        confirm_fall(patient=Patient.objects.get(pk=patient.pk), because="缓解", by=world.psychiatrist)
    assert set(statuses(patient).values()) == {"under_review"}
    back(world, patient)
    assert set(statuses(patient).values()) == {"closed"}


@pytest.mark.django_db
def test_a_record_that_says_lost_tells_once_and_a_complete_one_ends_the_search(world, told):
    patient = world.patient()
    save(world.worker, patient, 3)
    facts = VisitFacts(visited_on=timezone.localdate(), form="2", lost_reason="3")
    with scope(world.worker):
        person = Patient.objects.get(pk=patient.pk)
        record_visit(patient=person, facts=facts, form_id=uuid4(), by=world.worker)
    assert kinds(told, patient) == ["raised", "lost"]
    save(world.worker, patient, 1)
    assert kinds(told, patient)[-1] == "closed"
    assert set(statuses(patient).values()) == {"closed"}


@pytest.mark.django_db
def test_found_but_still_high_the_offices_stop_searching_and_the_case_goes_on(world, told):
    patient = world.patient()
    save(world.worker, patient, 3)
    change(world, patient, "lost")
    back(world, patient)
    assert kinds(told, patient) == ["raised", "lost", "found"]
    assert set(statuses(patient).values()) == {"preliminary"}


@pytest.mark.django_db
def test_a_loss_written_by_mistake_is_taken_back_and_its_content_is_gone(world, told):
    patient = world.patient()
    save(world.worker, patient, 3)
    change(world, patient, "lost")
    with scope(world.worker):
        correct_status(patient=Patient.objects.get(pk=patient.pk), by=world.worker, reason="记错人")
        assert AlertEntry.objects.filter(patient=patient, kind="lost", withdrawn_at=None).count() == 0
    assert kinds(told, patient) == ["raised", "lost", "withdrawn"]
    assert set(statuses(patient).values()) == {"preliminary"}


@pytest.mark.django_db
def test_a_psychiatrists_word_that_the_level_fell_is_not_undone_by_a_journey(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    with scope(world.psychiatrist):
        confirm_fall(patient=Patient.objects.get(pk=patient.pk), because="缓解", by=world.psychiatrist)
    change(world, patient, "away")
    assert set(statuses(patient).values()) == {"closed"}


@pytest.mark.django_db
def test_the_card_says_that_somebody_left_and_nothing_clinical(world):
    patient = world.patient()
    unstable(world, patient)
    change(world, patient, "away")
    deliver()
    assert [card.heading for card in inbox(world.police)] == ["患者已外出，请协助留意"]
    sign(world.police)
    (contents,) = opened(world.police).values()
    assert contents[0]["name"] == "试验患者"
    assert "不稳定" not in str(contents)


@pytest.mark.django_db
def test_a_case_that_moved_with_the_patient_ends_with_the_return(world):
    patient = world.patient()
    unstable(world, patient)
    change(world, patient, "away")
    with scope(world.county_office):
        person = Patient.objects.get(pk=patient.pk)
        move_patient(patient=person, on=timezone.localdate(), to_township=world.town_b, by=world.county_office)
    with scope(world.worker_b):
        person = Patient.objects.get(pk=patient.pk)
        set_status(patient=person, value="managed", on=timezone.localdate(), by=world.worker_b)
    assert set(statuses(patient).values()) == {"closed"}


def open_cases(patient):
    with scope(counties=[patient.duty_county]):
        return list(Alert.objects.filter(patient=patient).open().values_list("agency", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_an_office_has_one_open_case_and_none_without_a_statement(world, seed):
    draw, patient = random.Random(seed), world.patient()
    acts = [
        lambda: save(world.worker, patient, draw.choice([0, 1, 2, 3, 4])),
        lambda: unstable(world, patient),
        *(lambda value=value: change(world, patient, value) for value in ("away", "lost", "managed", "away", "lost")),
    ]
    for _ in range(9):
        with suppress(Refused):  # already so
            draw.choice(acts)()
        offices = open_cases(patient)
        assert len(offices) == len(set(offices)) in (0, 4)
        with scope(world.worker):
            said = AlertEntry.objects.filter(patient=patient, kind__in=DISCLOSING, withdrawn_at=None)
            assert set(said.exclude(alert__status="closed").values_list("alert__agency", flat=True)) == set(offices)


@pytest.mark.django_db(transaction=True)
def test_a_loss_and_an_assessment_at_once_make_one_case_per_office(world):
    patient = world.patient()
    save(world.worker, patient, 3, ago=20)  # too old to be told
    assert cases_of(patient) == {}
    at_once(lambda: change(world, patient, "lost"), lambda: save(world.worker, patient, 4))
    assert len(open_cases(patient)) == 4
