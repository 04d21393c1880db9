"""A confirmed incident at the offices: told once, holding the case open, ending with the incident. Decisions B19–B21."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.scope import scope
from exchange.models import AlertEntry
from exchange.rules.assessing import AlertPolicy, Assessment
from exchange.rules.cases import CaseEvent
from exchange.rules.incidents import end_of_incident
from exchange.services.reviewing import confirm_fall, confirm_level
from followup.rules.incidents import IncidentFacts
from followup.services.incidents import confirm_incident, end_incident, record_incident
from followup.terms import IncidentState
from registry.models import Patient
from tests.exchange.conftest import cases_of, deliver, inbox, ledger, opened, save, sign, statuses

POLICE = "东街道公安局（派出所）"
LOW, HIGH = 1, 3


def assessed(level: int, *, by_psychiatrist: bool = False) -> Assessment:
    return Assessment(uuid4(), 1, date(2026, 3, 10), level, by_psychiatrist)


@pytest.mark.parametrize(
    ("newest", "still", "fell", "confirmed", "event"),
    [
        (None, False, False, False, CaseEvent.FALL),
        (LOW, False, False, False, CaseEvent.FALL),
        (LOW, False, False, True, CaseEvent.FALL_REPORTED),
        (HIGH, False, False, False, None),
        (HIGH, False, True, True, CaseEvent.FALL),
        (LOW, True, True, False, None),
    ],
)
def test_what_the_end_of_an_incident_means(newest, still, fell, confirmed, event):
    found = assessed(newest) if newest is not None else None
    assert end_of_incident(found, still_open=still, fell=fell, confirmed=confirmed, policy=AlertPolicy()) == event


def test_a_psychiatrists_low_level_is_final():
    newest = assessed(LOW, by_psychiatrist=True)
    assert end_of_incident(newest, still_open=False, fell=False, confirmed=True, policy=AlertPolicy()) == CaseEvent.FALL


def incident(world: Any, patient: Any, **more: Any) -> Any:
    values = {"level": 3, "trouble": 1, "place": "村口", **more}
    facts = IncidentFacts(happened_at=timezone.localtime() - timedelta(hours=2), **values)
    with scope(world.worker):
        row = record_incident(about=patient, facts=facts, form_id=uuid4(), by=world.worker)
    office = world.county_office
    with scope(office):
        return confirm_incident(incident=row, source="1", by=office)


def end(world: Any, row: Any, to: IncidentState = IncidentState.CLOSED) -> None:
    with scope(world.county_office):
        end_incident(incident=row, to=to, because="处置完毕", by=world.county_office)


@pytest.mark.django_db
def test_an_incident_opens_a_case_at_every_office(world, told):
    patient = world.patient()
    incident(world, patient, level=2)
    assert set(statuses(patient).values()) == {"preliminary"}
    assert {(kind, level) for _office, kind, level in told(patient)} == {("incident", "2")}
    assert len(told(patient)) == 4  # the township's two offices and the county's two
    assert len(ledger(patient)) == 4


@pytest.mark.django_db
def test_an_incident_joins_the_open_case_and_raises_its_level(world, told):
    patient = world.patient()
    save(world.worker, patient, 3)
    incident(world, patient, level=4, self_harm=1)
    assert {name: case.level for name, case in cases_of(patient).items()}[POLICE] == 4
    assert [(kind, level) for office, kind, level in told(patient) if office == POLICE] == [
        ("raised", "3"),
        ("incident", "4"),
    ]


@pytest.mark.django_db
def test_the_card_says_what_it_is_and_nothing_of_what_happened(world):
    patient = world.patient()
    incident(world, patient, harm="打伤邻居赵某", handling="约束保护")
    deliver()
    assert [card.heading for card in inbox(world.police)] == ["有一起危险行为事件已经核实"]
    sign(world.police)
    (contents,) = opened(world.police).values()
    assert "赵某" not in str(contents)
    assert "肇事" not in str(contents)
    assert contents[0]["name"] == "试验患者"


@pytest.mark.django_db
def test_an_open_incident_keeps_the_case_when_the_level_falls(world, told):
    patient = world.patient()
    row = incident(world, patient)
    save(world.worker, patient, 1)
    assert set(statuses(patient).values()) == {"under_review"}
    assert told(patient)[-1][1] == "lowered"
    end(world, row)
    assert set(statuses(patient).values()) == {"closed"}
    assert {case.closed_because for case in cases_of(patient).values()} == {"incident_over"}


@pytest.mark.django_db
def test_a_psychiatrists_fall_waits_for_the_incident(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    row = incident(world, patient)
    with scope(world.psychiatrist):
        person = Patient.objects.get(pk=patient.pk)
        confirm_level(patient=person, level=3, because="面诊", by=world.psychiatrist)
        confirm_fall(patient=person, because="缓解", by=world.psychiatrist)
    assert set(statuses(patient).values()) == {"under_review"}
    end(world, row)
    assert {case.closed_because for case in cases_of(patient).values()} == {"confirmed_fall"}


@pytest.mark.django_db
def test_a_level_confirmed_by_a_psychiatrist_does_not_end_with_the_incident(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    row = incident(world, patient)
    with scope(world.psychiatrist):
        confirm_level(patient=Patient.objects.get(pk=patient.pk), level=3, because="面诊", by=world.psychiatrist)
    end(world, row)
    assert set(statuses(patient).values()) == {"confirmed"}


@pytest.mark.django_db
def test_of_two_incidents_the_last_one_ends_the_case(world):
    patient = world.patient()
    first, second = incident(world, patient), incident(world, patient)
    end(world, first)
    assert set(statuses(patient).values()) == {"preliminary"}
    end(world, second)
    assert set(statuses(patient).values()) == {"closed"}


@pytest.mark.django_db
def test_an_incident_that_did_not_happen_is_taken_back(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    row = incident(world, patient)
    end(world, row, IncidentState.DISMISSED)
    with scope(world.worker):
        taken = AlertEntry.objects.filter(patient=patient, source=row.uuid, kind="incident")
        assert all(entry.withdrawn_at is not None for entry in taken)
    assert set(statuses(patient).values()) == {"preliminary"}  # the visit's level 3 still stands


@pytest.mark.django_db
def test_minor_trouble_below_the_threshold_tells_nobody(world):
    patient = world.patient()
    incident(world, patient, trouble=0, minor_trouble=1, level=1)
    assert cases_of(patient) == {}
