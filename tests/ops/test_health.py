"""The probes: what they say, that they need no login and no host name, and that they say no when a month is missing."""

from datetime import date

import pytest

from config.health import unpartitioned


def test_healthz_answers_without_a_database(client):
    answer = client.get("/healthz", HTTP_HOST="some.container")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_names_each_thing_that_must_hold(client):
    answer = client.get("/readyz", HTTP_HOST="some.container")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "database": True, "migrations": True, "partitions": True, "warnings": []},
    )


@pytest.mark.django_db
def test_partitions_are_demanded_two_months_ahead_over_the_turn_of_the_year():
    from django.utils import timezone

    today = timezone.localdate()
    assert unpartitioned(today) == []
    assert "accounts_accesslog" in unpartitioned(date(today.year + 3, 11, 30))


@pytest.mark.django_db
def test_readyz_stays_ready_and_says_what_the_night_found(client, world):
    from django.utils import timezone

    from accounts.scope import system_scope
    from registry.models import DutyCheck

    today = timezone.localdate()
    with system_scope():
        DutyCheck.objects.create(county=world.county, checked_on=today, breaches=3)
    answer = client.get("/readyz", HTTP_HOST="some.container")
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["duty_breaches: 3"])
