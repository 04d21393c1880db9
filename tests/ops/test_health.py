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
        {"status": "ready", "database": True, "migrations": True, "partitions": True},
    )


@pytest.mark.django_db
def test_partitions_are_demanded_two_months_ahead_over_the_turn_of_the_year():
    from django.utils import timezone

    today = timezone.localdate()
    assert unpartitioned(today) == []
    assert "accounts_accesslog" in unpartitioned(date(today.year + 3, 11, 30))
