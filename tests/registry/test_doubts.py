"""A file closed on a day after which somebody was met: asked once, naming the records, never refused."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.scope import scope
from followup.services.visits import record_visit
from registry.models import Patient
from registry.queries.head import patient_head
from registry.services.death_reports import report_death
from tests.exchange.conftest import days_ago, facts_of, save
from tests.factories import make_agency

pytestmark = pytest.mark.django_db


def closing(day):
    return {"value": "dead", "on": day.isoformat(), "death_cause": "1", "reason": "家属告知"}


def closed_on(world, patient):
    with scope(world.worker):
        patient.refresh_from_db()
    return patient.closed_on


@pytest.fixture
def seen(world):
    """Met five days and two days ago."""
    patient = world.patient(opened_on=days_ago(30))
    for ago in (5, 2):
        save(world.worker, patient, 1, ago)
    return patient


def test_a_death_before_later_records_is_asked_about_with_the_records_and_then_closes(world, log_in, seen):
    client, page = log_in(world.worker), reverse("registry:patient_close", args=[seen.uuid])
    asked = client.post(page, closing(days_ago(4)))
    text = asked.content.decode()
    assert (asked.status_code, closed_on(world, seen)) == (409, None)
    assert f"{days_ago(2):%Y-%m-%d} 家庭访视，1 级，{world.worker.display_name}记" in text
    assert f"{days_ago(5):%Y-%m-%d} 家庭访视" not in text
    assert client.post(page, closing(days_ago(3)) | {"sure": days_ago(4).isoformat()}).status_code == 409  # another day
    assert client.post(page, closing(days_ago(4)) | {"sure": days_ago(4).isoformat()}).status_code == 302
    assert closed_on(world, seen) == days_ago(4)


@pytest.mark.parametrize("ago", [2, 0], ids=["on-the-day-of-the-last-record", "after-it"])
def test_a_death_not_before_any_record_closes_at_once(world, log_in, seen, ago):
    page = reverse("registry:patient_close", args=[seen.uuid])
    assert log_in(world.worker).post(page, closing(days_ago(ago))).status_code == 302
    assert closed_on(world, seen) == days_ago(ago)


def head_of(world, patient):
    with scope(world.worker):
        row = Patient.objects.select_related("village", "household_division").get(pk=patient.pk)
        return patient_head(row, world.worker, days_ago(0)).chips[0].text


@pytest.mark.parametrize(
    ("how", "also"),
    [
        pytest.param({}, "；{:%m-%d} 随访见到本人，核实差异后恢复", id="met"),
        pytest.param({"form": "3"}, "", id="by-telephone"),
        pytest.param({"seen": ("2",)}, "", id="only-the-family"),
    ],
)
def test_a_reported_death_of_somebody_met_since_says_both(world, how, also):
    patient = world.patient(opened_on=days_ago(30))
    agency = make_agency("civil_affairs", world.county)
    with scope(world.worker):
        report_death(patient=patient, agency=agency, died_on=days_ago(6), by=None)
    said = f"{agency.name}告知已死亡，待核实，发放暂停"
    save(world.worker, patient, 1, 8)
    assert head_of(world, patient) == said
    with scope(world.worker):
        facts = replace(facts_of(1, 2), **how)
        record_visit(patient=Patient.objects.get(pk=patient.pk), facts=facts, form_id=uuid4(), by=world.worker)
    assert head_of(world, patient) == said + also.format(days_ago(2))
