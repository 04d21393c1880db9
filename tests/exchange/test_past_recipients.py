"""A correction or a withdrawal reaches every office that was ever told, also one whose case is over.

Source: issue 4, Build 3. Alerts here; packages in test_deltas and test_older_packages.
"""

from dataclasses import replace

import pytest

from accounts.scope import scope
from exchange.models import AlertEntry
from followup.models import Visit
from followup.services.incidents import end_incident
from followup.terms import IncidentState
from tests.exchange.conftest import correct, deliver, inbox, ledger, save, sign, statuses
from tests.exchange.test_closing import LEGAL_B, POLICE_B, ended, moved
from tests.exchange.test_incidents import incident
from tests.exchange.test_raising import FOUR, LEGAL, LEGAL_A, POLICE, POLICE_A

SIX = [*FOUR, POLICE_B, LEGAL_B]


def withdrawn(patient) -> list[str]:
    with scope(counties=[patient.duty_county]):
        rows = AlertEntry.objects.filter(patient=patient, kind="withdrawn").select_related("alert__agency")
        assert {row.content for row in rows} <= {None}
        return sorted(row.alert.agency.name for row in rows)


def as_it_lies(recorded, by):
    """The record read anew: its person belongs to another township now."""
    with scope(by):
        return replace(recorded, visit=Visit.objects.select_related("root__patient").get(pk=recorded.visit.pk))


def test_who_was_told_before_a_move_hears_that_it_was_wrong(world):
    patient = world.patient()
    recorded = save(world.worker, patient, 4, 1)
    moved(world, patient, world.town_b)
    assert statuses(patient)[POLICE_A] == "closed"
    correct(world.worker_b, as_it_lies(recorded, world.worker_b), 1, 1)
    assert withdrawn(patient) == sorted(FOUR)  # the new two were told of the move, not of the visit: theirs is closed
    recalled = [line.recipient_name for line in ledger(patient) if line.act == "recalled"]
    assert sorted(recalled) == sorted([POLICE_A, LEGAL_A, *SIX])  # the old two: at the move, and now
    assert set(statuses(patient).values()) == {"closed"}
    deliver()
    card = next(one for one in inbox(world.police) if one.case.is_closed)
    assert card.heading == "原评估已更正，这条内容已收回"
    assert [entry.level for entry in card.entries] == [None] * len(card.entries)
    assert sign(world.police)


@pytest.mark.parametrize("corrected", [1, 3, 5])
def test_a_case_that_ended_by_itself_hears_of_another_level_too(world, corrected):
    patient = world.patient()
    recorded = save(world.worker, patient, 4, 3)
    save(world.worker, patient, 1, 1)
    assert set(statuses(patient).values()) == {"closed"}
    second = correct(world.worker, recorded, corrected, 3)
    assert withdrawn(patient) == sorted(FOUR)
    assert set(statuses(patient).values()) == {"closed"}
    correct(world.worker, second, 2, 3)
    assert withdrawn(patient) == sorted(FOUR)  # taken back is taken back


def test_other_answers_of_a_past_record_say_nothing(world):
    patient = world.patient()
    recorded = save(world.worker, patient, 4, 3)
    save(world.worker, patient, 1, 1)
    correct(world.worker, recorded, 4, 3, sleep=3)
    assert withdrawn(patient) == []


def test_a_file_that_has_ended_still_owes_the_word(world):
    patient = world.patient()
    recorded = save(world.worker, patient, 4, 1)
    ended(world, patient)
    correct(world.worker, recorded, 1, 1)
    assert withdrawn(patient) == sorted(FOUR)


def test_an_incident_that_was_none_is_taken_back_from_closed_cases_too(world):
    patient = world.patient()
    row = incident(world, patient)
    moved(world, patient, world.town_b)
    office = world.county_office
    with scope(office):
        row.refresh_from_db()
        end_incident(incident=row, to=IncidentState.DISMISSED, because="查无此事", by=office)
    assert {POLICE_A, LEGAL_A} <= set(withdrawn(patient))
    recalled = {line.recipient_name for line in ledger(patient) if line.act == "recalled"}
    assert {POLICE, LEGAL, POLICE_A, LEGAL_A, POLICE_B, LEGAL_B} == recalled
