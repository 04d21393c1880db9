"""A second record of one day, and a death before somebody was met: asked once, in words, and never refused."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.scope import scope
from followup.models import Visit
from tests.followup.conftest import days_ago
from tests.followup.test_pages import filled, new, only, text_of

pytestmark = pytest.mark.django_db


def test_a_second_record_of_the_day_is_asked_about_once(world, log_in, record):
    """Back, or a second tab: the form was even opened after the first was saved, and its way is another."""
    patient, client = world.patient(), log_in(world.worker)
    first = record(patient, world.village_doctor, level=1, insight=2).visit
    client.get(new(patient))
    second = filled(form="1")
    told = client.post(new(patient), second)
    words = text_of(told)
    assert (told.status_code, only(patient, world).version) == (409, 1)
    assert f"{world.village_doctor.display_name} " in words
    assert all(said in words for said in ("的随访：家庭访视，1 级，基本稳定。", "更正那一条", "仍要另记一条"))
    page = told.content.decode()
    assert reverse("followup:visit_correct", args=[first.root.uuid]) in page
    assert re.search(r'name="level" value="1"[^>]* checked', page)  # nothing typed is lost
    again = re.search(r'name="again" value="([^"]+)">仍要', page)[1]
    assert client.post(new(patient), {**second, "again": ["", again]}).status_code == 302
    assert client.post(new(patient), second).status_code == 302  # the form of a saved record asks nothing
    with scope(world.worker):
        assert Visit.objects.filter(patient=patient).count() == 2


def test_pressing_save_again_is_no_answer_and_a_third_record_is_asked_about_anew(world, log_in, record):
    patient, client = world.patient(), log_in(world.worker)
    record(patient, world.worker)
    second = filled()
    again = re.search(r'name="again" value="([^"]+)">仍要', client.post(new(patient), second).content.decode())[1]
    assert client.post(new(patient), second).status_code == 409
    wrong = client.post(new(patient), {**second, "again": again, "level": ""})  # the answer stays on the page
    assert (wrong.status_code, f'name="again" value="{again}"' in wrong.content.decode()) == (400, True)
    record(patient, world.village_doctor)
    assert client.post(new(patient), {**second, "again": again}).status_code == 409
    with scope(world.worker):
        assert Visit.objects.filter(patient=patient).count() == 2


def test_a_death_before_a_later_record_is_asked_about_and_never_refused(world, log_in, record):
    patient, client = world.patient(opened_on=days_ago(30)), log_in(world.worker)
    record(patient, world.village_doctor, days_ago(3), level=1, insight=2)
    died = {"visited_on": days_ago(0).isoformat(), "form": "3", "form_id": str(uuid4()), "death_cause": "1",
            "died_on": days_ago(5).isoformat()}  # fmt: skip
    told = client.post(new(patient), died)
    assert told.status_code == 409
    assert f"填写的死亡日期 {days_ago(5):%Y-%m-%d} 之后还有随访记录" in told.content.decode()
    assert world.village_doctor.display_name in told.content.decode()
    sure = {**died, "died_sure": days_ago(5).isoformat()}
    assert client.post(new(patient), {**sure, "died_on": days_ago(4).isoformat()}).status_code == 409  # another day
    assert client.post(new(patient), sure).status_code == 302
    with scope(world.worker):
        patient.refresh_from_db()
    assert patient.closed_on == days_ago(5)


def test_a_record_of_another_day_is_not_asked_about(world, log_in, record):
    patient, client = world.patient(opened_on=days_ago(20)), log_in(world.worker)
    record(patient, world.worker, days_ago(3))
    assert client.post(new(patient), filled(visited_on=days_ago(4).isoformat())).status_code == 302
    assert client.post(new(patient), filled()).status_code == 302
