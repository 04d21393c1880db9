"""What was true on a day: boundary days, both forms of the statement, and grants by the service."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.refusals import Denied, Refused
from accounts.scope import scope
from registry import services
from registry.models import Patient, PatientGrant
from registry.queries import asof
from registry.services.grants import grant_patient, revoke_grant
from tests.conftest import VILLAGE_B1

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OPENED = date(2024, 5, 6)


def straight(day):
    """(uuid, township, diagnosis) of the registered, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.uuid, area.township_id, diagnosis.code FROM registry_patient p "
            f"{asof.STATUS_LATERAL} {asof.AREA_LATERAL} {asof.DIAGNOSIS_LATERAL} WHERE {asof.REGISTERED}",
            asof.parameters(day),
        )
        return set(cursor.fetchall())


def by_orm(day):
    rows = asof.registered_on(Patient.objects.all(), day)
    rows = rows.annotate(at=asof.township_on(day), dx=asof.diagnosis_on(day))
    return set(rows.values_list("uuid", "at", "dx"))


@pytest.fixture
def moved(world, ran):
    """Moved on 2025-06-01, another diagnosis from 2025-03-01, away and back, dead on 2026-02-01."""
    with scope(world.county_office):
        by = world.county_office
        services.record_diagnosis(patient=ran, on=date(2025, 3, 1), code="04", by=by)
        services.move_patient(patient=ran, on=date(2025, 6, 1), to_township=world.town_b, by=by)
        services.set_status(patient=ran, value="away", on=date(2025, 8, 1), by=by)
        services.close_patient(patient=ran, value="dead", on=date(2026, 2, 1), by=by, reason="病故", death_cause="1")
    return ran


@pytest.mark.parametrize(
    ("day", "township", "diagnosis"),
    [
        pytest.param(OPENED - DAY, None, None, id="day-before-the-file"),
        pytest.param(OPENED, "town_a", "01", id="first-day"),
        pytest.param(date(2025, 2, 28), "town_a", "01", id="day-before-the-diagnosis"),
        pytest.param(date(2025, 3, 1), "town_a", "04", id="day-of-the-diagnosis"),
        pytest.param(date(2025, 5, 31), "town_a", "04", id="day-before-the-move"),
        pytest.param(date(2025, 6, 1), "town_b", "04", id="day-of-the-move"),
        pytest.param(date(2025, 8, 1), "town_b", "04", id="away-is-registered"),
        pytest.param(date(2026, 1, 31), "town_b", "04", id="day-before-death"),
        pytest.param(date(2026, 2, 1), None, None, id="day-of-death"),
        pytest.param(date(2026, 2, 2), None, None, id="day-after-death"),
    ],
)
def test_registered_area_and_diagnosis_on_a_day(world, moved, day, township, diagnosis):
    wanted = {(moved.uuid, getattr(world, township).pk, diagnosis)} if township else set()
    with scope(world.county_office):
        assert by_orm(day) == wanted
        assert straight(day) == wanted
        at_a = asof.in_area_on(Patient.objects.all(), day, [world.town_a.pk])
        assert at_a.exists() == (day >= OPENED and day < date(2025, 6, 1))


def test_a_diagnosis_that_begins_later_stands_for_the_days_before(world, ran):
    with scope(world.worker):
        ran.diagnoses.update(starts_on=date(2025, 1, 1))
        assert by_orm(OPENED) == straight(OPENED) == {(ran.uuid, world.town_a.pk, "01")}


class TestGrants:
    def test_given_and_taken_back(self, world):
        patient = world.patient(VILLAGE_B1)
        until = timezone.now() + timedelta(days=1)
        with scope(world.worker_b):
            row = grant_patient(patient=patient, to=world.worker, until=until, reason="协同随访", by=world.worker_b)
        fresh = User.objects.get(pk=world.worker.pk)
        with scope(fresh):
            assert list(Patient.objects.visible_to(fresh)) == [patient]
        with scope(world.worker), pytest.raises(Denied):
            revoke_grant(grant=row, by=world.worker)
        with scope(world.worker_b):
            revoke_grant(grant=PatientGrant.objects.get(), by=world.worker_b)
        fresh = User.objects.get(pk=world.worker.pk)
        with scope(fresh):
            assert not Patient.objects.visible_to(fresh).exists()

    @pytest.mark.parametrize(
        ("to", "days", "reason"),
        [("police", 1, "x"), ("worker_b", 1, "x"), ("worker", 93, "x"), ("worker", 0, "x"), ("worker", 1, "")],
    )
    def test_what_is_refused(self, world, to, days, reason):
        patient = world.patient(VILLAGE_B1)
        until = timezone.now() + timedelta(days=days)
        with scope(world.worker_b), pytest.raises(Refused):
            grant_patient(patient=patient, to=getattr(world, to), until=until, reason=reason, by=world.worker_b)

    def test_who_does_not_manage_cannot_give(self, world):
        patient = world.patient(VILLAGE_B1)
        with scope(world.worker), pytest.raises(Denied):
            grant_patient(
                patient=patient, to=world.psychiatrist, until=timezone.now() + DAY, reason="x", by=world.worker
            )
