"""Off the list: a coded reason, a day to try again, and the tally that the supervisor sees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from followup.models import Window
from followup.queries.window_lists import tallies
from followup.rules.dates import add_months
from followup.services.off_list import take_off_list
from followup.services.refusals import VisitRefused
from followup.services.windows import rebuild_windows
from registry.models import Patient
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db


def take_off(patient, by, reason="away", words="", again=5):
    with scope(by):
        return take_off_list(patient=patient, reason=reason, words=words, again_on=days_ago(-again), by=by)


@pytest.fixture
def overdue(world):
    return world.patient(opened_on=days_ago(30))


def test_the_window_is_excused_and_the_list_waits_until_the_day(world, overdue):
    take_off(overdue, world.worker)
    with scope(world.worker):
        rows = Window.objects.filter(patient=overdue).order_by("opened_on").values_list("outcome", "excuse", "due_on")
        assert list(rows) == [("excused", "away", days_ago(16)), ("", "", days_ago(-5))]
        now = Patient.objects.get(pk=overdue.pk)
        assert (now.next_due_on, now.due_reason) == (days_ago(-5), "移出名单后再联系")
    with scope(counties=[world.county.pk]):
        assert rebuild_windows(check=True) == []


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"reason": ""}, "reason", "请选择"),
        ({"reason": "lost"}, "reason", "请选择"),
        ({"reason": "other"}, "words", "请写明"),
        ({"again": 0}, "again_on", "晚于今天"),
        ({"again": 15}, "again_on", "最晚是"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(world, overdue, facts, field, words):
    with pytest.raises(VisitRefused, match=words) as refusal:
        take_off(overdue, world.worker, **facts)
    assert refusal.value.problems[0].field == field


@pytest.mark.parametrize(("level", "extra", "latest"), [(3, {}, 14), (1, {}, 30)])
def test_the_last_day_is_that_of_the_last_class(world, record, level, extra, latest):
    patient = world.patient(opened_on=days_ago(60))
    record(patient, world.worker, days_ago(20), level=level, basis="在街上砸东西", **extra)
    today = timezone.localdate()
    last = today + timedelta(days=14) if level == 3 else add_months(today, 1)
    with pytest.raises(VisitRefused, match=f"最晚是 {last}"):
        take_off(patient, world.worker, again=latest + 2)


def test_who_is_not_due_cannot_be_taken_off(world, record):
    patient = world.patient(opened_on=days_ago(30))
    record(patient, world.worker, days_ago(1))
    with pytest.raises(Refused, match="不在到期名单上"):
        take_off(patient, world.worker)


def test_once_a_day(world, overdue):
    take_off(overdue, world.worker, again=2)
    with pytest.raises(Refused, match="今天已经移出过"):
        take_off(overdue, world.worker)


@pytest.mark.parametrize("who", ["leader", "stranger", "police"])
def test_who_does_not_visit_takes_nobody_off(world, overdue, who):
    with pytest.raises((Denied, Refused)):
        take_off(overdue, getattr(world, who))


def test_the_county_sees_the_tally_of_each_township_and_a_township_its_own(world, overdue):
    take_off(overdue, world.worker)
    world.patient("990001101201", opened_on=days_ago(15))
    with scope(counties=[world.county.pk]):
        from followup.services.windows import sweep_passed

        sweep_passed()
    since, today = days_ago(200), timezone.localdate()
    with scope(world.county_office):
        seen = [(t.name, t.missed, t.excused, t.taken_off) for t in tallies(world.county_office, since, today)]
    assert seen == [("西镇", 1, 0, ()), ("东街道", 0, 1, (("外出", 1),))]
    with scope(world.leader):
        assert [t.name for t in tallies(world.leader, since, today)] == ["东街道"]


def test_the_pages(world, overdue, log_in):
    client = log_in(world.worker)
    here = reverse("followup:off_list", args=[overdue.uuid])
    assert client.post(here, {"reason": "other", "again_on": ""}).status_code == 400
    assert client.post(here, {"reason": "away", "again_on": days_ago(-3).isoformat()}).status_code == 302
    page = client.get(reverse("followup:windows") + "?kind=excused").content.decode()
    assert "外出 1" in page
    assert overdue.name in page
    tab = client.get(reverse("followup:patient_tab", args=[overdue.uuid])).content.decode()
    assert "有原因未访" in tab
    assert "移出后再约" in tab
