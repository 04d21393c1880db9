"""A stay in custody or a journey was expected to be over: the township is asked, from that day on for a month."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.scope import scope
from registry.models import Patient, PatientStatus, TemporaryFile
from registry.queries.expected import work_lines
from registry.rules.status_details import StatusDetails
from registry.services.away import register_away
from registry.services.status import set_status

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def lines(user, days=0):
    with scope(user):
        return [(line.verb, line.due_on) for line in work_lines(user, timezone.localdate() + timedelta(days=days))]


def test_the_end_of_a_custody_is_looked_after(world, ran):
    end = timezone.localdate() + timedelta(days=5)
    with scope(world.worker):
        details = StatusDetails("held_pri", "某监狱", until=end)
        set_status(patient=ran, value="detained", on=ago(20), by=world.worker, reason="服刑", details=details)
    assert [lines(world.worker, days) for days in (4, 5, 35, 36)] == [
        [], [("更改状态", end)], [("更改状态", end)], [],
    ]  # fmt: skip
    assert lines(world.worker_b, 5) == lines(world.county_office, 5) == []
    with scope(world.worker):
        set_status(patient=Patient.objects.get(pk=ran.pk), value="managed", on=ago(0), by=world.worker)
    assert lines(world.worker, 5) == []


def test_the_expected_return_of_a_journey_counts_too(world, ran):
    end = timezone.localdate() + timedelta(days=40)
    with scope(world.worker):
        register_away(patient=ran, on=ago(3), until=end, to_township=world.town_b, by=world.worker)
        assert PatientStatus.objects.filter(patient=ran).order_by("-starts_on").first().expected_until is None
        assert TemporaryFile.objects.get().expected_until == end
    assert lines(world.worker, 39) == []
    assert lines(world.worker, 40) == [("更改状态", end)]
