"""Admission and discharge: the episode, the dated status and the first visit move together."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from followup.services.visits import record_visit
from registry.models import Admission, Patient, PatientStatus
from registry.queries.asof import registered_on
from registry.services.admissions import admit, discharge, record_stay
from registry.services.refusals import DayRefused
from registry.services.status import close_patient, set_status
from tests.followup.conftest import good

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def now(patient):
    return Patient.objects.get(pk=patient.pk)


@pytest.fixture
def ran(world, ran):
    """Seen a month ago and stable: the next visit is due in two months."""
    with scope(world.worker):
        record_visit(patient=ran, facts=good(ago(31)), form_id=uuid4(), by=world.worker)
    return ran


def statuses(patient):
    return list(PatientStatus.objects.filter(patient=patient).order_by("starts_on").values_list("starts_on", "value"))


def test_admission_writes_the_status_and_discharge_makes_the_first_visit_due(world, ran):
    with scope(world.worker):
        row = admit(patient=ran, on=ago(30), by=world.worker, hospital_name="市第三医院", kind="item_1")
        assert (now(ran).status, row.place) == ("admitted", "市第三医院")
        discharge(patient=ran, on=ago(2), by=world.worker, kind="doctor")
        after = now(ran)
        assert (after.status, after.next_due_on, after.due_reason) == ("managed", ago(-12), "出院后两周内随访")
        assert statuses(ran)[1:] == [(ago(30), "admitted"), (ago(2), "managed")]
        assert registered_on(Patient.objects.all(), ago(10)).get().status_then == "admitted"


def test_a_visit_that_was_overdue_before_the_stay_stays_overdue(world):
    never_seen = world.patient(opened_on=ago(54))
    with scope(world.worker):
        admit(patient=never_seen, on=ago(30), by=world.worker, hospital_name="市第三医院")
        discharge(patient=never_seen, on=ago(2), by=world.worker)
        assert now(never_seen).next_due_on == ago(40)


def test_two_stays_of_a_person_never_overlap(world, ran):
    with scope(world.worker):
        admit(patient=ran, on=ago(30), by=world.worker, hospital_name="甲医院")
        with pytest.raises(DayRefused, match="还没有登记出院") as refusal:
            admit(patient=ran, on=ago(3), by=world.worker, hospital_name="乙医院")
        assert refusal.value.field == "admitted_on"
        with pytest.raises(DatabaseError), transaction.atomic():  # also for whoever writes past the service
            Admission.objects.create(patient=ran, admitted_on=ago(20), discharged_on=ago(10), hospital_name="丙")


def test_a_stay_ends_by_its_discharge_and_not_by_a_status(world, ran):
    with scope(world.worker):
        admit(patient=ran, on=ago(30), by=world.worker, hospital_name="甲医院")
        with pytest.raises(Refused, match="登记出院"):
            set_status(patient=ran, value="managed", on=ago(1), by=world.worker)


def test_death_ends_the_stay(world, ran):
    with scope(world.worker):
        admit(patient=ran, on=ago(30), by=world.worker, hospital_name="甲医院")
        close_patient(patient=ran, value="dead", on=ago(5), by=world.worker, reason="医院告知", death_cause="1")
        row = Admission.objects.get()
        assert (row.discharged_on, row.discharge_kind) == (ago(5), "file_ended")


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    (
        ({"on": -1}, "admitted_on", "不能晚于今天"),
        ({"on": 10, "hospital_name": ""}, "hospital_name", "写明医院名称"),
        ({"on": 9999}, "admitted_on", "不能早于"),
    ),
)
def test_what_cannot_be_is_refused_beside_its_field(world, ran, facts, field, words):
    facts = {"hospital_name": "甲医院", **facts}
    with scope(world.worker), pytest.raises(Refused, match=words) as refusal:
        admit(patient=ran, by=world.worker, **{**facts, "on": ago(facts["on"])})
    assert refusal.value.field == field


def test_a_discharge_needs_a_running_stay_and_comes_after_the_admission(world, ran):
    with scope(world.worker):
        with pytest.raises(Refused, match="没有正在进行的住院"):
            discharge(patient=ran, on=ago(1), by=world.worker)
        admit(patient=ran, on=ago(3), by=world.worker, hospital_name="甲医院")
        with pytest.raises(DayRefused, match="不能早于入院日期"):
            discharge(patient=ran, on=ago(4), by=world.worker)


def test_a_stay_told_afterwards_ends_the_running_one_or_becomes_a_past_one(world, ran):
    with scope(world.worker):
        admit(patient=ran, on=ago(30), by=world.worker, hospital_name="甲医院")
        told = {"patient": ran, "by": world.worker, "hospital_name": "甲医院", "source": "notice"}
        same = record_stay(**told, admitted_on=ago(31), discharged_on=ago(3))
        assert (Admission.objects.count(), same.discharged_on, now(ran).status) == (1, ago(3), "managed")
        record_stay(**told, admitted_on=ago(90), discharged_on=ago(80))
        assert Admission.objects.count() == 2
        assert statuses(ran)[1:] == [(ago(30), "admitted"), (ago(3), "managed")]  # history is not rewritten


def test_a_past_stay_with_nothing_after_it_writes_both_statuses(world, ran):
    with scope(world.worker):
        record_stay(
            patient=ran, by=world.worker, admitted_on=ago(20), discharged_on=ago(3), hospital_name="甲医院"
        )  # fmt: skip
        assert statuses(ran)[1:] == [(ago(20), "admitted"), (ago(3), "managed")]
        assert now(ran).next_due_on == ago(-11)


def test_who_may_not_keep_the_file_admits_nobody(world, ran):
    with scope(world.village_doctor), pytest.raises(Denied):
        admit(patient=ran, on=ago(3), by=world.village_doctor, hospital_name="甲医院")
    with scope(world.worker_b), pytest.raises(NotHere):
        admit(patient=ran, on=ago(3), by=world.worker_b, hospital_name="甲医院")
