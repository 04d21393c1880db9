"""Dangers written down without an incident: the sheet, the disposal and 今日工作 ask for one; nothing is made by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.queries.work import work_lines
from accounts.rules.work import Topic
from accounts.scope import scope
from followup.models import Incident
from followup.queries.incidents import subsidy_holds
from followup.rules.incidents import asks_for_incident
from followup.services.incidents import confirm_incident
from tests.exchange.conftest import save
from tests.followup.test_emergencies import written
from tests.followup.test_incidents import report

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("previous", "incidents", "asked"),
    [
        (None, [], True),
        (DAY - timedelta(days=30), [DAY - timedelta(days=30)], False),
        (DAY - timedelta(days=30), [DAY - timedelta(days=31)], True),
        (None, [DAY], False),
        (None, [DAY + timedelta(days=1)], True),
        (None, [DAY - timedelta(days=93)], True),
    ],
)
def test_a_record_asks_until_an_incident_of_its_period_is_there(previous, incidents, asked):
    assert asks_for_incident(DAY, previous, incidents) is asked


def asked(by: Any) -> list[Any]:
    with scope(by):
        lines = work_lines(by, timezone.localdate()).get(Topic.DANGER, [])
    return [line for line in lines if line.verb == "登记事件"]


@pytest.mark.django_db
def test_dangers_on_the_sheet_prompt_and_never_become_an_incident(world, log_in):
    patient = world.patient()
    visit = save(world.worker, patient, 3, trouble=2).visit
    client = log_in(world.worker)
    page = client.get(reverse("followup:visit", args=[visit.root.uuid])).content.decode()
    assert "这次随访记了危险行为：肇事 2 次" in page
    with scope(world.worker):
        assert not Incident.objects.exists()
    (line,) = asked(world.worker)
    assert "肇事 2 次，还没有登记事件" in line.why
    form = client.get(line.href).content.decode()
    assert 'name="trouble" value="2"' in form
    assert 'name="happened_at" value=' not in form or 'name="happened_at" value=""' in form
    report(patient, world.worker)
    assert asked(world.worker) == []
    page = client.get(reverse("followup:visit", args=[visit.root.uuid])).content.decode()
    assert "还没有登记事件" not in page


@pytest.mark.django_db
def test_a_county_may_do_without_the_reminder_and_others_are_not_asked(world):
    save(world.worker, world.patient(), 3, trouble=1)
    assert (len(asked(world.worker)), asked(world.worker_b), asked(world.county_office)) == (1, [], [])
    CountyPolicy.objects.create(
        county=world.county, key="incident_prompt_days", value=0, starts_on=timezone.localdate(),
        set_by=world.county_office,
    )  # fmt: skip
    assert asked(world.worker) == []


@pytest.mark.django_db
def test_the_records_of_another_person_fill_no_form(world, log_in):
    visit = save(world.worker, world.patient(), 3, trouble=7).visit
    other = world.patient()
    for text in (visit.root.uuid, "x", ""):
        page = log_in(world.worker).get(f"{reverse('followup:incident_new', args=[other.uuid])}?visit={text}")
        assert (page.status_code, 'value="7"' in page.content.decode()) == (200, False)


@pytest.mark.django_db
def test_a_disposal_because_of_an_act_asks_for_its_incident(world, log_in):
    row = written(world, world.patient())
    page = reverse("followup:emergency", args=[row.uuid])
    said = log_in(world.worker).get(page).content.decode()
    assert f"?emergency={row.uuid}" in said
    form = log_in(world.worker).get(f"{reverse('followup:incident_new', args=[row.patient.uuid])}?emergency={row.uuid}")
    assert str(row.content["first_place"]) in form.content.decode()
    report(row.patient, world.worker)
    assert f"?emergency={row.uuid}" not in log_in(world.worker).get(page).content.decode()


@pytest.mark.django_db
def test_an_open_confirmed_incident_is_a_fact_the_subsidy_reads(world):
    patient, other, today = world.patient(), world.patient(), timezone.localdate()
    row = report(patient, world.worker)
    report(other, world.worker)
    with scope(world.county_office):
        confirm_incident(incident=row, source="1", by=world.county_office)
        assert subsidy_holds([patient, other], today) == {patient.pk: timezone.localdate(row.happened_at)}
