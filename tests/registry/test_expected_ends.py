"""A stay in custody or a journey was expected to be over: the township is asked, from that day on until it says otherwise."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from registry.models import Notice, Patient, PatientStatus, TemporaryFile
from registry.queries.expected import work_lines
from registry.rules.status_details import StatusDetails
from registry.services.away import register_away
from registry.services.expected_ends import extend_expected_end
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
    assert [lines(world.worker, days) for days in (4, 5, 36, 400)] == [
        [], [("更改状态", end)], [("更改状态", end)], [("更改状态", end)],
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


def extend(world, patient, until, because="加刑，看守所告知", by=None):
    by = by or world.worker
    with scope(by):
        return extend_expected_end(patient=patient, until=until, because=because, by=by)


@pytest.fixture
def held(world, ran):
    with scope(world.worker):
        details = StatusDetails("held_pri", "某监狱", until=ago(2))
        set_status(patient=ran, value="detained", on=ago(20), by=world.worker, reason="服刑", details=details)
        return Patient.objects.get(pk=ran.pk)


def test_a_custody_that_lasts_longer_gets_a_new_day_and_keeps_its_beginning(world, held):
    assert lines(world.worker) == [("更改状态", ago(2))]
    extend(world, held, ago(-40))
    assert [lines(world.worker, days) for days in (0, 39, 40)] == [[], [], [("更改状态", ago(-40))]]
    with scope(world.worker):
        row = PatientStatus.objects.filter(patient=held).order_by("-starts_on")[0]
    assert (row.value, row.starts_on, row.expected_until) == ("detained", ago(20), ago(-40))
    assert row.reason == f"服刑；{ago(0)} 预计结束由 {ago(2)} 改为 {ago(-40)}：加刑，看守所告知"


def test_a_longer_journey_is_told_to_where_the_temporary_file_is(world, ran):
    with scope(world.worker):
        register_away(patient=ran, on=ago(3), until=ago(-40), to_township=world.town_b, by=world.worker)
    extend(world, Patient(pk=ran.pk), ago(-90), "工期延长")
    with scope(world.worker):
        assert TemporaryFile.objects.get().expected_until == ago(-90)
    with scope(world.worker_b):
        told = [notice.words for notice in Notice.objects.order_by("pk")]
    assert told[-1].endswith(f"的预计返回日期改为 {ago(-90)}：工期延长")
    assert lines(world.worker, 40) == []


@pytest.mark.parametrize(
    ("until", "because", "sentence"),
    [
        pytest.param(0, "加刑", "要晚于今天", id="today"),
        pytest.param(-9, "", "请写明为什么改", id="no-reason"),
        pytest.param(None, "加刑", "没有预计结束日期", id="at-home"),
    ],
)
def test_what_cannot_be_an_end_is_refused(world, held, until, because, sentence):
    if until is None:
        with scope(world.worker):
            set_status(patient=held, value="managed", on=ago(0), by=world.worker)
    with pytest.raises(Refused, match=sentence):
        extend(world, held, ago(until if until is not None else -9), because)


def test_who_may_not_edit_extends_nothing_and_the_page_leads_there(world, log_in, held):
    with pytest.raises(Denied):
        extend(world, held, ago(-9), by=world.village_doctor)
    page, client = reverse("registry:status_until", args=[held.uuid]), log_in(world.worker)
    for name in ("registry:patient", "registry:patient_status"):
        assert page in client.get(reverse(name, args=[held.uuid])).content.decode()
    assert client.post(page, {"until": ago(-9).isoformat(), "because": ""}).status_code == 400
    client.post(page, {"until": ago(-9).isoformat(), "because": "加刑"})
    assert lines(world.worker) == []
