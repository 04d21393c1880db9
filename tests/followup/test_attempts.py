"""未访到: a fact with a reason, and what follows from several."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.refusals import Denied
from accounts.scope import scope
from followup.models import Attempt, Visit
from followup.rules.attempts import tries
from followup.rules.policy import CarePolicy
from followup.services.attempts import AttemptRefused, record_missed
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
