"""目前正在住院 was true at the last record; whoever has been discharged since stands nowhere as in hospital."""

import pytest
from django.utils import timezone

from accounts.scope import scope
from followup.queries.worklist import board, due
from registry.models import Patient
from registry.queries.head import patient_head
from registry.services.admissions import admit, discharge
from registry.services.status import set_status
from tests.followup.colours import put_in_force
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db
IN = {"hospital": 1, "level": None, "insight": None, "adherence": None, "side_effect": None, "effect": None}


def said(patient, by):
    """What the list, the head of the pages and the colour say."""
    today = timezone.localdate()
    with scope(by):
        row = Patient.objects.select_related("village", "household_division").get(pk=patient.pk)
        lines = board(due(Patient.objects.visible_to(by), today, 400), today, number=9).lines
        chips = [chip.text for chip in patient_head(row, by, today).chips]
        return lines[0].last_in_hospital, "目前正在住院" in chips, row.colour


@pytest.fixture
def ill(world, record):
    """Level 3 at home, then in hospital, where a record says so."""
    put_in_force(world)
    patient = world.patient(opened_on=days_ago(90))
    record(patient, world.worker, days_ago(40), level=3, basis="在家砸东西")
    return patient


def test_a_discharge_ends_it_everywhere(world, record, ill):
    with scope(world.worker):
        admit(patient=ill, on=days_ago(30), by=world.worker, hospital_name="市三院")
    record(ill, world.worker, days_ago(10), **IN)
    assert said(ill, world.worker) == (True, True, "grey")
    with scope(world.worker):
        discharge(patient=ill, on=days_ago(3), by=world.worker)
    assert said(ill, world.worker) == (False, False, "red")


def test_without_a_stay_the_later_status_ends_it(world, record, ill):
    record(ill, world.worker, days_ago(10), **IN)
    assert said(ill, world.worker) == (True, True, "grey")
    with scope(world.worker):
        set_status(patient=ill, value="admitted", on=days_ago(9), by=world.worker)
        assert said(ill, world.worker)[:2] == (True, True)
        set_status(patient=ill, value="managed", on=days_ago(2), by=world.worker)
    assert said(ill, world.worker)[:2] == (False, False)
