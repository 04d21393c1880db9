"""The demo's people around its patients, made by the same services as a county's own."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.scope import scope
from config.demo.around import fill
from registry.queries.around import around
from tests.conftest import VILLAGE_A1


@pytest.mark.django_db
def test_the_demo_has_people_around_its_patients(world):
    patient = world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6))
    assert world.psychiatrist
    today = timezone.localdate()
    assert fill(world.county, seed=1, today=today, by=world.county_office) == 1
    with scope(world.county_office):
        assert len(around(patient, today).helpers) >= 2
        assert around(patient, today - timedelta(days=201)).helpers == {}
