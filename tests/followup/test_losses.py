"""From tries to 失访: the question with its evidence, the person's decision, and what it sets in motion."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.rules.day_words import long_day
from accounts.scope import scope
from followup.models import Visit
from followup.queries.tries import try_lines
from followup.services.attempts import record_missed
from followup.services.losses import decide_lost
from followup.services.refusals import VisitRefused
from followup.signals import patient_lost
from registry.models import Patient
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db


def missed(patient, by, *days, reason="1"):
    with scope(by):
        for n in days:
            record_missed(patient=patient, on=days_ago(n), reason=reason, form_id=uuid4(), by=by)


def decide(patient, by, reason="4", words="", form_id=None):
    with scope(by):
        return decide_lost(patient=patient, reason=reason, words=words, form="2", form_id=form_id or uuid4(), by=by)


@pytest.fixture
def heard():
    told = []

    def hear(sender, **facts):
        told.append((facts["reason"], facts["on"]))

    patient_lost.connect(hear)
    yield told
    patient_lost.disconnect(hear)


def lines(user):
    with scope(user):
        return [(line.verb, line.why, line.due_on) for line in try_lines(user, timezone.localdate())]


def test_three_over_a_month_ask_who_keeps_the_file_and_a_person_decides(world, heard):
    patient = world.patient(opened_on=days_ago(60))
    missed(patient, world.worker, 40, 30, 9)
    because = "连续 3 次未访到，第一次后 10 天再访，前后 31 天，超过一个月。请判定是否失访"
    assert lines(world.worker) == [("判定失访", because, days_ago(9))]
    decide(patient, world.worker)
    assert heard == [("4", timezone.localdate())]
    with scope(world.worker):
        assert Patient.objects.get(pk=patient.pk).status == "lost"
        assert Visit.objects.get(patient=patient).lost_reason == "4"
    assert lines(world.worker) == []


def test_reason_4_needs_the_three_tries(world, heard):
    patient = world.patient(opened_on=days_ago(60))
    missed(patient, world.worker, 39, 30, 9)
    with pytest.raises(VisitRefused, match="还没有连续三次"):
        decide(patient, world.worker)
    assert heard == []


@pytest.mark.parametrize("reason", ["1", "2", "3"])
def test_a_reason_of_its_own_needs_no_tries(world, heard, reason):
    decide(world.patient(), world.worker, reason)
    assert heard == [(reason, timezone.localdate())]


def test_other_needs_words(world):
    with pytest.raises(VisitRefused, match="请写明"):
        decide(world.patient(), world.worker, "5")


def test_the_same_form_again_and_a_second_decision(world, heard):
    patient, form_id = world.patient(), uuid4()
    decide(patient, world.worker, "3", form_id=form_id)
    assert not decide(patient, world.worker, "3", form_id=form_id).created
    with pytest.raises(Refused, match="已经登记为失访"):
        decide(patient, world.worker, "3")
    assert len(heard) == 1


@pytest.mark.parametrize("who", ["village_doctor", "leader", "psychiatrist"])
def test_only_who_keeps_the_file_decides(world, who):
    with pytest.raises(Denied):
        decide(world.patient(), getattr(world, who), "3")


def test_a_try_before_the_due_day_is_a_line_of_its_own(world, record):
    patient = world.patient(opened_on=days_ago(60))
    record(patient, world.worker, days_ago(50))
    missed(patient, world.village_doctor, 3)
    again = days_ago(3) + timedelta(days=14)
    assert lines(world.village_doctor) == [
        ("再访", f"{long_day(days_ago(3))} 第 1 次未访到，{long_day(again)} 前再访", again)
    ]


def test_who_is_on_the_list_anyway_is_not_counted_twice(world):
    patient = world.patient(opened_on=days_ago(60))
    missed(patient, world.worker, 3)
    assert lines(world.worker) == []


def test_the_page_shows_the_evidence_and_takes_the_decision(world, log_in):
    patient = world.patient(opened_on=days_ago(60))
    missed(patient, world.worker, 40, 30, 9)
    client, here = log_in(world.worker), reverse("followup:loss", args=[patient.uuid])
    page = client.get(here).content.decode()
    assert f"{days_ago(40):%Y-%m-%d} 家中无人" in page
    assert "前后 31 天" in page
    answer = client.post(here, {"reason": "5", "words": "", "form": "2", "form_id": str(uuid4())})
    assert answer.status_code == 400
    assert "请写明是什么情况" in answer.content.decode()
    assert client.post(here, {"reason": "4", "form": "2", "form_id": str(uuid4())}).status_code == 302
