"""未访到: a fact with a reason, and what follows from several."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from followup.models import Attempt, Visit
from followup.queries.tries import prompt_for, try_lines
from followup.rules.attempts import tries
from followup.rules.policy import CarePolicy
from followup.services.attempts import AttemptRefused, record_missed, strike_attempt
from registry.models import Patient
from tests.followup.conftest import days_ago

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("days", "number", "lost"),
    [
        ((0,), 1, False),
        ((0, 14), 2, False),
        ((0, 14, 30), 3, False),
        ((0, 14, 31), 3, True),
        ((0, 40), 2, False),
    ],
)
def test_three_tries_over_more_than_a_month_look_lost(days, number, lost):
    found = tries([DAY + timedelta(days=n) for n in days], CarePolicy())
    last = DAY + timedelta(days=days[-1])
    assert (found.number, found.last_on, found.again_by, found.looks_lost) == (
        number, last, last + timedelta(days=14), lost,
    )  # fmt: skip


def missed(patient, by, on=None, reason="1", form_id=None):
    with scope(by):
        return record_missed(patient=patient, on=on or days_ago(0), reason=reason, form_id=form_id or uuid4(), by=by)


@pytest.mark.django_db
def test_a_try_is_written_and_moves_no_date(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(60), level=1)
    found = missed(patient, world.worker)
    with scope(world.worker):
        row = Patient.objects.get(pk=patient.pk)
        assert (row.next_due_on, row.last_visit_on) == (days_ago(46), days_ago(60))
        assert (Attempt.objects.count(), Visit.objects.count()) == (1, 1)
    assert (found.number, found.again_by) == (1, days_ago(-14))


@pytest.mark.django_db
def test_tries_are_counted_since_the_last_record(world, record):
    patient = world.patient()
    missed(patient, world.worker, days_ago(50))
    record(patient, world.worker, days_ago(40))
    missed(patient, world.worker, days_ago(35))
    missed(patient, world.worker, days_ago(21))
    assert missed(patient, world.worker, days_ago(2)).looks_lost


@pytest.mark.django_db
def test_the_same_form_again_writes_nothing(world):
    patient, form_id = world.patient(), uuid4()
    missed(patient, world.worker, form_id=form_id)
    assert missed(patient, world.worker, form_id=form_id).number == 1
    with scope(world.worker):
        assert Attempt.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "reason"), [(-1, "1"), (0, "9")])
def test_a_wrong_try_is_refused(world, ago, reason):
    with pytest.raises(AttemptRefused):
        missed(world.patient(), world.worker, days_ago(ago), reason)


@pytest.mark.django_db
def test_a_closed_file_takes_no_try(world):
    with pytest.raises(AttemptRefused):
        missed(world.patient(closed_on=days_ago(9), status="dead"), world.worker, days_ago(9))


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["leader", "stranger", "police"])
def test_who_may_not_record_a_try_is_denied(world, who):
    with pytest.raises(Denied):
        missed(world.patient(), getattr(world, who))


def struck(attempt, by, because="记在了别人名下"):
    with scope(by):
        strike_attempt(attempt=attempt, because=because, by=by)


def lost_by_three(world):
    """Three tries over more than a month, the middle one of somebody else."""
    patient = world.patient(opened_on=days_ago(60))
    for ago in (40, 30, 2):
        missed(patient, world.worker, days_ago(ago))
    with scope(world.worker):
        return patient, Attempt.objects.order_by("attempted_on")[1]


@pytest.mark.django_db
def test_a_struck_try_counts_no_longer(world):
    patient, wrong = lost_by_three(world)
    today = days_ago(0)
    with scope(world.worker):
        assert prompt_for(patient, CarePolicy()) is not None
        assert [item.verb for item in try_lines(world.worker, today)] == ["判定失访"]
    struck(wrong, world.worker)
    with scope(world.worker):
        assert prompt_for(patient, CarePolicy()) is None
        assert Attempt.objects.count() == 3  # nothing is removed
    assert missed(patient, world.worker).number == 3  # two that stand, and today's


@pytest.mark.django_db
def test_a_try_is_struck_once_with_a_reason_by_who_may_correct(world):
    _patient, wrong = lost_by_three(world)
    with pytest.raises(Refused, match="请写明作废的原因"):
        struck(wrong, world.worker, "")
    with pytest.raises(Denied):
        struck(wrong, world.leader)
    struck(wrong, world.worker)
    with pytest.raises(Refused, match="已经作废"):
        struck(wrong, world.worker)


@pytest.mark.django_db
def test_the_page_strikes_and_still_shows_the_try(world, log_in):
    patient, wrong = lost_by_three(world)
    client, tab = log_in(world.worker), reverse("followup:patient_tab", args=[patient.uuid])
    page = reverse("followup:attempt_strike", args=[wrong.uuid])
    assert page in client.get(tab).content.decode()
    assert client.post(page, {"because": ""}).status_code == 400
    done = client.post(page, {"because": "记在了别人名下"}, follow=True).content.decode()
    assert page not in done
    assert "未访到（已作废，不计算）" in done
    assert "作废：记在了别人名下" in done
    listed = client.get(reverse("followup:worklist")).content.decode()
    assert "未访到 2 次" in listed
    assert log_in(world.stranger).get(page).status_code == 404
